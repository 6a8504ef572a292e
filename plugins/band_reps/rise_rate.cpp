#include "rise_rate.hpp"

#include <algorithm>

namespace patella::band_reps {

void RiseRate::begin() {
  readings_ = 0;
  any_ = false;
  steepest_n_per_s_ = 0;
}

void RiseRate::add(int64_t t_us, double force_n) {
  if (count_ > 0) {
    const int64_t step_us = t_us - ring_[(first_ + count_ - 1) % kMax].t_us;
    if (step_us > kBreakUs || step_us < 0) {
      count_ = 0;
      begin();
    } else if (step_us < kMinStepUs) {
      return;
    }
  }
  if (readings_++ == 0) since_us_ = t_us;
  if (count_ == kMax) {
    first_ = (first_ + 1) % kMax;
    --count_;
  }
  ring_[(first_ + count_++) % kMax] = {t_us, force_n};
  // The oldest that is kept is the newest of those a whole window ago.
  while (count_ > 1 && t_us - ring_[(first_ + 1) % kMax].t_us >= kWindowUs) {
    first_ = (first_ + 1) % kMax;
    --count_;
  }
  const Reading& before = ring_[first_];
  if (t_us - before.t_us < kWindowUs) return;
  const double rise = 1e6 * (force_n - before.force_n) / static_cast<double>(t_us - before.t_us);
  steepest_n_per_s_ = any_ ? std::max(steepest_n_per_s_, rise) : rise;
  any_ = true;
}

std::optional<double> RiseRate::steepest_n_per_s() const {
  if (!any_ || readings_ < 2 || count_ == 0) return std::nullopt;
  const int64_t span_us = ring_[(first_ + count_ - 1) % kMax].t_us - since_us_;
  if (span_us <= 0 || 1e6 * static_cast<double>(readings_ - 1) / static_cast<double>(span_us) < kMinRateHz) return std::nullopt;
  return steepest_n_per_s_;
}

}  // namespace patella::band_reps
