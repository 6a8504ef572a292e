#include "spike_filter.hpp"

#include <algorithm>

namespace patella::band_reps {

std::optional<Force> SpikeFilter::add(const Force& next) {
  if (count_ > 0 && next.t_us < newer_.t_us) return std::nullopt;
  std::optional<Force> out;
  if (count_ > 0) out = newer_;
  if (count_ > 1 && next.t_us - older_.t_us <= kLongestUs)
    out->n = std::max(std::min(older_.n, newer_.n), std::min(std::max(older_.n, newer_.n), next.n));
  older_ = newer_;
  newer_ = next;
  count_ = std::min(count_ + 1, 2);
  return out;
}

}  // namespace patella::band_reps
