// Leaves out what the head unit says of the cadence that cannot be: a single 137 rpm has been seen at the
// start.
#pragma once

#include <cmath>
#include <optional>

namespace patella::tacx_1932 {

/// A jump of more than 30 rpm counts once the next value is near it.
class CadenceGuard {
 public:
  static constexpr double kJumpRpm = 30;
  /// The value, or nothing while it is in doubt.
  std::optional<double> take(double rpm) {
    const bool near_last = std::abs(rpm - last_rpm_) <= kJumpRpm;
    const bool near_doubted = doubted_rpm_ && std::abs(rpm - *doubted_rpm_) <= kJumpRpm;
    doubted_rpm_ = rpm;
    if (!near_last && !near_doubted) return std::nullopt;
    doubted_rpm_.reset();
    return last_rpm_ = rpm;
  }

 private:
  double last_rpm_ = 0;
  std::optional<double> doubted_rpm_;
};

}  // namespace patella::tacx_1932
