// Feeds one driver with the fuzzer's bytes as a device would: records of time passed, length, bytes.
#pragma once

#include <patella/sdk.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>
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
    const patella_device& table = sdk::DeviceGlue<Driver>::kTable;
    patella_device_host host{};
    host.size = sizeof host;
    host.ctx = this;
    host.write = [](void* ctx, const uint8_t* data, uint32_t length) -> int32_t {
      Feeder& feeder = *static_cast<Feeder*>(ctx);
      if (feeder.stage_.answer) feeder.answers_.push_back(feeder.stage_.answer({data, length}));
      return 0;
    };
    // Control transfers end well with the next record, or stalled when their tag is a multiple of 16.
    host.control = [](void* ctx, uint32_t tag, uint8_t, uint8_t, uint16_t, uint16_t, const uint8_t*, uint16_t) -> int32_t {
      std::vector<uint32_t>& controls = static_cast<Feeder*>(ctx)->controls_;
      if (controls.size() >= 64) return -1;
      controls.push_back(tag);
      return 0;
    };
    host.emit = [](void* ctx, uint32_t, int64_t t_us, double value) {
      if (!std::isfinite(value) || t_us > static_cast<Feeder*>(ctx)->now_us_) std::abort();
    };
    host.set_deadline = [](void* ctx, int64_t t_us) { static_cast<Feeder*>(ctx)->deadline_us_ = t_us; };
    host.status = [](void*, uint32_t, const char*) {};
    host.command_done = [](void* ctx, const char*, int32_t, const char*) { --static_cast<Feeder*>(ctx)->open_commands_; };
    host.log = [](void*, uint32_t, const char*) {};
    void* self = table.create(&host, stage_.values.data(), static_cast<uint32_t>(stage_.values.size()));
    const patella_device_identity identity{sizeof identity, 0, 0, "", "", "", "usb:1-1", 64, 64};
    table.connected(self, &identity, now_us_);
    if (stage_.answer) pass(table, self, 2'000'000);
    while (input.size() >= 2) {
      pass(table, self, int64_t{input[0]} * 20'000);
      for (const uint32_t tag : std::exchange(controls_, {}))
        if (table.control_done) table.control_done(self, tag, tag % 16 == 0 ? -32 : 0, nullptr, 0, now_us_);
      const std::size_t length = std::min<std::size_t>(input[1] & 0x7Fu, input.size() - 2);
      if (input[1] & 0x80u) open_commands_ += table.command(self, stage_.command, 0, now_us_) == 0;
      const std::span<const uint8_t> record = input.subspan(2, length);
      hand(table, self, stage_.dress && length > 0 ? stage_.dress(record) : Bytes(record.begin(), record.end()));
      input = input.subspan(2 + length);
    }
    table.disconnected(self, PATELLA_DISCONNECT_UNPLUGGED, now_us_);
    table.destroy(self);
    if (open_commands_ != 0) std::abort();
    return 0;
  }

 private:
  static constexpr int64_t kAnswerUs = 2'000;

  /// A copy of its own, so that reading past the end is found.
  void hand(const patella_device& table, void* self, const Bytes& bytes) {
    const Bytes copy(bytes);
    if (!copy.empty()) table.received(self, copy.data(), static_cast<uint32_t>(copy.size()), now_us_);
  }
  void pass(const patella_device& table, void* self, int64_t us) {
    const int64_t end_us = now_us_ + us;
    while (deadline_us_ <= end_us || !answers_.empty()) {
      if (!answers_.empty()) {
        now_us_ += kAnswerUs;
        for (const Bytes& answer : std::exchange(answers_, {})) hand(table, self, answer);
        continue;
      }
      now_us_ = std::max(now_us_, deadline_us_);
      deadline_us_ = sdk::kNever;
      table.tick(self, now_us_);
    }
    now_us_ = std::max(now_us_, end_us);
  }

  Stage stage_;
  std::vector<Bytes> answers_;

  int64_t now_us_ = 1'000'000'000, deadline_us_ = sdk::kNever;
  int open_commands_ = 0;
  std::vector<uint32_t> controls_;
};

}  // namespace patella::fuzz
