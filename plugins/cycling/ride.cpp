#include "ride.hpp"

#include <algorithm>
#include <cmath>

namespace patella::cycling {

namespace {
constexpr double kMinuteUs = 60e6;
constexpr double kSecondUs = 1e6;
double share(double sum, int64_t us) { return us > 0 ? sum / static_cast<double>(us) : 0; }
}  // namespace

double Totals::mean_rpm() const { return share(revolutions * kMinuteUs, pedalling_us); }
double Totals::mean_power_w() const { return share(work_j * kSecondUs, power_us); }
double Totals::mean_heart_rate_bpm() const { return share(heart_beats_us, heart_rate_us); }

int64_t Ride::credit(const Stretch& stretch, int64_t t_us) {
  int64_t left_us = stretch.us;
  int64_t passed_us = t_us;
  while (left_us > 0 && !over()) {
    const int64_t step_us = std::min(left_us, phase().duration_us - phase_done_us_);
    add(stretch, step_us);
    left_us -= step_us;
    phase_done_us_ += step_us;
    if (phase_done_us_ < phase().duration_us) continue;
    passed_us = t_us - left_us;
    ++index_;
    if (!over()) phase_done_us_ = 0;
  }
  return passed_us;
}

void Ride::add(const Stretch& stretch, int64_t us) {
  const auto duration = static_cast<double>(us);
  const Phase& now = phase();
  totals_.pedalling_us += us;
  if (stretch.rpm >= now.low_rpm && (now.high_rpm <= 0 || stretch.rpm <= now.high_rpm)) totals_.in_zone_us += us;
  totals_.revolutions += stretch.rpm * duration / kMinuteUs;
  totals_.best_rpm = std::max(totals_.best_rpm, stretch.rpm);
  if (std::isfinite(stretch.power_w)) {
    totals_.work_j += stretch.power_w * duration / kSecondUs;
    totals_.power_us += us;
  }
  if (std::isfinite(stretch.heart_rate_bpm)) {
    totals_.heart_beats_us += stretch.heart_rate_bpm * duration;
    totals_.heart_rate_us += us;
  }
}

}  // namespace patella::cycling
