// Feeds one driver with the fuzzer's bytes as a device would: records of time passed, length, bytes.
#pragma once

#include <patella/sdk.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace patella::fuzz {

/// Aborts where the driver breaks a rule of device.h, so that the fuzzer finds it.
template <class Driver>
class Feeder {
 public:
  int run(std::span<const uint8_t> input) {
    const patella_device& table = sdk::DeviceGlue<Driver>::kTable;
    patella_device_host host{};
    host.size = sizeof host;
    host.ctx = this;
    host.write = [](void*, const uint8_t*, uint32_t) -> int32_t { return 0; };
    host.control = [](void*, uint32_t, uint8_t, uint8_t, uint16_t, uint16_t, const uint8_t*,
                      uint16_t) -> int32_t { return -1; };
    host.emit = [](void* ctx, uint32_t, int64_t t_us, double value) {
      if (!std::isfinite(value) || t_us > static_cast<Feeder*>(ctx)->now_us_) std::abort();
    };
    host.set_deadline = [](void* ctx, int64_t t_us) { static_cast<Feeder*>(ctx)->deadline_us_ = t_us; };
    host.status = [](void*, uint32_t, const char*) {};
    host.command_done = [](void* ctx, const char*, int32_t, const char*) {
      --static_cast<Feeder*>(ctx)->open_commands_;
    };
    host.log = [](void*, uint32_t, const char*) {};
    void* self = table.create(&host, nullptr, 0);
    const patella_device_identity identity{sizeof identity, 0, 0, "", "", "", "usb:1-1", 64, 64};
    table.connected(self, &identity, now_us_);
    while (input.size() >= 2) {
      pass(table, self, int64_t{input[0]} * 20'000);
      const std::size_t length = std::min<std::size_t>(input[1] & 0x7Fu, input.size() - 2);
      if (input[1] & 0x80u) open_commands_ += table.command(self, "tare", 0, now_us_) == 0;
      if (length > 0) table.received(self, input.data() + 2, static_cast<uint32_t>(length), now_us_);
      input = input.subspan(2 + length);
    }
    table.disconnected(self, PATELLA_DISCONNECT_UNPLUGGED, now_us_);
    table.destroy(self);
    if (open_commands_ != 0) std::abort();
    return 0;
  }

 private:
  void pass(const patella_device& table, void* self, int64_t us) {
    const int64_t end_us = now_us_ + us;
    while (deadline_us_ <= end_us) {
      now_us_ = std::max(now_us_, deadline_us_);
      deadline_us_ = sdk::kNever;
      table.tick(self, now_us_);
    }
    now_us_ = end_us;
  }

  int64_t now_us_ = 1'000'000'000, deadline_us_ = sdk::kNever;
  int open_commands_ = 0;
};

}  // namespace patella::fuzz
