#include "hold_clock.hpp"

#include <algorithm>

namespace patella::hold {

namespace {
constexpr double kEdgeShare = 0.03;
constexpr double kEdgeLeastN = 1.0;
double edge(double bound_n) { return std::max(kEdgeLeastN, kEdgeShare * bound_n); }
}  // namespace

void HoldClock::begin(int64_t t_us) {
  *this = HoldClock(settings_);
  last_tick_us_ = t_us;
  if (!settings_.gated) state_ = HoldState::kRunning;
}

void HoldClock::tick(int64_t t_us) {
  if (settings_.gated || over()) return;
  const int64_t step_us = std::max<int64_t>(0, t_us - last_tick_us_);
  last_tick_us_ = std::max(last_tick_us_, t_us);
  add(t_us, step_us);
}

void HoldClock::sample(int64_t t_us, double force_n) {
  if (over()) return;
  const int64_t step_us = has_sample_ ? t_us - last_sample_us_ : 0;
  if (step_us < 0) return;
  const bool known = step_us <= kMaxStepUs;
  if (!known) stand();
  has_sample_ = true;
  last_sample_us_ = t_us;
  const bool was_inside = inside_;
  inside_ = inside(force_n);
  if (settings_.gated) {
    sample_gated(t_us, force_n, step_us, was_inside);
  } else if (known) {
    weigh(force_n, step_us);
  }
}

void HoldClock::sample_gated(int64_t t_us, double force_n, int64_t step_us, bool was_inside) {
  if (!inside_) {
    if (state_ == HoldState::kRunning) {
      state_ = HoldState::kOut;
      out_since_us_ = t_us;
    } else if (state_ == HoldState::kOut && t_us - out_since_us_ > settings_.grace_us) {
      state_ = HoldState::kBroken;
      over_us_ = out_since_us_;
    }
    return;
  }
  if (!was_inside) inside_since_us_ = t_us;
  if (state_ == HoldState::kRunning && was_inside) {
    weigh(force_n, step_us);
    add(t_us, step_us);
    return;
  }
  if (t_us - inside_since_us_ >= kDebounceUs) state_ = HoldState::kRunning;
}

void HoldClock::stand() {
  has_sample_ = false;
  inside_ = false;
  if (settings_.gated && state_ == HoldState::kRunning) state_ = HoldState::kNotYet;
  if (state_ == HoldState::kOut) state_ = HoldState::kNotYet;
}

void HoldClock::go_on(int64_t t_us) { last_tick_us_ = std::max(last_tick_us_, t_us); }

bool HoldClock::inside(double force_n) const {
  const bool loose = inside_ && state_ == HoldState::kRunning;
  const double low_n = settings_.low_n - (loose ? edge(settings_.low_n) : 0);
  const double high_n = settings_.high_n + (loose ? edge(settings_.high_n) : 0);
  if (settings_.low_n > 0 && force_n < low_n) return false;
  return settings_.high_n <= 0 || force_n <= high_n;
}

void HoldClock::add(int64_t t_us, int64_t step_us) {
  held_us_ += step_us;
  if (held_us_ < settings_.hold_us) return;
  over_us_ = t_us - (held_us_ - settings_.hold_us);
  held_us_ = settings_.hold_us;
  state_ = HoldState::kHeld;
}

void HoldClock::weigh(double force_n, int64_t step_us) {
  if (force_us_ == 0) min_n_ = peak_n_ = force_n;
  min_n_ = std::min(min_n_, force_n);
  peak_n_ = std::max(peak_n_, force_n);
  force_sum_ += force_n * static_cast<double>(step_us);
  force_us_ += step_us;
}

}  // namespace patella::hold
