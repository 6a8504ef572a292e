#include "resolution.hpp"

#include <algorithm>
#include <cmath>

namespace patella::module_kit {

namespace {
constexpr double kMinStepN = 0.01;  // finer than this is as good as continuous
constexpr double kRoundingShare = 0.02;
}  // namespace

void Resolution::add(double force_n) {
  const double difference_n = has_last_ ? std::fabs(force_n - last_n_) : 0;
  has_last_ = true;
  last_n_ = force_n;
  if (difference_n < kMinStepN || (step_n_ > 0 && step_n_ <= kMinStepN)) return;
  if (step_n_ == 0) {
    step_n_ = difference_n;
    return;
  }
  const double large_n = std::max(difference_n, step_n_), small_n = std::min(difference_n, step_n_);
  const double whole = std::floor(large_n / small_n + 0.5);
  const double rest_n = std::fabs(large_n - whole * small_n);
  step_n_ = rest_n <= kRoundingShare * small_n ? small_n : std::max(rest_n, kMinStepN);
}

}  // namespace patella::module_kit
