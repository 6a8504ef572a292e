// Feeds one driver with the fuzzer's bytes as a device would: records of time passed, length, bytes.
#pragma once

#include <patella/testing.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <utility>
#include <vector>

namespace patella::fuzz {

using Bytes = std::vector<uint8_t>;

/// fuzz_NAME_decoder: what decodes bytes, without the driver around it. Ten to fifty times as many runs in a time.
#ifdef PATELLA_DECODER_ONLY
inline constexpr bool kDecoderOnly = true;
#else
inline constexpr bool kDecoderOnly = false;
#endif

/// What a driver needs to get past its start.
struct Stage {
  std::vector<patella_value> values = {};
  const char* command = "tare";
  std::function<Bytes(std::span<const uint8_t>)> answer = {};  ///< what the device says to what was written
  std::function<Bytes(std::span<const uint8_t>)> dress = {};   ///< puts the fuzzer's bytes into a valid frame
};

/// Aborts where the driver breaks a rule of device.h, so that the fuzzer finds it.
template <class Driver>
class Feeder {
 public:
  explicit Feeder(Stage stage = {}) : stage_(std::move(stage)) {}
  int run(std::span<const uint8_t> input) {
    Host::Script script;
    script.keep = false;
    script.on_breach = [](testing::Breach, const std::string& what) {
      std::fprintf(stderr, "%s\n", what.c_str());
      std::abort();
    };
    script.on_write = [this](const Host::Write& write) {
      if (stage_.answer) answers_.push_back(stage_.answer(write.bytes));
      return true;
    };
    // Control transfers end well with the next record, or stalled when their tag is a multiple of 16.
    script.on_control = [this](const Host::Control& control) {
      if (controls_.size() >= PATELLA_MAX_WRITES) return false;
      controls_.push_back(control.tag);
      return true;
    };
    Host host(sdk::DeviceGlue<Driver>::kTable, stage_.values, std::move(script));
    host.connect();
    if (stage_.answer) pass(host, 2'000'000);
    while (input.size() >= 2) {
      pass(host, int64_t{input[0]} * 20'000);
      for (const uint32_t tag : std::exchange(controls_, {})) host.end_control(tag, tag % 16 == 0 ? -32 : 0);
      const std::size_t length = std::min<std::size_t>(input[1] & 0x7Fu, input.size() - 2);
      if (input[1] & 0x80u) host.command(stage_.command);
      const std::span<const uint8_t> record = input.subspan(2, length);
      hand(host, stage_.dress && length > 0 ? stage_.dress(record) : Bytes(record.begin(), record.end()));
      input = input.subspan(2 + length);
    }
    return 0;
  }

 private:
  using Host = testing::ScriptedDriverHost;
  static constexpr int64_t kAnswerUs = 2'000;

  static void hand(Host& host, const Bytes& bytes) {
    if (!bytes.empty()) host.receive(bytes);
  }
  void pass(Host& host, int64_t us) {
    const int64_t end_us = host.now_us + us;
    while (host.deadline_us <= end_us || !answers_.empty()) {
      if (answers_.empty()) {
        host.tick_when_due();
        continue;
      }
      host.now_us += kAnswerUs;
      for (const Bytes& answer : std::exchange(answers_, {})) hand(host, answer);
    }
    host.now_us = std::max(host.now_us, end_us);
  }

  Stage stage_;
  std::vector<Bytes> answers_;
  std::vector<uint32_t> controls_;
};

}  // namespace patella::fuzz
