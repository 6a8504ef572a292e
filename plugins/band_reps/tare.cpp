#include "tare.hpp"

#include <algorithm>

namespace patella::band_reps {

std::optional<double> StillRun::add(int64_t t_us, double force_n) {
  if (!any_ || t_us - last_us_ > kMaxStepUs || t_us < last_us_) {
    begin(t_us, force_n);
    return std::nullopt;
  }
  sum_n_ += 0.5 * (last_n_ + force_n) * static_cast<double>(t_us - last_us_);
  last_us_ = t_us;
  last_n_ = force_n;
  least_n_ = std::min(least_n_, force_n);
  most_n_ = std::max(most_n_, force_n);
  if (most_n_ - least_n_ >= spread_n_) {
    begin(t_us, force_n);
    return std::nullopt;
  }
  if (t_us - since_us_ < length_us_) return std::nullopt;
  const double mean_n = sum_n_ / static_cast<double>(t_us - since_us_);
  begin(t_us, force_n);
  return mean_n;
}

void StillRun::begin(int64_t t_us, double force_n) {
  since_us_ = last_us_ = t_us;
  least_n_ = most_n_ = last_n_ = force_n;
  sum_n_ = 0;
  any_ = true;
}

void Tare::seek(int64_t t_us) {
  seeking_ = true;
  known_ = refused_ = false;
  load_still_.reset();
  seek_since_us_ = t_us;
  if (has_slack_ && t_us - slack_us_ <= kLatelyUs) found(slack_at_n_);
}

Tare::Change Tare::sample(int64_t t_us, double force_n, bool at_rest) {
  newest_n_ = force_n;
  if (!at_rest) {
    still_.reset();
    has_slack_ = false;
    return Change::kNone;
  }
  const std::optional<double> still_n = still_.add(t_us, force_n);
  if (still_n && *still_n <= std::max(slack_n_, allowed_load_n_)) {
    has_slack_ = true;
    slack_us_ = t_us;
    slack_at_n_ = *still_n;
    if (seeking_) return found(*still_n);
  }
  if (!seeking_ || t_us - seek_since_us_ < kPatienceUs) return Change::kNone;
  if (!refused_) {
    refused_ = true;
    return Change::kRefused;
  }
  if (!rest_load_allowed()) {
    load_still_.reset();
    return Change::kNone;
  }
  const std::optional<double> load_n = load_still_.add(t_us, force_n);
  if (!load_n) return Change::kNone;
  allowed_load_n_ = std::min(*load_n + StillRun::kSpreadN, rest_load_max_n_);
  return found(*load_n);
}

void Tare::lost() {
  still_.reset();
  has_slack_ = known_ = false;
}

Tare::Change Tare::found(double force_n) {
  seeking_ = false;
  known_ = true;
  baseline_n_ = force_n;
  return Change::kFound;
}

}  // namespace patella::band_reps
