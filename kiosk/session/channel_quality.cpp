#include "session/channel_quality.hpp"

#include <algorithm>
#include <cmath>

namespace patella::session {

void ChannelQuality::sample(int64_t t_us, int64_t longest_us) {
  ++samples_;
  const int64_t interval_us = t_us - last_us_;
  const bool measured = has_last_ && interval_us >= 0 && interval_us <= longest_us;
  has_last_ = true;
  last_us_ = t_us;
  if (!measured) return;
  const double octaves = std::log2(std::max(static_cast<double>(interval_us), kMinUs) / kMinUs);
  const auto bin = std::min(static_cast<std::size_t>(octaves * kPerOctave), bins_.size() - 1);
  ++bins_[bin].count;
  bins_[bin].sum_us += interval_us;
  ++intervals_;
  sum_us_ += interval_us;
}

double ChannelQuality::mean_us(std::size_t bin) const {
  return static_cast<double>(bins_[bin].sum_us) / static_cast<double>(bins_[bin].count);
}

double ChannelQuality::quantile_us(double part) const {
  const auto wanted = static_cast<int64_t>(part * static_cast<double>(intervals_ - 1));
  int64_t seen = 0;
  for (std::size_t bin = 0; bin < bins_.size(); ++bin) {
    seen += bins_[bin].count;
    if (seen > wanted) return mean_us(bin);
  }
  return 0;
}

// A sensor that sends evenly misses a sample wherever a time is about twice the usual one. One whose samples come in
// lumps has no usual time but its mean, and only much longer ones say that something is missing.
int64_t ChannelQuality::missing() const {
  if (intervals_ == 0 || sum_us_ == 0) return 0;
  const double median_us = quantile_us(0.5), mean_us_all = static_cast<double>(sum_us_) / static_cast<double>(intervals_);
  const bool even = quantile_us(0.05) > 0.5 * median_us && median_us > 0.5 * mean_us_all;
  const double usual_us = even ? median_us : mean_us_all;
  const double limit_us = (even ? 1.5 : 2.5) * usual_us;
  int64_t missing = 0;
  for (std::size_t bin = 0; bin < bins_.size(); ++bin)
    if (bins_[bin].count > 0 && mean_us(bin) > limit_us)
      missing += bins_[bin].count * (std::llround(mean_us(bin) / usual_us) - 1);
  return missing;
}

QualityFigures ChannelQuality::figures() const {
  QualityFigures figures;
  figures.samples = samples_;
  figures.lost = static_cast<int64_t>(dropped_) + missing();
  if (intervals_ == 0 || sum_us_ == 0) return figures;
  figures.rate_hz = 1e6 * static_cast<double>(intervals_) / static_cast<double>(sum_us_);
  figures.jitter_ms = (quantile_us(0.95) - quantile_us(0.05)) / 1000;
  return figures;
}

bool ChannelQuality::known_against(double rate_hz) const {
  if (sum_us_ >= 1'000'000) return true;
  return sum_us_ >= 500'000 && figures().rate_hz >= 2 * rate_hz;
}

}  // namespace patella::session
