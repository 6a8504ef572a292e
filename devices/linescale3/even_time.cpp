#include "even_time.hpp"

#include <algorithm>
#include <cmath>

namespace patella::linescale3 {
namespace {

constexpr int64_t kFirstWindowUs = 2'000'000, kWindowUs = 8'000'000;
// Between the halves of a window: how far the first guess of the rate may be off, and how far a measured one.
constexpr double kFirstDrift = 0.7, kDrift = 0.03;

}  // namespace

EvenTime::EvenTime(double expected_interval_us)
    : shortest_us_(0.85 * expected_interval_us), longest_us_(3 * expected_interval_us), interval_us_(expected_interval_us) {}

void EvenTime::Half::see(double delay_us) {
  least_delay_us = any ? std::min(least_delay_us, delay_us) : delay_us;
  any = true;
}

void EvenTime::begin_window(int64_t received_us, double line_us) {
  window_start_us_ = received_us;
  base_us_ = line_us;
  shift_us_ = 0;
  count_ = 0;
  first_ = second_ = Half();
}

int64_t EvenTime::next(int64_t step, int64_t received_us) {
  if (!started_) {
    started_ = true;
    begin_window(received_us, 0);
    first_.see(0);
    return last_t_us_ = received_us;
  }
  if (received_us < last_t_us_) return last_t_us_;
  count_ += step;
  const double line_us = base_us_ + static_cast<double>(count_) * interval_us_;
  const double since_us = static_cast<double>(received_us - window_start_us_);
  const double delay_us = since_us - line_us;
  const int64_t length_us = settled_ ? kWindowUs : kFirstWindowUs;
  (since_us * 2 < static_cast<double>(length_us) ? first_ : second_).see(delay_us);
  shift_us_ = std::min(shift_us_, delay_us);
  const auto t_us = window_start_us_ + static_cast<int64_t>(std::floor(line_us + shift_us_));
  last_t_us_ = std::clamp(t_us, last_t_us_, received_us);
  if (since_us >= static_cast<double>(length_us)) end_window(received_us);
  return last_t_us_;
}

void EvenTime::end_window(int64_t received_us) {
  const double passed_us = static_cast<double>(received_us - window_start_us_);
  const double line_us = base_us_ + static_cast<double>(count_) * interval_us_;
  const double step_us = first_.any && second_.any ? second_.least_delay_us - first_.least_delay_us : 0;
  const double drift = step_us * 2 / passed_us;  // the halves' earliest arrivals lie half a window apart
  const bool is_slope = std::abs(drift) < (settled_ ? kDrift : kFirstDrift);
  double present_us = line_us + second_.least_delay_us;
  if (is_slope && count_ > 0) {
    interval_us_ = std::clamp(interval_us_ + drift * passed_us / static_cast<double>(count_), shortest_us_, longest_us_);
    present_us += step_us / 2;  // from the middle of the second half to its end
    settled_ = true;
  } else {
    settled_ = false;  // whatever happened, the rate is measured again
  }
  begin_window(received_us, std::min(present_us - passed_us, 0.0));
}

}  // namespace patella::linescale3
