// When to try again to open a device that did not open.
#pragma once

#include <cstdint>

namespace patella::transport {

/// Right after arrival udev has not set the permissions yet and the device may still be busy or gone again:
/// 50 tries 20 ms apart. After that something else is wrong: one try every 2 s, so that it heals when staff
/// remove the cause.
struct Retry {
  static constexpr int kFastTries = 50;
  static constexpr int64_t kFastUs = 20'000, kSlowUs = 2'000'000;

  int tries = 0;
  int64_t next_us = 0;  ///< due at once

  bool due(int64_t now_us) const { return now_us >= next_us; }
  void failed(int64_t now_us) {
    ++tries;
    next_us = now_us + (tries < kFastTries ? kFastUs : kSlowUs);
  }
  /// A cause that a few milliseconds cannot cure.
  void failed_for_long(int64_t now_us) {
    tries = kFastTries;
    next_us = now_us + kSlowUs;
  }
  bool lasting() const { return tries >= kFastTries; }
};

}  // namespace patella::transport
