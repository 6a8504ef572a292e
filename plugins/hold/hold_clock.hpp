// The clock of one hold: how long the position was held, and whether it was held to the end.
//
// Without a gate, time runs while work runs. With a gate it runs only between two samples that are both inside
// the force band, so nothing is counted that no sample vouches for. A hold starts after 0.2 s inside the band;
// that time is not part of it. Outside the band the clock stands; when it stays outside for longer than
// the grace time the hold is broken and keeps the time it had. An edge of the band is left only by more than
// 3 % of it, at least 1 N, so that tremor at the edge does not stop the clock.
#pragma once

#include <cstdint>

namespace patella::hold {

struct HoldSettings {
  int64_t hold_us = 0;
  int64_t grace_us = 0;
  double low_n = 0;   // 0 = open
  double high_n = 0;  // 0 = open
  bool gated = false;
};

enum class HoldState { kNotYet, kRunning, kOut, kHeld, kBroken };

class HoldClock {
 public:
  static constexpr int64_t kDebounceUs = 200'000;
  /// Two samples further apart than this say nothing about the time between them.
  static constexpr int64_t kMaxStepUs = 1'000'000;

  explicit HoldClock(const HoldSettings& settings) : settings_(settings) {}

  /// A new hold; the time before t_us does not count.
  void begin(int64_t t_us);
  /// Ungated: work runs up to t_us.
  void tick(int64_t t_us);
  /// A force sample during work.
  void sample(int64_t t_us, double force_n);
  /// The clock stands from here: pause or lost sensor. In the band again means debounced again; a grace time
  /// that had begun starts again.
  void stand();
  /// Ungated: time goes on from t_us.
  void go_on(int64_t t_us);

  HoldState state() const { return state_; }
  bool over() const { return state_ == HoldState::kHeld || state_ == HoldState::kBroken; }
  int64_t held_us() const { return held_us_; }
  int64_t left_us() const { return settings_.hold_us - held_us_; }
  /// When the hold was completed, or when the band was left for good. Valid when over().
  int64_t over_us() const { return over_us_; }
  /// Force while the clock ran, in N; 0 when there was none.
  bool has_force() const { return force_us_ > 0; }
  double mean_n() const { return force_us_ > 0 ? force_sum_ / static_cast<double>(force_us_) : 0; }
  double min_n() const { return min_n_; }
  double peak_n() const { return peak_n_; }

 private:
  bool inside(double force_n) const;
  void add(int64_t t_us, int64_t step_us);
  void weigh(double force_n, int64_t step_us);
  void sample_gated(int64_t t_us, double force_n, int64_t step_us, bool was_inside);

  HoldSettings settings_;
  HoldState state_ = HoldState::kNotYet;
  int64_t held_us_ = 0;
  int64_t over_us_ = 0;
  int64_t last_tick_us_ = 0;
  bool has_sample_ = false;  // since begin() or stand()
  int64_t last_sample_us_ = 0;
  bool inside_ = false;
  int64_t inside_since_us_ = 0;
  int64_t out_since_us_ = 0;
  double force_sum_ = 0;  // N·µs
  int64_t force_us_ = 0;
  double min_n_ = 0, peak_n_ = 0;
};

}  // namespace patella::hold
