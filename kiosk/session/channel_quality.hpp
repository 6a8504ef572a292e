// How a channel's samples really come: rate, jitter and loss, from the times of the samples alone. What a maker states
// is not believed: a sensor of "80 Hz" gives 88, one of "10 Hz" nine.
//
// Pure; 4 KiB a channel and some 20 ns a sample, however long the session. Intervals are counted in bins a 16th of an
// octave wide, each with its sum, so that quantiles are right within a few percent and the mean is exact.
#pragma once

#include <array>
#include <cstdint>

namespace patella::session {

/// What a channel has to give for a figure, or for anything to be counted at all.
struct QualityFigures {
  int64_t samples = 0;
  double rate_hz = 0;    ///< of the times between samples, without the gaps; 0 = not known
  double jitter_ms = 0;  ///< from the 5th to the 95th percentile of the times between samples
  int64_t lost = 0;      ///< samples that are missing between others, and those that are known to be dropped
};

class ChannelQuality {
 public:
  /// `t_us`: when it was measured, not going back. Two further apart than `longest_us` have a gap between them.
  void sample(int64_t t_us, int64_t longest_us);
  /// The channel was lost or is another device now: the next sample is a new beginning.
  void gap() { has_last_ = false; }
  void dropped(uint64_t count) {
    dropped_ += count;
    gap();
  }

  QualityFigures figures() const;
  /// Enough was heard to say that the rate is at least `rate_hz`, or that it is not: a second; half of one when it is far
  /// above.
  bool known_against(double rate_hz) const;

 private:
  static constexpr int kPerOctave = 16, kOctaves = 18;  // 100 µs … 26 s
  static constexpr double kMinUs = 100;
  struct Bin {
    uint32_t count = 0;
    int64_t sum_us = 0;
  };
  double mean_us(std::size_t bin) const;
  double quantile_us(double part) const;
  int64_t missing() const;

  std::array<Bin, kPerOctave * kOctaves> bins_{};
  int64_t samples_ = 0, intervals_ = 0, sum_us_ = 0;
  uint64_t dropped_ = 0;
  bool has_last_ = false;
  int64_t last_us_ = 0;
};

/// A rate that is this little below what is needed is not held against the sensor: clocks of devices differ.
inline constexpr double kRateTolerance = 0.95;

}  // namespace patella::session
