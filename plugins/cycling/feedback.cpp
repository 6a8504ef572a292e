#include "feedback.hpp"

namespace patella::cycling {

namespace {
Where place(double value, double low, double high) {
  if (value < low) return Where::kBelow;
  return high > 0 && value > high ? Where::kAbove : Where::kInside;
}
}  // namespace

Where BandWatch::update(int64_t t_us, double value, double low, double high) {
  const double margin = known_ && where_ == Where::kInside ? kMarginRpm : 0;
  const Where now = place(value, low - margin, high > 0 ? high + margin : 0);
  if (known_ && (now == where_ || t_us - changed_us_ < kMinUs)) return where_;
  known_ = true;
  where_ = now;
  changed_us_ = t_us;
  return where_;
}

bool CeilingWatch::update(double value, double ceiling, double margin) {
  if (ceiling <= 0) return over_ = false;
  return over_ = value > (over_ ? ceiling - margin : ceiling);
}

void ShortMean::add(int64_t t_us, double value) {
  ring_[next_] = {t_us, value};
  next_ = (next_ + 1) % ring_.size();
  if (count_ < ring_.size()) ++count_;
  while (count_ > 1 && t_us - ring_[(next_ + ring_.size() - count_) % ring_.size()].t_us > kWindowUs) --count_;
}

double ShortMean::mean() const {
  double sum = 0;
  for (std::size_t i = 0; i < count_; ++i) sum += ring_[(next_ + ring_.size() - count_ + i) % ring_.size()].value;
  return count_ > 0 ? sum / static_cast<double>(count_) : 0;
}

}  // namespace patella::cycling
