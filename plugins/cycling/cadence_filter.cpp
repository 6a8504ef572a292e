#include "cadence_filter.hpp"

#include <algorithm>
#include <cmath>

namespace patella::cycling {

namespace {
constexpr double kNearRpm = 12;
constexpr double kNearShare = 0.2;

bool near(double rpm, double reference_rpm) {
  return std::fabs(rpm - reference_rpm) <= std::max(kNearRpm, kNearShare * reference_rpm);
}
}  // namespace

CadenceFilter::Outcome CadenceFilter::sample(int64_t t_us, double rpm) {
  if (has_last_ && t_us < last_us_) return {};
  if (has_last_ && (t_us - last_us_ > kMaxUs || (known_ && t_us - accepted_us_ > kMaxUs))) reset();
  has_last_ = true;
  last_us_ = t_us;
  if (!known_) return acquire(t_us, rpm);

  if (near(rpm, shown_rpm_)) {
    const Outcome outcome{false, pending_, shown_rpm_};
    accept(t_us, rpm, t_us);
    return outcome;
  }
  const bool same_side = pending_ && (rpm > shown_rpm_) == (nearest_rpm_ > shown_rpm_);
  if (!same_side) {
    // One value above and one below: neither confirms the other, and those that waited were no change.
    const Outcome outcome{true, pending_, shown_rpm_};
    wait(t_us, rpm);
    return outcome;
  }
  if (std::fabs(rpm - shown_rpm_) < std::fabs(nearest_rpm_ - shown_rpm_)) {
    nearest_rpm_ = rpm;
    nearest_us_ = t_us;
  }
  if (t_us - pending_since_us_ < kConfirmUs) return {true, false, 0};
  accept(nearest_us_, nearest_rpm_, t_us);
  if (!near(rpm, shown_rpm_)) wait(t_us, rpm);
  return {pending_, true, shown_rpm_};
}

CadenceFilter::Outcome CadenceFilter::acquire(int64_t t_us, double rpm) {
  if (!pending_ || !near(rpm, nearest_rpm_)) {
    wait(t_us, rpm);
    return {true, false, 0};
  }
  if (t_us - pending_since_us_ < kConfirmUs) return {true, false, 0};
  accept(t_us, rpm, t_us);
  return {false, true, rpm};
}

void CadenceFilter::accept(int64_t t_us, double rpm, int64_t now_us) {
  known_ = true;
  shown_rpm_ = rpm;
  shown_us_ = t_us;
  accepted_us_ = now_us;
  pending_ = false;
}

void CadenceFilter::wait(int64_t t_us, double rpm) {
  pending_ = true;
  pending_since_us_ = t_us;
  nearest_rpm_ = rpm;
  nearest_us_ = t_us;
}

}  // namespace patella::cycling
