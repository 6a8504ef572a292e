// Rate of force development of a repetition: the steepest rise over 100 ms, in N/s.
//
// Windows of 50 to 250 ms are usual (Maffiuletti et al., Eur J Appl Physiol 116, 2016: 1091–1116). With eight readings in
// 100 ms the window is known within an eighth; with fewer it would be a figure of the sensor, not of the pull. So a
// repetition that was read less than 80 times a second (5 % below is let pass) has none. plugin.toml states the same rate.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace patella::band_reps {

class RiseRate {
 public:
  static constexpr int64_t kWindowUs = 100'000;
  static constexpr double kMinRateHz = 0.95 * 80;

  /// Each force in order of time; one more than 0.5 s after the one before starts again.
  void add(int64_t t_us, double force_n);
  /// What was steepest so far belongs to no repetition. The last 100 ms are kept: a repetition begins in them.
  void begin();
  /// Of the time since begin(); nothing when the readings were too few.
  std::optional<double> steepest_n_per_s() const;

 private:
  struct Reading {
    int64_t t_us;
    double force_n;
  };
  static constexpr std::size_t kMax = 256;
  static constexpr int64_t kMinStepUs = 400;  // so that 100 ms always fit
  static constexpr int64_t kBreakUs = 500'000;

  std::array<Reading, kMax> ring_{};
  std::size_t first_ = 0, count_ = 0;
  int64_t since_us_ = 0, readings_ = 0;
  bool any_ = false;
  double steepest_n_per_s_ = 0;
};

}  // namespace patella::band_reps
