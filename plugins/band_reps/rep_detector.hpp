// Finds repetitions in the force of a band, relative to its tare.
//
// Two thresholds with hysteresis. A repetition begins when the force rises through `release_n` and then reaches
// `start_n`; it ends when the force falls below `release_n` again. What never reaches `start_n` is no repetition:
// tremor, a twitch, a shift of weight. The end of the movement is the zone from `low_n` (from `start_n` where
// there is no band) to `high_n`; it is left only by more than 3 % of its edge, at least 1 N. Above the zone the
// hold clock starts again, but a repetition without a hold counts however far above it went.
//
// Incomplete release. A dip that stays above the middle of the two thresholds is part of the same repetition
// (double peaks count once), and so is one that is over within 0.15 s (tremor while the force rises). But when such a short
// dip was below the lower threshold for 0.05 s at least (a reading stands for the time until the next one), and the target was
// reached both before and after it, it was the release between two fast pulls: the first is over when the second reaches the
// target. A sample that ends a dip belongs to one pull only: to the next one where the dip parted two. A longer dip below the
// middle that does not reach `release_n` ends the repetition, which is judged as any other; the next one began without a release
// and is not counted, "not_released". The same holds for a band that is already loaded when the set begins. A repetition that
// stays below the middle for 1.5 s is over as well.
//
// Not counted, in this order: "not_released"; "too_weak" (zone never reached); "too_short" (less than min_rep_us from release
// to release, or less than min_rise_us from leaving the lower threshold to the peak); "left_target" (in the zone, but not for
// hold_us without a break); "above_target" (the same, and it would have been a hold without the upper edge); "too_long" (over
// max_rep_us). It is told when it is over, never before; whether the top was reached (and it will so be counted when it is not too
// long) is known at once: reached().
#pragma once

#include <cstdint>
#include <optional>

#include "rise_rate.hpp"

namespace patella::band_reps {

struct RepRules {
  double start_n = 20;    // upper threshold
  double release_n = 10;  // lower threshold, below start_n
  double low_n = 0;       // of the target band; 0 = the zone begins at start_n
  double high_n = 0;      // 0 = open
  int64_t hold_us = 0;    // in the zone without a break; 0 = reaching it is enough
  int64_t min_rise_us = 0;
  int64_t min_rep_us = 0;
  int64_t max_rep_us = 0;  // 0 = none
};

enum class Verdict { kCounted, kNotReleased, kTooShort, kTooWeak, kLeftBand, kAboveTarget, kTooLong };
/// Why it does not count, as the log has it: "not_released". "" when it does.
const char* reason_of(Verdict verdict);

struct Rep {
  Verdict verdict = Verdict::kCounted;
  int64_t start_us = 0;  // left the release level
  int64_t top_us = 0;    // reached the zone; where it never did, the peak
  int64_t down_us = 0;   // left the zone for the last time; or the peak
  int64_t end_us = 0;
  double peak_n = 0, mean_n = 0, impulse_ns = 0;
  int64_t hold_us = 0;                // longest time in the zone without a break
  std::optional<double> rfd_n_per_s;  // rise_rate.hpp; nothing when the readings were too few
};

class RepDetector {
 public:
  static constexpr int64_t kDipUs = 150'000;
  static constexpr int64_t kMinReleaseUs = 50'000;
  static constexpr int64_t kSlowReleaseUs = 1'500'000;
  /// Two samples further apart than this say nothing about the time between them.
  static constexpr int64_t kMaxStepUs = 1'000'000;

  enum class State { kUnknown, kReleased, kRising, kPulling, kFalling, kUnreleased };

  explicit RepDetector(const RepRules& rules) : rules_(rules) {}

  /// A new set, or a signal that was interrupted: nothing is known about what the band did before.
  void begin() { *this = RepDetector(rules_); }
  /// Force above the tare. Returns the repetition that this sample completed.
  std::optional<Rep> sample(int64_t t_us, double force_n);
  /// Ends a repetition under way as if it had been released now. Nothing when none is under way.
  std::optional<Rep> cut(int64_t t_us);

  State state() const { return state_; }
  /// No repetition is under way and the band is below the lower threshold.
  bool released() const { return state_ == State::kReleased; }
  bool under_way() const { return state_ == State::kPulling || state_ == State::kFalling; }
  /// The repetition under way has done all it takes to count.
  bool reached() const { return under_way() && (before_ ? before_->reached : pull_.reached); }
  bool armed() const { return pull_.armed; }
  bool in_zone() const { return pull_.in_zone; }
  bool zone_seen() const { return pull_.zone_seen; }
  /// Time in the zone without a break, so far.
  int64_t dwell_us() const { return pull_.in_zone ? pull_.dwell_us : 0; }
  int64_t start_us() const { return pull_.rep.start_us; }
  int64_t down_us() const { return pull_.rep.down_us; }

 private:
  /// What is known of one repetition.
  struct Pull {
    Rep rep;
    bool armed = false;    // the band was released before it
    double force_sum = 0;  // N·µs
    int64_t weighed_us = 0;
    int64_t peak_us = 0;
    bool zone_seen = false, in_zone = false, reached = false;
    int64_t dwell_us = 0;
    bool over_low = false;
    int64_t over_low_us = 0, longest_over_low_us = 0;  // as dwell, without an upper edge
  };

  std::optional<Rep> follow(int64_t t_us, int64_t step_us, double force_n);
  void rise(int64_t t_us, int64_t step_us, double force_n);
  void begin_pull(int64_t start_us, int64_t t_us, double force_n, bool armed);
  void weigh(int64_t t_us, int64_t step_us, double force_n);
  void watch_zone(int64_t t_us, int64_t step_us, double force_n);
  void begin_unarmed(int64_t start_us, int64_t t_us, double force_n);
  void watch_reached(int64_t t_us);
  void begin_valley(int64_t t_us, double force_n);
  void note_valley(int64_t t_us, double force_n);
  std::optional<Rep> pulling(int64_t t_us, double force_n);
  void begin_dip(int64_t t_us, double force_n);
  void note_below(int64_t t_us, int64_t step_us, double force_n);
  std::optional<Rep> falling(int64_t t_us, int64_t step_us, double force_n);
  std::optional<Rep> next_after_dip(int64_t t_us, double force_n);
  std::optional<Rep> split(int64_t t_us, double force_n);
  bool short_release() const;
  Rep finish(int64_t t_us);
  Rep close(Pull pull, int64_t t_us) const;
  Verdict judge(const Pull& pull) const;
  double zone_low_n() const { return rules_.low_n > 0 ? rules_.low_n : rules_.start_n; }
  double middle_n() const { return 0.5 * (rules_.start_n + rules_.release_n); }

  RepRules rules_;
  State state_ = State::kUnknown;
  bool has_last_ = false;
  int64_t last_us_ = 0;
  Pull pull_;
  RiseRate rise_rate_;          // of the pull under way
  std::optional<Pull> before_;  // over at its rep.end_us, if the pull under way turns out to be one of its own
  int64_t falling_since_us_ = 0;
  bool below_ = false;  // the release level was passed while falling
  int64_t below_us_ = 0;
  bool was_below_ = false;  // at the sample before
  int64_t below_for_us_ = 0;
  double valley_n_ = 0;
  int64_t valley_us_ = 0;
};

}  // namespace patella::band_reps
