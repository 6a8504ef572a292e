// Patella plugin SDK: hosts for the tests of a plugin. They keep what the plugin says, in virtual time; no kiosk, no
// device, no test framework needed. Not for use inside a plugin.
//
//   patella::testing::DeviceBench<MyDriver> bench;           patella::testing::ModuleBench<MyModule> bench;
//   bench.connect();                                         bench.action(PATELLA_ACTION_START);
//   bench.receive("12.5\n");                                 bench.run(10, [](double t_s) { return 60.0; });
//   bench.samples[0].value == 12.5                           bench.events.back().kind == PATELLA_EVENT_DONE
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sdk.hpp"

namespace patella::testing {

/// What is wrong with a text that a person reads ("messages" in plugin.h); "" = nothing. A kiosk shows one with a fault as it
/// stands, braces and all.
inline std::string message_fault(std::string_view text) {
  const auto digits = [](std::string_view& rest) {
    std::size_t count = 0;
    while (count < rest.size() && rest[count] >= '0' && rest[count] <= '9') ++count;
    rest.remove_prefix(count);
    return count;
  };
  const auto number = [&](std::string_view rest) {  // "-1.5 N", "12"
    if (rest.starts_with('-')) rest.remove_prefix(1);
    if (digits(rest) == 0) return false;
    if (rest.starts_with('.') && (rest.remove_prefix(1), digits(rest) == 0)) return false;
    return rest.empty() || (rest.size() > 1 && rest[0] == ' ');
  };
  const auto duration = [&](std::string_view rest) {  // "0:30", "1:02:05"
    if (digits(rest) == 0) return false;
    for (int parts = 0; parts < 2 && rest.starts_with(':'); ++parts) {
      rest.remove_prefix(1);
      if (digits(rest) != 2) return false;
      if (rest.empty()) return true;
    }
    return false;
  };
  const auto phrase = [](std::string_view one) {  // "{0} sets"
    const std::size_t at = one.find("{0}");
    if (at == one.npos) return false;
    const std::string around = std::string(one.substr(0, at)) + std::string(one.substr(at + 3));
    return around.find_first_of("{}|\n") == around.npos;
  };
  const auto counted = [&](std::string_view rest) {  // "3|{0} set|{0} sets"
    if (rest.starts_with('-')) rest.remove_prefix(1);
    if (digits(rest) == 0 || !rest.starts_with('|')) return false;
    const std::size_t second = rest.find('|', 1);
    return second != rest.npos && phrase(rest.substr(1, second - 1)) && phrase(rest.substr(second + 1));
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '}') return "a brace that opens no argument";
    if (text[i] != '{') continue;
    std::size_t end = i + 1;
    if (end < text.size() && (text[end] == '\'' || text[end] == '"')) {
      const char quote = text[end];
      const std::string twice(2, quote), last{quote, '}'};
      for (++end; end < text.size() && (text[end] != quote || text.substr(end, 2) == twice);) end += text[end] == quote ? 2 : 1;
      if (text.substr(end, 2) != last || text.substr(i, end - i).find('\n') != text.npos) return "a name that does not end";
      i = end + 1;
      continue;
    }
    for (int depth = 0; end < text.size() && (text[end] != '}' || depth > 0); ++end)
      depth += text[end] == '{' ? 1 : text[end] == '}' ? -1 : 0;
    if (end >= text.size()) return "an argument that does not end";
    const std::string_view body = text.substr(i + 1, end - i - 1);
    if (!number(body) && !duration(body) && !counted(body)) return "no argument: {" + std::string(body) + "}";
    i = end;
  }
  return {};
}

/// The values a plugin is created with, from its declarations and with what the test wants otherwise.
inline std::vector<patella_value> preset_values(std::span<const patella_param> params,
                                                const std::map<std::string_view, double>& other = {}) {
  std::vector<patella_value> values;
  for (const patella_param& param : params) {
    if (param.type == PATELLA_PARAM_ROWS) {
      values.insert(values.end(), param.default_rows, param.default_rows + param.default_row_value_count);
      continue;
    }
    const auto wanted = other.find(param.key);
    const char* text = param.type == PATELLA_PARAM_TEXT ? "" : nullptr;
    values.push_back({param.key, -1, wanted == other.end() ? param.default_value : wanted->second, text});
  }
  return values;
}

/// A driver with its device plugged in by connect(). Time passes by advance_s() only.
template <class Driver>
class DeviceBench {
 public:
  struct Sample {
    uint32_t channel;
    int64_t t_us;
    double value;
  };
  explicit DeviceBench(const std::vector<patella_value>& values = {}) {
    self_ = glue::kTable.create(&host_, values.data(), static_cast<uint32_t>(values.size()));
  }
  ~DeviceBench() {
    if (self_) glue::kTable.destroy(self_);
  }
  DeviceBench(const DeviceBench&) = delete;
  DeviceBench& operator=(const DeviceBench&) = delete;

  void connect(const patella_device_identity& identity = {sizeof(patella_device_identity), 0, 0, "", "", "", "", 64, 64}) {
    glue::kTable.connected(self_, &identity, now_us);
  }
  void receive(std::string_view bytes) {
    glue::kTable.received(self_, reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<uint32_t>(bytes.size()), now_us);
  }
  /// Lets time pass; ticks come when the driver asked for them.
  void advance_s(double seconds) {
    const int64_t until_us = now_us + static_cast<int64_t>(seconds * 1e6);
    while (deadline_us <= until_us) {
      now_us = deadline_us > now_us ? deadline_us : now_us;
      deadline_us = sdk::kNever;
      glue::kTable.tick(self_, now_us);
    }
    now_us = until_us;
  }
  bool command(const char* name, double argument = 0) { return glue::kTable.command(self_, name, argument, now_us) == 0; }
  void disconnect(uint32_t reason = PATELLA_DISCONNECT_UNPLUGGED) { glue::kTable.disconnected(self_, reason, now_us); }
  bool created() const { return self_ != nullptr; }

  int64_t now_us = 1'000'000;
  int64_t deadline_us = sdk::kNever;
  std::vector<Sample> samples;
  std::vector<std::string> written, done;  ///< done: "tare ok", "tare failed"
  std::vector<std::pair<uint32_t, std::string>> states, logged;

 private:
  using glue = sdk::DeviceGlue<Driver>;
  static DeviceBench& of(void* ctx) { return *static_cast<DeviceBench*>(ctx); }
  patella_device_host host_ = {
      sizeof(patella_device_host),
      this,
      [](void* ctx, const uint8_t* data, uint32_t length) -> int32_t {
        of(ctx).written.emplace_back(reinterpret_cast<const char*>(data), length);
        return 0;
      },
      [](void*, uint32_t, uint8_t, uint8_t, uint16_t, uint16_t, const uint8_t*, uint16_t) -> int32_t { return 0; },
      [](void* ctx, uint32_t channel, int64_t t_us, double value) {
        of(ctx).samples.push_back({channel, t_us, value});
      },
      [](void* ctx, int64_t t_us) { of(ctx).deadline_us = t_us; },
      [](void* ctx, uint32_t state, const char* text) { of(ctx).states.emplace_back(state, text); },
      [](void* ctx, const char* command, int32_t ok, const char*) {
        of(ctx).done.push_back(std::string(command) + (ok ? " ok" : " failed"));
      },
      [](void* ctx, uint32_t level, const char* text) { of(ctx).logged.emplace_back(level, text); }};
  void* self_ = nullptr;
};

/// A module, fed like a station does it: ticks every 50 ms, samples between them.
template <class Module>
class ModuleBench {
 public:
  explicit ModuleBench(const std::vector<patella_value>& values = {}, uint32_t present = ~0u) {
    self_ = glue::kTable.create(&host_, values.data(), static_cast<uint32_t>(values.size()), present);
  }
  ~ModuleBench() {
    if (self_) glue::kTable.destroy(self_);
  }
  ModuleBench(const ModuleBench&) = delete;
  ModuleBench& operator=(const ModuleBench&) = delete;

  void action(patella_action action) { glue::kTable.on_action(self_, static_cast<uint32_t>(action), now_us); }
  void gap(uint32_t channel, bool lost) { glue::kTable.on_gap(self_, channel, lost ? 1 : 0, now_us); }
  void sample(uint32_t channel, double value) {
    const patella_sample one{now_us, value, channel, 0};
    glue::kTable.on_samples(self_, &one, 1);
  }
  /// Lets time pass with 100 samples a second on channel 0: signal(t) with t in seconds since the beginning of this run.
  template <class Signal>
  void run(double seconds, Signal&& signal) {
    const int64_t from_us = now_us, until_us = now_us + static_cast<int64_t>(seconds * 1e6);
    while (now_us < until_us) {
      if (now_us % PATELLA_TICK_US == 0) glue::kTable.on_tick(self_, now_us);
      sample(0, signal(static_cast<double>(now_us - from_us) * 1e-6));
      now_us += 10'000;
    }
  }
  patella_view view() {
    patella_view view{};
    view.size = sizeof view;
    glue::kTable.fill_view(self_, &view);
    return view;
  }
  bool created() const { return self_ != nullptr; }

  int64_t now_us = 0;
  std::vector<patella_event> events;
  std::map<std::string, double> metrics;
  std::vector<std::pair<uint32_t, std::string>> cues, logged;

 private:
  using glue = sdk::ExerciseGlue<Module>;
  static ModuleBench& of(void* ctx) { return *static_cast<ModuleBench*>(ctx); }
  patella_exercise_host host_ = {
      sizeof(patella_exercise_host),
      this,
      [](void* ctx, const patella_event* event) { of(ctx).events.push_back(*event); },
      [](void* ctx, const char* key, const char*, double value) { of(ctx).metrics[key] = value; },
      [](void* ctx, uint32_t cue, const char* text) { of(ctx).cues.emplace_back(cue, text); },
      [](void* ctx) -> uint64_t { return of(ctx).random_ = of(ctx).random_ * 6364136223846793005u + 1442695040888963407u; },
      [](void* ctx, uint32_t level, const char* text) { of(ctx).logged.emplace_back(level, text); }};
  uint64_t random_ = 1;
  void* self_ = nullptr;
};

}  // namespace patella::testing
