// What a ride adds up to, and where it stands in its phases. Only credited time counts: time between two cadence
// values while pedalling, not paused, not lost.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace patella::cycling {

struct Phase {
  std::string name;  // a message (patella/plugin.h)
  int64_t duration_us = 0;
  double low_rpm = 0, high_rpm = 0;   // target band, inclusive; high 0 = open
  double power_ceiling_w = 0;         // 0 = none
  double heart_rate_ceiling_bpm = 0;  // 0 = none
  bool upside_down = false;           // the band was given with its edges the wrong way round
  bool named = true;                  // by the physio
};

/// What was true over a stretch of pedalling. NaN = not known.
struct Stretch {
  int64_t us = 0;
  double rpm = 0;
  double power_w = 0;
  double heart_rate_bpm = 0;
};

struct Totals {
  int64_t pedalling_us = 0;
  int64_t in_zone_us = 0;
  double revolutions = 0;
  double best_rpm = 0;
  double work_j = 0;
  int64_t power_us = 0;
  double heart_beats_us = 0;  // bpm·µs
  int64_t heart_rate_us = 0;

  double mean_rpm() const;
  double mean_power_w() const;
  double mean_heart_rate_bpm() const;
};

class Ride {
 public:
  /// At least one phase, each longer than 0.
  explicit Ride(std::vector<Phase> phases) : phases_(std::move(phases)) {}

  /// Adds a stretch that ended at `t_us`. Each phase that ends within it is passed on; the starts of new phases
  /// are found by comparing phase_index() before and after. Time beyond the last phase is dropped.
  /// Returns the time at which the last passed phase ended, or t_us.
  int64_t credit(const Stretch& stretch, int64_t t_us);

  bool over() const { return index_ == phases_.size(); }
  std::size_t phase_index() const { return index_; }
  const std::vector<Phase>& phases() const { return phases_; }
  /// The present one; the last one when over.
  const Phase& phase() const { return phases_[over() ? phases_.size() - 1 : index_]; }
  int64_t phase_done_us() const { return phase_done_us_; }
  const Totals& totals() const { return totals_; }

 private:
  void add(const Stretch& stretch, int64_t us);

  std::vector<Phase> phases_;
  std::size_t index_ = 0;
  int64_t phase_done_us_ = 0;
  Totals totals_;
};

}  // namespace patella::cycling
