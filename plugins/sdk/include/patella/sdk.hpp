// Patella plugin SDK: the C++20 face of plugin.h, device.h and exercise.h. Header-only.
//
// A driver is a class with the members that DeviceGlue calls, a module one with those that ExerciseGlue calls;
// PATELLA_DRIVER / PATELLA_EXERCISE export it. Exceptions end here: one that leaves the class is logged, the
// call is abandoned, and the next call goes on. See plugins/template and devices/template for whole examples.
#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <exception>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "device.h"
#include "exercise.h"
#include "plugin.h"
#include "view.h"

namespace patella::sdk {

inline constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
inline constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

/// Copies text into a fixed field of a table, cut before a character that does not fit whole. Always ends in NUL.
template <std::size_t N>
void put_text(char (&field)[N], std::string_view text) {
  std::size_t length = text.size() < N - 1 ? text.size() : N - 1;
  if (length < text.size())
    while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0u) == 0x80u) --length;
  std::memset(field, 0, N);
  std::memcpy(field, text.data(), length);
}

// ---- texts that a person reads: "messages" in plugin.h -------------------------------------------------------

/// One argument of a message, as it stands in its text: "{80 N}".
struct Argument {
  std::string braced;
};

namespace detail {
inline Argument in_quotes(std::string_view text, char quote, std::size_t max_bytes) {
  std::size_t length = text.size() < max_bytes ? text.size() : max_bytes;
  while (length < text.size() && length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0u) == 0x80u) --length;
  std::string braced = std::string("{") + quote;
  for (const char c : text.substr(0, length)) {
    if (c == quote)
      braced += std::string(2, quote);
    else
      braced += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return {braced + quote + "}"};
}
}  // namespace detail

/// Text that is shown as it is, in every language: a person's or a product's name. Longer ones are cut at a character, so
/// that the braces fit into a field of the view with the rest of the sentence.
inline Argument name(std::string_view text, std::size_t max_bytes = 200) { return detail::in_quotes(text, '\'', max_bytes); }
/// Words that a catalogue may have: of a configuration, the name of a phase. Cut as a name is.
inline Argument term(std::string_view text, std::size_t max_bytes = 200) { return detail::in_quotes(text, '"', max_bytes); }

/// A number as it is to be shown. One that is not finite becomes a dash.
inline Argument number(double value, int decimals = 0, std::string_view unit = "") {
  const std::string blank_unit = unit.empty() ? "" : " " + std::string(unit);
  if (!std::isfinite(value)) return name("\u2013" + blank_unit);
  char digits[400];
  const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed, decimals).ptr;
  std::string_view shown(digits, static_cast<std::size_t>(end - digits));
  if (shown.front() == '-' && shown.find_first_not_of("-0.") == std::string_view::npos) shown.remove_prefix(1);
  return {"{" + std::string(shown) + blank_unit + "}"};
}

/// To the nearest second; less than none is none.
inline Argument duration(double seconds) {
  const long long all = seconds > 0 && seconds < 1e9 ? static_cast<long long>(seconds + 0.5) : 0;
  char shown[32];
  if (all < 3600)
    std::snprintf(shown, sizeof shown, "{%lld:%02lld}", all / 60, all % 60);
  else
    std::snprintf(shown, sizeof shown, "{%lld:%02lld:%02lld}", all / 3600, all / 60 % 60, all % 60);
  return {shown};
}

/// An English sentence whose arguments are written {0}, {1}, … in this order: checked when it is compiled.
template <std::size_t Arguments>
struct Sentence {
  std::string_view text;
  consteval Sentence(const char* english) : text(english) {
    std::size_t next = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') throw "one message a line: join them with lines()";
      if (text[i] == '}') throw "a brace that opens no argument";
      if (text[i] != '{') continue;
      if (next > 9 || i + 2 >= text.size() || text[i + 2] != '}' || text[i + 1] != static_cast<char>('0' + next))
        throw "arguments are {0}, {1}, ... in this order";
      ++next;
      i += 2;
    }
    if (next != Arguments) throw "as many arguments as the sentence has braces";
  }
};

/// A counted phrase, for a sentence that depends on a number: counted(3, "{0} set", "{0} sets").
inline Argument counted(long long count, Sentence<1> one, Sentence<1> many) {
  return {"{" + std::to_string(count) + "|" + std::string(one.text) + "|" + std::string(many.text) + "}"};
}

/// message("Pull to {0}", number(80, 0, "N")) is "Pull to {80 N}". The sentence is a literal, which patella-plugin-texts finds.
template <class... Arguments>
std::string message(Sentence<sizeof...(Arguments)> sentence, const Arguments&... arguments) {
  const std::array<const Argument*, sizeof...(Arguments)> list{&arguments...};
  std::string text;
  for (std::size_t i = 0, next = 0; i < sentence.text.size(); ++i) {
    if (sentence.text[i] != '{') {
      text += sentence.text[i];
      continue;
    }
    text += list[next++]->braced;
    i += 2;
  }
  return text;
}

/// Several messages as one text, shown one after the other. An empty one is left out.
inline std::string lines(std::initializer_list<std::string_view> messages) {
  std::string text;
  for (const std::string_view one : messages) {
    if (!text.empty() && !one.empty()) text += '\n';
    text += one;
  }
  return text;
}

// ---- parameters ------------------------------------------------------------------------------------------

inline constexpr patella_param real_param(const char* key, const char* label, const char* unit, const char* help, double preset,
                                          double min, double max, double step = 0) {
  return {sizeof(patella_param),
          PATELLA_PARAM_REAL,
          key,
          label,
          unit,
          help,
          preset,
          min,
          max,
          step,
          nullptr,
          0,
          nullptr,
          0,
          nullptr,
          0,
          0,
          nullptr,
          nullptr};
}
inline constexpr patella_param int_param(const char* key, const char* label, const char* unit, const char* help, double preset,
                                         double min, double max) {
  return {sizeof(patella_param),
          PATELLA_PARAM_INT,
          key,
          label,
          unit,
          help,
          preset,
          min,
          max,
          1,
          nullptr,
          0,
          nullptr,
          0,
          nullptr,
          0,
          0,
          nullptr,
          nullptr};
}
inline constexpr patella_param duration_param(const char* key, const char* label, const char* help, double preset_s, double min_s,
                                              double max_s, double step_s = 1) {
  return {sizeof(patella_param),
          PATELLA_PARAM_DURATION,
          key,
          label,
          "s",
          help,
          preset_s,
          min_s,
          max_s,
          step_s,
          nullptr,
          0,
          nullptr,
          0,
          nullptr,
          0,
          0,
          nullptr,
          nullptr};
}
inline constexpr patella_param bool_param(const char* key, const char* label, const char* help, bool preset) {
  return {sizeof(patella_param),
          PATELLA_PARAM_BOOL,
          key,
          label,
          "",
          help,
          preset ? 1.0 : 0.0,
          0,
          1,
          1,
          nullptr,
          0,
          nullptr,
          0,
          nullptr,
          0,
          0,
          nullptr,
          nullptr};
}
inline constexpr patella_param text_param(const char* key, const char* label, const char* help, double longest) {
  return {sizeof(patella_param),
          PATELLA_PARAM_TEXT,
          key,
          label,
          "",
          help,
          0,
          0,
          longest,
          0,
          nullptr,
          0,
          nullptr,
          0,
          nullptr,
          0,
          0,
          nullptr,
          nullptr};
}
template <std::size_t N>
constexpr patella_param choice_param(const char* key, const char* label, const char* help, const char* const (&choices)[N],
                                     double preset) {
  return {sizeof(patella_param),
          PATELLA_PARAM_CHOICE,
          key,
          label,
          "",
          help,
          preset,
          0,
          N - 1,
          1,
          choices,
          N,
          nullptr,
          0,
          nullptr,
          0,
          0,
          nullptr,
          nullptr};
}
template <std::size_t N, std::size_t M>
constexpr patella_param rows_param(const char* key, const char* label, const char* help, double min_rows, double max_rows,
                                   const patella_param (&columns)[N], const patella_value (&preset)[M]) {
  return {sizeof(patella_param),
          PATELLA_PARAM_ROWS,
          key,
          label,
          "",
          help,
          0,
          min_rows,
          max_rows,
          1,
          nullptr,
          0,
          columns,
          N,
          preset,
          M,
          0,
          nullptr,
          nullptr};
}

// What else a parameter is: less_than(real_param("force_low_n", …), "force_high_n"), in_group(…, "Force"). @since 1.1
constexpr patella_param secret(patella_param param) {
  param.flags |= PATELLA_PARAM_SECRET;
  return param;
}
constexpr patella_param line_speed(patella_param param) {
  param.flags |= PATELLA_PARAM_LINE_SPEED;
  return param;
}
constexpr patella_param advanced(patella_param param) {
  param.flags |= PATELLA_PARAM_ADVANCED;
  return param;
}
constexpr patella_param less_than(patella_param param, const char* larger_key) {
  param.less_than = larger_key;
  return param;
}
constexpr patella_param at_most(patella_param param, const char* larger_key) {
  param.flags |= PATELLA_PARAM_OR_EQUAL;
  return less_than(param, larger_key);
}
constexpr patella_param in_group(patella_param param, const char* heading) {
  param.group = heading;
  return param;
}

/// Read access to the values a plugin was created with. Valid during create() only: copy what you need.
class Params {
 public:
  Params(const patella_value* values, uint32_t count) : values_(values, count) {}
  double real(std::string_view key, double missing = 0) const {
    const patella_value* value = find(key, -1);
    return value ? value->number : missing;
  }
  int integer(std::string_view key, int missing = 0) const {
    const patella_value* value = find(key, -1);
    return value ? static_cast<int>(std::floor(value->number + 0.5)) : missing;
  }
  bool flag(std::string_view key) const { return real(key) != 0; }
  /// A text; "" when none is set.
  std::string text(std::string_view key) const { return cell_text(key, -1); }
  /// Rows of a list parameter.
  int rows(std::string_view list) const {
    int rows = 0;
    for (const patella_value& value : values_)
      if (belongs(value.key, list) && value.row >= rows) rows = value.row + 1;
    return rows;
  }
  /// A cell; `column` is the full key, "phases.duration_s".
  double cell(std::string_view column, int row, double missing = 0) const {
    const patella_value* value = find(column, row);
    return value ? value->number : missing;
  }
  std::string cell_text(std::string_view column, int row) const {
    const patella_value* value = find(column, row);
    return value && value->text ? value->text : "";
  }

 private:
  static bool belongs(std::string_view key, std::string_view list) {
    return key.size() > list.size() && key[list.size()] == '.' && key.substr(0, list.size()) == list;
  }
  const patella_value* find(std::string_view key, int row) const {
    for (const patella_value& value : values_)
      if (value.row == row && key == value.key) return &value;
    return nullptr;
  }
  std::span<const patella_value> values_;
};

/// Runs `call`; an exception becomes one line in the log. The name says which call was abandoned.
template <class Host, class Call>
auto guarded(const Host* host, const char* name, Call&& call) noexcept -> decltype(call()) {
  using Answer = decltype(call());
  char line[160] = {};
  try {
    return call();
  } catch (const std::exception& error) {
    std::snprintf(line, sizeof line, "%s was abandoned: %s", name, error.what());
  } catch (...) {
    std::snprintf(line, sizeof line, "%s was abandoned: unknown exception", name);
  }
  if (host && host->log) host->log(host->ctx, PATELLA_LOG_ERROR, line);
  if constexpr (!std::is_void_v<Answer>) return Answer{};
}

// ---- drivers ---------------------------------------------------------------------------------------------

/// What a driver may ask of its host. Cheap to copy; valid until disconnected() returns.
class DeviceHost {
 public:
  explicit DeviceHost(const patella_device_host* host) : host_(host) {}
  bool write(std::span<const uint8_t> bytes) const {
    return host_->write(host_->ctx, bytes.data(), static_cast<uint32_t>(bytes.size())) == 0;
  }
  bool write(std::string_view text) const { return write({reinterpret_cast<const uint8_t*>(text.data()), text.size()}); }
  bool control(uint32_t tag, uint8_t type, uint8_t request, uint16_t value, uint16_t index, const uint8_t* data,
               uint16_t length) const {
    return host_->control(host_->ctx, tag, type, request, value, index, data, length) == 0;
  }
  void emit(uint32_t channel, int64_t t_us, double value) const { host_->emit(host_->ctx, channel, t_us, value); }
  void set_deadline(int64_t t_us) const { host_->set_deadline(host_->ctx, t_us); }
  void status(patella_device_state state, const std::string& text = {}) const {
    host_->status(host_->ctx, static_cast<uint32_t>(state), text.c_str());
  }
  void command_done(const std::string& command, bool ok, const std::string& text = {}) const {
    host_->command_done(host_->ctx, command.c_str(), ok ? 1 : 0, text.c_str());
  }
  void log(patella_log_level level, const std::string& text) const {
    host_->log(host_->ctx, static_cast<uint32_t>(level), text.c_str());
  }

 private:
  const patella_device_host* host_;
};

inline constexpr patella_match usb_match(int vendor, int product = -1, int interface_class = -1, int usage_page = -1) {
  return {sizeof(patella_match), vendor, product, interface_class, usage_page};
}
inline constexpr patella_channel channel(const char* key, const char* label, const char* unit, double min, double max,
                                         double nominal_rate_hz, double stale_after_s, int decimals = 0) {
  return {sizeof(patella_channel), key, label, unit, min, max, nominal_rate_hz, stale_after_s, decimals, 0};
}
inline constexpr patella_serial_settings serial_8n1(uint32_t baud, bool dtr = true) {
  return {sizeof(patella_serial_settings), baud, 8, 0, 1, static_cast<uint8_t>(dtr)};
}

/// The C table of driver class D. D needs: static constexpr patella_transport kTransport; static constexpr arrays
/// kMatches, kChannels; for serial drivers static constexpr patella_serial_settings kSerial; a constructor
/// D(DeviceHost, const Params&); connected(const patella_device_identity&, int64_t t_us),
/// received(std::span<const uint8_t>, int64_t t_us), tick(int64_t t_us). Optional:
/// control_done(uint32_t tag, int32_t status, std::span<const uint8_t>, int64_t t_us),
/// bool command(std::string_view, double, int64_t t_us), disconnected(uint32_t reason, int64_t t_us).
/// Nothing reaches D before connected() or after disconnected(), whatever the host does.
template <class D>
struct DeviceGlue {
  struct Box {
    const patella_device_host* host;
    D driver;
    bool here = false;  // between connected and disconnected: else nothing reaches the driver
    bool gone = false;
    Box(const patella_device_host* h, const Params& params) : host(h), driver(DeviceHost(h), params) {}
  };
  static Box& box(void* self) { return *static_cast<Box*>(self); }
  static void* create(const patella_device_host* host, const patella_value* values, uint32_t count) {
    return guarded(host, "create", [&]() -> void* { return new Box(host, Params(values, count)); });
  }
  static void connected(void* self, const patella_device_identity* identity, int64_t t_us) {
    if (box(self).here || box(self).gone) return;
    box(self).here = true;
    guarded(box(self).host, "connected", [&] { box(self).driver.connected(*identity, t_us); });
  }
  static void received(void* self, const uint8_t* data, uint32_t length, int64_t t_us) {
    if (!box(self).here) return;
    guarded(box(self).host, "received", [&] { box(self).driver.received(std::span(data, length), t_us); });
  }
  static void control_done(void* self, uint32_t tag, int32_t status, const uint8_t* data, uint32_t length, int64_t t_us) {
    if (!box(self).here) return;
    if constexpr (requires(D & d) { d.control_done(tag, status, std::span(data, length), t_us); })
      guarded(box(self).host, "control_done", [&] { box(self).driver.control_done(tag, status, std::span(data, length), t_us); });
  }
  static void tick(void* self, int64_t t_us) {
    if (box(self).here) guarded(box(self).host, "tick", [&] { box(self).driver.tick(t_us); });
  }
  static int32_t command(void* self, const char* name, double argument, int64_t t_us) {
    int32_t answer = -1;  // also when an exception leaves it: what was not accepted needs no command_done
    if constexpr (requires(D & d) { d.command(std::string_view(), 0.0, t_us); })
      if (box(self).here)
        guarded(box(self).host, "command", [&] { answer = box(self).driver.command(name, argument, t_us) ? 0 : -1; });
    return answer;
  }
  static void disconnected(void* self, uint32_t reason, int64_t t_us) {
    if (!box(self).here) return;
    if constexpr (requires(D & d) { d.disconnected(reason, t_us); })
      guarded(box(self).host, "disconnected", [&] { box(self).driver.disconnected(reason, t_us); });
    box(self).here = false;
    box(self).gone = true;
  }
  static void destroy(void* self) { delete static_cast<Box*>(self); }
  static constexpr const patella_serial_settings* serial() {
    if constexpr (requires { D::kSerial; })
      return &D::kSerial;
    else
      return nullptr;
  }
  static constexpr patella_device kTable = {sizeof(patella_device),
                                            D::kTransport,
                                            D::kMatches,
                                            std::size(D::kMatches),
                                            serial(),
                                            D::kChannels,
                                            std::size(D::kChannels),
                                            create,
                                            connected,
                                            received,
                                            control_done,
                                            tick,
                                            command,
                                            disconnected,
                                            destroy};
};

// ---- modules ---------------------------------------------------------------------------------------------

/// What a module may ask of its host. Cheap to copy; not to be used from fill_view().
class ExerciseHost {
 public:
  explicit ExerciseHost(const patella_exercise_host* host) : host_(host) {}
  void event(const patella_event& event) const { host_->event(host_->ctx, &event); }
  void metric(const char* key, const char* unit, double value) const { host_->metric(host_->ctx, key, unit, value); }
  void cue(patella_cue cue, const std::string& text) const { host_->cue(host_->ctx, static_cast<uint32_t>(cue), text.c_str()); }
  uint64_t random() const { return host_->random(host_->ctx); }
  void log(patella_log_level level, const std::string& text) const {
    host_->log(host_->ctx, static_cast<uint32_t>(level), text.c_str());
  }

 private:
  const patella_exercise_host* host_;
};

inline constexpr patella_wanted_channel wanted(const char* key, const char* label, const char* unit, bool required,
                                               int decimals = 0) {
  return {sizeof(patella_wanted_channel), key, unit, required ? 1u : 0u, label, decimals, 0};
}
/// As in 1.0: without a label its key is shown.
inline constexpr patella_wanted_channel wanted(const char* key, const char* unit, bool required) {
  return wanted(key, "", unit, required);
}
inline constexpr patella_metric session_metric(const char* key, const char* label, const char* unit, int decimals,
                                               bool for_clients) {
  return {sizeof(patella_metric), key, label, unit, decimals, for_clients ? 1u : 0u};
}
inline constexpr patella_reason reason(const char* id, const char* sentence) { return {sizeof(patella_reason), id, sentence}; }

/// An event to fill: Event(PATELLA_EVENT_REP, t_us).of_set(2, side).number(3).counted().field("peak_n", 61.2)
struct Event : patella_event {
  Event(patella_event_kind event_kind, int64_t when_us) : patella_event{} {
    size = sizeof(patella_event);
    kind = static_cast<uint32_t>(event_kind);
    t_us = when_us;
    side = PATELLA_SIDE_NONE;
  }
  Event& of_set(int set_number, uint32_t which_side) {
    set = set_number;
    side = which_side;
    return *this;
  }
  Event& number(int value) {
    n = value;
    return *this;
  }
  Event& count(bool yes) {
    counted = yes ? 1u : 0u;
    return *this;
  }
  Event& because(std::string_view id) {
    put_text(reason, id);
    return *this;
  }
  Event& named(std::string_view words) {
    put_text(label, words);
    return *this;
  }
  /// Adds a figure; one that is not finite, or does not fit, is left out.
  Event& field(std::string_view key, double value) {
    if (field_count < PATELLA_EVENT_FIELDS && std::isfinite(value)) {
      put_text(fields[field_count].key, key);
      fields[field_count++].value = value;
    }
    return *this;
  }
};

/// A readout with no value and no target; set what differs.
inline patella_readout readout(std::string_view key, std::string_view label, std::string_view unit) {
  patella_readout r{};
  put_text(r.key, key);
  put_text(r.label, label);
  put_text(r.unit, unit);
  r.value = r.target_low = r.target_high = kNone;
  r.channel = -1;
  r.role = PATELLA_ROLE_SECONDARY;
  r.scale_low = 0;
  r.scale_high = 1;
  return r;
}

/// A view with nothing in it: every optional part is off.
inline void clear_view(patella_view& view) {
  view = patella_view{};
  view.size = sizeof view;
  view.phase = PATELLA_PHASE_WAITING;
  view.tone = PATELLA_TONE_NEUTRAL;
  view.side = PATELLA_SIDE_NONE;
  view.rep_index = view.segment_index = view.trace_channel = -1;
  view.timer_s = view.timer_total_s = view.trace_low = view.trace_high = kNone;
  view.trace_max = 1;
  view.trace_seconds = 10;
}

/// The C table of module class M. M needs: static constexpr array kChannels (of patella_wanted_channel); a
/// constructor M(ExerciseHost, const Params&, uint32_t present); on_sample(const patella_sample&),
/// on_tick(int64_t t_us), on_action(uint32_t action, int64_t t_us), on_gap(uint32_t channel, bool lost,
/// int64_t t_us), fill_view(patella_view&) const (the view comes cleared by clear_view). Samples are handed over
/// one by one, so a module cannot depend on how they were batched. Optional: static constexpr arrays kMetrics (of
/// patella_metric) and kReasons (of patella_reason); static std::string describe_dose(const Params&).
template <class M>
struct ExerciseGlue {
  struct Box {
    const patella_exercise_host* host;
    M module;
    Box(const patella_exercise_host* h, const Params& params, uint32_t present)
        : host(h), module(ExerciseHost(h), params, present) {}
  };
  static Box& box(void* self) { return *static_cast<Box*>(self); }
  static void* create(const patella_exercise_host* host, const patella_value* values, uint32_t count, uint32_t present) {
    return guarded(host, "create", [&]() -> void* { return new Box(host, Params(values, count), present); });
  }
  static void on_samples(void* self, const patella_sample* samples, uint32_t count) {
    guarded(box(self).host, "on_samples", [&] {
      for (uint32_t i = 0; i < count; ++i) box(self).module.on_sample(samples[i]);
    });
  }
  static void on_tick(void* self, int64_t t_us) {
    guarded(box(self).host, "on_tick", [&] { box(self).module.on_tick(t_us); });
  }
  static void on_action(void* self, uint32_t action, int64_t t_us) {
    guarded(box(self).host, "on_action", [&] { box(self).module.on_action(action, t_us); });
  }
  static void on_gap(void* self, uint32_t channel, uint32_t lost, int64_t t_us) {
    guarded(box(self).host, "on_gap", [&] { box(self).module.on_gap(channel, lost != 0, t_us); });
  }
  static void fill_view(void* self, patella_view* view) {
    clear_view(*view);
    guarded(box(self).host, "fill_view", [&] { static_cast<const M&>(box(self).module).fill_view(*view); });
  }
  static void destroy(void* self) { delete static_cast<Box*>(self); }
  static void describe_dose(const patella_value* values, uint32_t count, char* out, uint32_t room) {
    if (room == 0) return;
    out[0] = 0;
    if constexpr (requires { M::describe_dose(Params(values, count)); }) {
      guarded(static_cast<const patella_exercise_host*>(nullptr), "describe_dose", [&] {
        std::string text = M::describe_dose(Params(values, count));
        while (text.size() >= room) text.resize(text.rfind('\n') == text.npos ? 0 : text.rfind('\n'));  // whole lines only
        std::memcpy(out, text.c_str(), text.size() + 1);
      });
    }
  }
  static constexpr std::span<const patella_metric> metrics() {
    if constexpr (requires { M::kMetrics; })
      return M::kMetrics;
    else
      return {};
  }
  static constexpr std::span<const patella_reason> reasons() {
    if constexpr (requires { M::kReasons; })
      return M::kReasons;
    else
      return {};
  }
  static constexpr bool kDescribesDose = requires(const Params& params) { M::describe_dose(params); };
  static constexpr patella_exercise kTable = {sizeof(patella_exercise),
                                              M::kChannels,
                                              std::size(M::kChannels),
                                              create,
                                              on_samples,
                                              on_tick,
                                              on_action,
                                              on_gap,
                                              fill_view,
                                              destroy,
                                              metrics().data(),
                                              static_cast<uint32_t>(metrics().size()),
                                              static_cast<uint32_t>(reasons().size()),
                                              reasons().data(),
                                              kDescribesDose ? describe_dose : nullptr};
};

}  // namespace patella::sdk

/// Exports class C as the plugin of this library. PARAMS: a constexpr array of patella_param with static storage.
#define PATELLA_PLUGIN_(INTERFACE, TABLE, ID, NAME, VERSION, PARAMS)                               \
  static const void* patella_get_interface_(const char* id) {                                      \
    return id && std::string_view(id) == INTERFACE ? static_cast<const void*>(&TABLE) : nullptr;   \
  }                                                                                                \
  extern "C" PATELLA_EXPORT const patella_plugin_entry patella_entry;                              \
  extern "C" const patella_plugin_entry patella_entry = {sizeof(patella_plugin_entry),             \
                                                         PATELLA_ABI_MAJOR,                        \
                                                         PATELLA_ABI_MINOR,                        \
                                                         ID,                                       \
                                                         NAME,                                     \
                                                         VERSION,                                  \
                                                         std::data(PARAMS),                        \
                                                         static_cast<uint32_t>(std::size(PARAMS)), \
                                                         patella_get_interface_};

#define PATELLA_DRIVER(CLASS, ID, NAME, VERSION, PARAMS) \
  PATELLA_PLUGIN_(PATELLA_DEVICE_INTERFACE, patella::sdk::DeviceGlue<CLASS>::kTable, ID, NAME, VERSION, PARAMS)
#define PATELLA_EXERCISE(CLASS, ID, NAME, VERSION, PARAMS) \
  PATELLA_PLUGIN_(PATELLA_EXERCISE_INTERFACE, patella::sdk::ExerciseGlue<CLASS>::kTable, ID, NAME, VERSION, PARAMS)
/// For a plugin without parameters.
inline constexpr std::array<patella_param, 0> kPatellaNoParams{};
