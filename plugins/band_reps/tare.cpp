#include "tare.hpp"

#include <algorithm>

namespace patella::band_reps {

std::optional<double> StillRun::add(int64_t t_us, double force_n) {
  if (count_ == 0 || t_us - last_us_ > kLengthUs) {
    begin(t_us, force_n);
    return std::nullopt;
  }
  last_us_ = t_us;
  least_n_ = std::min(least_n_, force_n);
  most_n_ = std::max(most_n_, force_n);
  if (most_n_ - least_n_ >= kSpreadN) {
    begin(t_us, force_n);
    return std::nullopt;
  }
  sum_n_ += force_n;
  ++count_;
  if (t_us - since_us_ < kLengthUs) return std::nullopt;
  const double mean_n = sum_n_ / count_;
  begin(t_us, force_n);
  return mean_n;
}

void StillRun::begin(int64_t t_us, double force_n) {
  since_us_ = last_us_ = t_us;
  least_n_ = most_n_ = sum_n_ = force_n;
  count_ = 1;
}

void Tare::seek(int64_t t_us) {
  seeking_ = true;
  seek_since_us_ = t_us;
  has_least_ = false;
  if (has_slack_ && t_us - slack_us_ <= kLatelyUs) found(slack_n_, Change::kFound);
}

Tare::Change Tare::sample(int64_t t_us, double force_n, bool at_rest) {
  if (seeking_ && (!has_least_ || force_n < least_n_)) {
    has_least_ = true;
    least_n_ = force_n;
  }
  if (!at_rest) {
    still_.reset();
    has_slack_ = false;
    return Change::kNone;
  }
  const std::optional<double> still_n = still_.add(t_us, force_n);
  if (still_n && *still_n <= anchor_n_ + kDriftN) {
    has_slack_ = true;
    slack_us_ = t_us;
    slack_n_ = *still_n;
    if (seeking_) return found(*still_n, Change::kFound);
    follow(*still_n);
  }
  if (seeking_ && t_us - seek_since_us_ >= kPatienceUs) return found(least_n_, Change::kFoundByLeast);
  return Change::kNone;
}

bool Tare::give_up() {
  if (!seeking_ || !has_least_) return false;
  found(least_n_, Change::kFoundByLeast);
  return true;
}

void Tare::lost() {
  still_.reset();
  has_slack_ = false;
}

Tare::Change Tare::found(double force_n, Change how) {
  seeking_ = false;
  baseline_n_ = anchor_n_ = force_n;
  return how;
}

void Tare::follow(double still_n) {
  baseline_n_ = still_n < baseline_n_ ? still_n : baseline_n_ + 0.5 * (still_n - baseline_n_);
  anchor_n_ = std::min(anchor_n_, baseline_n_);
}

}  // namespace patella::band_reps
