// The wall clock as screens show it. Each look at it asks the system whether its time zone was changed, which costs more than all else
// on a sample's way to the screen; so it is looked at once a second and at the turn of a minute.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"

namespace patella::runtime {

/// Of one thread.
class ShownClock {
 public:
  explicit ShownClock(const Clock& clock) : clock_(clock) {}

  /// "10:42"; a clock or a zone that was set is seen within a second.
  const std::string& text() {
    look();
    return text_;
  }
  /// At most a second old.
  int64_t utc_us() {
    look();
    return utc_us_;
  }
  /// Monotonic time at which the text changes.
  int64_t next_minute_us() {
    look();
    return next_minute_us_;
  }

 private:
  static constexpr int64_t kMinuteUs = 60'000'000, kLookEveryUs = 1'000'000;

  void look() {
    const int64_t now_us = clock_.now_us();
    if (now_us < look_again_us_) return;
    const WallTime wall = clock_.wall();
    utc_us_ = wall.utc_us;
    text_ = local_text(wall).substr(11, 5);
    next_minute_us_ = now_us + kMinuteUs - wall.utc_us % kMinuteUs;
    look_again_us_ = next_minute_us_ < now_us + kLookEveryUs ? next_minute_us_ : now_us + kLookEveryUs;
  }

  const Clock& clock_;
  std::string text_;
  int64_t utc_us_ = 0, next_minute_us_ = 0, look_again_us_ = INT64_MIN;
};

}  // namespace patella::runtime
