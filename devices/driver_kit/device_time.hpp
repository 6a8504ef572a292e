// Puts the device's own microseconds onto the host's clock: the port delivers samples in lumps, the device
// times them.
#pragma once

#include <cstdint>

namespace patella::driver_kit {

/// The offset between the clocks is the smallest delay seen: bytes can come late, never early. It is let rise
/// by 0.8 % of the time that passes, so that it follows a device clock that is slow by up to that much (a
/// ceramic resonator is good for 0.5 %) and one that is fast at once: no drift builds up over hours.
class DeviceTime {
 public:
  /// A new capture: the device counts from zero again.
  void restart() { *this = DeviceTime(); }

  struct Mapped {
    bool usable = false;  ///< false: the device's time went backwards or leapt; not a time of this capture
    int64_t t_us = 0;     ///< host clock: at most `received_us`, never before an earlier one
  };
  Mapped map(uint32_t device_us, int64_t received_us);

 private:
  bool started_ = false;
  uint32_t last_device_us_ = 0;
  int64_t device_total_us_ = 0;  ///< with the roll-overs
  int64_t last_received_us_ = 0;
  int64_t offset_us_ = 0;
  int64_t last_t_us_ = 0;
  int refused_in_row_ = 0;
};

}  // namespace patella::driver_kit
