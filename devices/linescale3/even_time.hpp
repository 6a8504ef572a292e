// Times for samples that come evenly but carry no time of their own: counted from the rate, which is itself
// measured, because the device's clock is known to be off by 10 %.
#pragma once

#include <cstdint>

namespace patella::linescale3 {

/// Sample k was measured at `base + k · interval`. Bytes can come late, never early: the line is kept below
/// all arrivals and as close to them as it can be. Its slope is corrected from the earliest arrivals of the
/// two halves of a window of 2 s, later of 8 s; a step between the halves that is no slope (the device
/// paused) moves the line. Lumps on the wire, stalls of the host and lost frames that were noticed do not
/// show in the times.
class EvenTime {
 public:
  /// expected_interval_us: to begin with. From 0.85 to 3 times as long is followed.
  explicit EvenTime(double expected_interval_us);

  /// The time of a sample that is `step` (≥ 1) samples after the last one: at most `received_us`, never
  /// before an earlier one.
  int64_t next(int64_t step, int64_t received_us);
  double interval_us() const { return interval_us_; }

 private:
  struct Half {
    double least_delay_us = 0;
    bool any = false;
    void see(double delay_us);
  };
  void begin_window(int64_t received_us, double line_us);
  void end_window(int64_t received_us);

  double shortest_us_, longest_us_, interval_us_;
  bool started_ = false, settled_ = false;
  int64_t window_start_us_ = 0, count_ = 0;  ///< count: samples since the line's base
  double base_us_ = 0, shift_us_ = 0;        ///< since window_start_us_, so that no digit is lost
  Half first_, second_;
  int64_t last_t_us_ = 0;
};

}  // namespace patella::linescale3
