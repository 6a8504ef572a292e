#include "driver_kit/device_time.hpp"

#include <algorithm>

namespace patella::driver_kit {
namespace {

constexpr int64_t kLeapUs = 2'000'000;  // device and host may differ by this much over a stall, not more
constexpr int kRefusedInRow = 3;        // then the device's clock, not the line, has jumped
constexpr int64_t kLeakDivisor = 128;

}  // namespace

DeviceTime::Mapped DeviceTime::map(uint32_t device_us, int64_t received_us) {
  if (!started_) {
    started_ = true;
    last_device_us_ = device_us;
    device_total_us_ = device_us;
    last_received_us_ = received_us;
    offset_us_ = received_us - device_total_us_;
    last_t_us_ = received_us;
    return {true, received_us};
  }
  // Unsigned subtraction takes the roll-over in its stride.
  const int64_t step_us = static_cast<uint32_t>(device_us - last_device_us_);
  const int64_t passed_us = received_us - last_received_us_;
  if (step_us > passed_us + kLeapUs) {
    if (++refused_in_row_ < kRefusedInRow) return {};
    restart();
    return map(device_us, received_us);
  }
  refused_in_row_ = 0;
  last_device_us_ = device_us;
  last_received_us_ = received_us;
  device_total_us_ += step_us;
  offset_us_ = std::min(offset_us_ + step_us / kLeakDivisor, received_us - device_total_us_);
  last_t_us_ = std::max(device_total_us_ + offset_us_, last_t_us_);
  return {true, last_t_us_};
}

}  // namespace patella::driver_kit
