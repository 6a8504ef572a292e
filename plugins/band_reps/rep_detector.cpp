#include "rep_detector.hpp"

#include <algorithm>

namespace patella::band_reps {

namespace {
constexpr double kEdgeShare = 0.03;
constexpr double kEdgeLeastN = 1.0;
double edge(double bound_n) { return std::max(kEdgeLeastN, kEdgeShare * bound_n); }
}  // namespace

const char* reason_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kCounted:
      return "";
    case Verdict::kNotReleased:
      return "not_released";
    case Verdict::kTooShort:
      return "too_short";
    case Verdict::kTooWeak:
      return "too_weak";
    case Verdict::kLeftBand:
      return "left_target";
    case Verdict::kAboveTarget:
      return "above_target";
    case Verdict::kTooLong:
      return "too_long";
  }
  return "";
}

std::optional<Rep> RepDetector::sample(int64_t t_us, double force_n) {
  if (has_last_ && t_us < last_us_) return std::nullopt;
  const int64_t step_us = has_last_ && t_us - last_us_ <= kMaxStepUs ? t_us - last_us_ : 0;
  if (has_last_ && t_us - last_us_ > kMaxStepUs) pull_.in_zone = pull_.over_low = false;
  has_last_ = true;
  last_us_ = t_us;
  const std::optional<Rep> rep = follow(t_us, step_us, force_n);
  rise_rate_.add(t_us, force_n);  // after it: a sample that begins the next repetition says nothing about the one before
  return rep;
}

std::optional<Rep> RepDetector::follow(int64_t t_us, int64_t step_us, double force_n) {
  switch (state_) {
    case State::kUnknown:
    case State::kUnreleased:
      if (force_n < rules_.release_n) {
        state_ = State::kReleased;
      } else if (force_n >= rules_.start_n) {
        begin_unarmed(state_ == State::kUnreleased ? valley_us_ : t_us, t_us, force_n);
      } else {
        if (state_ == State::kUnknown) begin_valley(t_us, force_n);
        state_ = State::kUnreleased;
        note_valley(t_us, force_n);
      }
      return std::nullopt;
    case State::kReleased:
    case State::kRising:
      rise(t_us, step_us, force_n);
      return std::nullopt;
    case State::kPulling:
      weigh(t_us, step_us, force_n);
      watch_zone(t_us, step_us, force_n);
      return pulling(t_us, force_n);
    case State::kFalling:
      return falling(t_us, step_us, force_n);
  }
  return std::nullopt;
}

std::optional<Rep> RepDetector::cut(int64_t t_us) {
  if (!under_way()) return std::nullopt;
  const Rep rep = finish(std::max(t_us, last_us_));
  state_ = State::kUnknown;
  return rep;
}

// From below the lower threshold up to the upper one.
void RepDetector::rise(int64_t t_us, int64_t step_us, double force_n) {
  if (force_n < rules_.release_n) {
    state_ = State::kReleased;
    return;
  }
  if (state_ == State::kReleased) {
    begin_pull(t_us, t_us, force_n, true);
    state_ = State::kRising;
  }
  weigh(t_us, step_us, force_n);
  if (force_n < rules_.start_n) return;
  state_ = State::kPulling;
  watch_zone(t_us, 0, force_n);
  pulling(t_us, force_n);
}

void RepDetector::begin_pull(int64_t start_us, int64_t t_us, double force_n, bool armed) {
  rise_rate_.begin();
  pull_ = Pull{};
  pull_.armed = armed;
  pull_.rep.start_us = pull_.rep.top_us = pull_.rep.down_us = start_us;
  pull_.rep.peak_n = force_n;
  pull_.peak_us = t_us;
}

void RepDetector::begin_unarmed(int64_t start_us, int64_t t_us, double force_n) {
  begin_pull(start_us, t_us, force_n, false);
  state_ = State::kPulling;
  watch_zone(t_us, 0, force_n);
  watch_reached(t_us);
}

void RepDetector::weigh(int64_t t_us, int64_t step_us, double force_n) {
  pull_.force_sum += force_n * static_cast<double>(step_us);
  pull_.weighed_us += step_us;
  if (force_n <= pull_.rep.peak_n) return;
  pull_.rep.peak_n = force_n;
  pull_.peak_us = t_us;
}

void RepDetector::watch_zone(int64_t t_us, int64_t step_us, double force_n) {
  Pull& p = pull_;
  const double low_n = zone_low_n() - (p.over_low ? edge(zone_low_n()) : 0);
  const double high_n = rules_.high_n + (p.in_zone ? edge(rules_.high_n) : 0);
  const bool was_in = p.in_zone;
  p.in_zone = force_n >= low_n && (rules_.high_n <= 0 || force_n <= high_n);
  if (force_n >= zone_low_n() && !p.zone_seen) {
    p.zone_seen = true;
    p.rep.top_us = t_us;
  }
  if (!was_in) p.dwell_us = 0;
  if (was_in) p.dwell_us += step_us;
  p.rep.hold_us = std::max(p.rep.hold_us, p.dwell_us);
  const bool was_over = p.over_low;
  p.over_low = force_n >= low_n;
  p.over_low_us = was_over ? p.over_low_us + step_us : 0;
  p.longest_over_low_us = std::max(p.longest_over_low_us, p.over_low_us);
  if (p.over_low && p.zone_seen) p.rep.down_us = t_us;
}

std::optional<Rep> RepDetector::pulling(int64_t t_us, double force_n) {
  watch_reached(t_us);
  if (before_ && pull_.zone_seen) {
    const Rep rep = close(*before_, before_->rep.end_us);
    before_.reset();
    return rep;
  }
  if (force_n < middle_n()) begin_dip(t_us, force_n);
  return std::nullopt;
}

void RepDetector::begin_dip(int64_t t_us, double force_n) {
  state_ = State::kFalling;
  falling_since_us_ = t_us;
  below_ = was_below_ = false;
  below_for_us_ = 0;
  begin_valley(t_us, force_n);
  note_below(t_us, 0, force_n);
}

// A reading stands for the time until the next one.
void RepDetector::note_below(int64_t t_us, int64_t step_us, double force_n) {
  if (was_below_) below_for_us_ += step_us;
  was_below_ = force_n < rules_.release_n;
  if (!was_below_ || below_) return;
  below_ = true;
  below_us_ = t_us;
}

// Whose a sample is that ends a dip comes first: the next pull's top must not be weighed into the one before.
std::optional<Rep> RepDetector::falling(int64_t t_us, int64_t step_us, double force_n) {
  const bool weighed = !below_;
  note_below(t_us, step_us, force_n);
  const bool long_dip = t_us - falling_since_us_ >= kDipUs;
  if (force_n >= rules_.start_n) {
    if (long_dip) return next_after_dip(t_us, force_n);
    if (short_release()) return split(t_us, force_n);
    state_ = State::kPulling;
    weigh(t_us, step_us, force_n);
    watch_zone(t_us, step_us, force_n);
    return pulling(t_us, force_n);
  }
  if (weighed) weigh(t_us, step_us, force_n);
  watch_zone(t_us, step_us, force_n);
  watch_reached(t_us);
  note_valley(t_us, force_n);
  if (!long_dip) return std::nullopt;
  if (below_) return next_after_dip(t_us, force_n);
  if (t_us - falling_since_us_ < kSlowReleaseUs) return std::nullopt;
  state_ = State::kUnreleased;
  return finish(t_us);
}

// The dip was long enough to part two repetitions; the sample is the first after the one that is over.
std::optional<Rep> RepDetector::next_after_dip(int64_t t_us, double force_n) {
  const Rep rep = finish(below_ ? below_us_ : valley_us_);
  if (!below_) {
    begin_unarmed(valley_us_, t_us, force_n);
    return rep;
  }
  state_ = State::kReleased;
  if (force_n >= rules_.release_n) rise(t_us, 0, force_n);
  return rep;
}

// Back at the upper threshold within kDipUs, and released in between: the begin of the next, if the target is reached again.
std::optional<Rep> RepDetector::split(int64_t t_us, double force_n) {
  state_ = State::kPulling;
  before_ = pull_;
  before_->rep.end_us = below_us_;
  before_->rep.rfd_n_per_s = rise_rate_.steepest_n_per_s();
  begin_pull(valley_us_, t_us, force_n, true);
  watch_zone(t_us, 0, force_n);
  return pulling(t_us, force_n);
}

bool RepDetector::short_release() const {
  if (!below_ || before_ || !pull_.armed || !pull_.zone_seen) return false;
  return below_for_us_ >= kMinReleaseUs && below_us_ - pull_.rep.start_us >= rules_.min_rep_us;
}

void RepDetector::watch_reached(int64_t t_us) {
  Pull& p = pull_;
  if (!p.armed || !p.zone_seen || p.rep.hold_us < rules_.hold_us) return;
  if (p.peak_us - p.rep.start_us >= rules_.min_rise_us && t_us - p.rep.start_us >= rules_.min_rep_us) p.reached = true;
}

void RepDetector::begin_valley(int64_t t_us, double force_n) {
  valley_n_ = force_n;
  valley_us_ = t_us;
}

void RepDetector::note_valley(int64_t t_us, double force_n) {
  if (force_n > valley_n_) return;
  valley_n_ = force_n;
  valley_us_ = t_us;
}

// The pull under way is over. One before it that still waited was the same after all: the target was not reached again.
Rep RepDetector::finish(int64_t t_us) {
  Rep rep = close(before_ ? *before_ : pull_, t_us);
  rep.rfd_n_per_s = std::max(rep.rfd_n_per_s, rise_rate_.steepest_n_per_s());
  before_.reset();
  pull_.in_zone = false;
  return rep;
}

Rep RepDetector::close(Pull pull, int64_t t_us) const {
  pull.rep.end_us = t_us;
  if (!pull.zone_seen) pull.rep.top_us = pull.rep.down_us = pull.peak_us;
  pull.rep.impulse_ns = pull.force_sum / 1e6;
  pull.rep.mean_n = pull.weighed_us > 0 ? pull.force_sum / static_cast<double>(pull.weighed_us) : pull.rep.peak_n;
  pull.rep.verdict = judge(pull);
  return pull.rep;
}

Verdict RepDetector::judge(const Pull& pull) const {
  const int64_t length_us = pull.rep.end_us - pull.rep.start_us;
  if (!pull.armed) return Verdict::kNotReleased;
  if (!pull.zone_seen) return Verdict::kTooWeak;
  if (pull.peak_us - pull.rep.start_us < rules_.min_rise_us || length_us < rules_.min_rep_us) return Verdict::kTooShort;
  if (pull.rep.hold_us < rules_.hold_us)
    return pull.longest_over_low_us < rules_.hold_us ? Verdict::kLeftBand : Verdict::kAboveTarget;
  if (rules_.max_rep_us > 0 && length_us > rules_.max_rep_us) return Verdict::kTooLong;
  return Verdict::kCounted;
}

}  // namespace patella::band_reps
