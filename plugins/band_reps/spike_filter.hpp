// Takes single wild samples out of a force signal: the median of three neighbours, one sample late.
#pragma once

#include <cstdint>
#include <optional>

namespace patella::band_reps {

struct Force {
  int64_t t_us = 0;
  double n = 0;  // newton
};

class SpikeFilter {
 public:
  /// Three samples spread over more than this are too few to call one of them wild: the value stays as it is.
  static constexpr int64_t kLongestUs = 60'000;

  /// The sample before `next`, cleaned; nothing for the first one. Samples that go back in time are ignored.
  std::optional<Force> add(const Force& next);
  void reset() { count_ = 0; }

 private:
  Force older_, newer_;
  int count_ = 0;
};

}  // namespace patella::band_reps
