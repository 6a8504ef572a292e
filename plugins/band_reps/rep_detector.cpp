#include "rep_detector.hpp"

#include <algorithm>

namespace patella::band_reps {

namespace {
constexpr double kEdgeShare = 0.03;
constexpr double kEdgeLeastN = 1.0;
double edge(double bound_n) { return std::max(kEdgeLeastN, kEdgeShare * bound_n); }
}  // namespace

const char* words_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kCounted: return "";
    case Verdict::kNotReleased: return "not released";
    case Verdict::kTooShort: return "too short";
    case Verdict::kTooWeak: return "too weak";
    case Verdict::kLeftBand: return "left the band";
    case Verdict::kTooLong: return "too long";
  }
  return "";
}

std::optional<Rep> RepDetector::sample(int64_t t_us, double force_n) {
  if (has_last_ && t_us < last_us_) return std::nullopt;
  const int64_t step_us = has_last_ && t_us - last_us_ <= kLongestStepUs ? t_us - last_us_ : 0;
  if (has_last_ && t_us - last_us_ > kLongestStepUs) in_zone_ = false;
  has_last_ = true;
  last_us_ = t_us;

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
    case State::kRising: rise(t_us, step_us, force_n); return std::nullopt;
    case State::kPulling:
      weigh(step_us, force_n);
      watch_zone(t_us, step_us, force_n);
      return pulling(t_us, force_n);
    case State::kFalling:
      if (!below_) weigh(step_us, force_n);
      watch_zone(t_us, step_us, force_n);
      return falling(t_us, force_n);
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
    armed_ = true;
    begin_rep(t_us, force_n);
    state_ = State::kRising;
  }
  weigh(step_us, force_n);
  if (force_n < rules_.start_n) return;
  state_ = State::kPulling;
  watch_zone(t_us, 0, force_n);
  pulling(t_us, force_n);
}

void RepDetector::begin_rep(int64_t t_us, double force_n) {
  rep_ = Rep{};
  rep_.start_us = rep_.top_us = rep_.down_us = t_us;
  rep_.peak_n = force_n;
  peak_us_ = t_us;
  force_sum_ = 0;
  weighed_us_ = 0;
  zone_seen_ = in_zone_ = reached_ = false;
  dwell_us_ = 0;
}

void RepDetector::begin_unarmed(int64_t start_us, int64_t t_us, double force_n) {
  armed_ = false;
  begin_rep(start_us, force_n);
  state_ = State::kPulling;
  peak_us_ = t_us;
  watch_zone(t_us, 0, force_n);
  watch_reached(t_us);
}

void RepDetector::weigh(int64_t step_us, double force_n) {
  force_sum_ += force_n * static_cast<double>(step_us);
  weighed_us_ += step_us;
}

void RepDetector::watch_zone(int64_t t_us, int64_t step_us, double force_n) {
  const double low_n = zone_low_n() - (in_zone_ ? edge(zone_low_n()) : 0);
  const double high_n = rules_.high_n + (in_zone_ ? edge(rules_.high_n) : 0);
  const bool was_in = in_zone_;
  in_zone_ = force_n >= low_n && (rules_.high_n <= 0 || force_n <= high_n);
  if (force_n >= zone_low_n() && !zone_seen_) {
    zone_seen_ = true;
    rep_.top_us = t_us;
  }
  if (!was_in) dwell_us_ = 0;
  if (was_in) dwell_us_ += step_us;
  rep_.hold_us = std::max(rep_.hold_us, dwell_us_);
  if (force_n >= low_n && zone_seen_) rep_.down_us = t_us;
}

std::optional<Rep> RepDetector::pulling(int64_t t_us, double force_n) {
  if (force_n > rep_.peak_n) {
    rep_.peak_n = force_n;
    peak_us_ = t_us;
  }
  watch_reached(t_us);
  if (force_n >= middle_n()) return std::nullopt;
  state_ = State::kFalling;
  falling_since_us_ = t_us;
  begin_valley(t_us, force_n);
  below_ = false;
  return falling(t_us, force_n);
}

std::optional<Rep> RepDetector::falling(int64_t t_us, double force_n) {
  watch_reached(t_us);
  note_valley(t_us, force_n);
  if (force_n < rules_.release_n && !below_) {
    below_ = true;
    below_us_ = t_us;
  }
  const bool dip = t_us - falling_since_us_ < kDipUs;
  if (dip) {
    if (force_n >= rules_.start_n) state_ = State::kPulling;
    return std::nullopt;
  }
  if (below_) {
    const Rep rep = finish(below_us_);
    state_ = State::kReleased;
    if (force_n >= rules_.release_n) rise(t_us, 0, force_n);
    return rep;
  }
  if (force_n >= rules_.start_n) {
    const Rep rep = finish(valley_us_);
    begin_unarmed(valley_us_, t_us, force_n);
    return rep;
  }
  if (t_us - falling_since_us_ < kSlowReleaseUs) return std::nullopt;
  state_ = State::kUnreleased;
  return finish(t_us);
}

void RepDetector::watch_reached(int64_t t_us) {
  if (!armed_ || !zone_seen_ || rep_.hold_us < rules_.hold_us) return;
  if (rise_us() >= rules_.min_rise_us && t_us - rep_.start_us >= rules_.min_rep_us) reached_ = true;
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

Rep RepDetector::finish(int64_t t_us) {
  rep_.end_us = t_us;
  if (!zone_seen_) rep_.top_us = rep_.down_us = peak_us_;
  rep_.impulse_ns = force_sum_ / 1e6;
  rep_.mean_n = weighed_us_ > 0 ? force_sum_ / static_cast<double>(weighed_us_) : rep_.peak_n;
  rep_.verdict = judge();
  in_zone_ = false;
  return rep_;
}

Verdict RepDetector::judge() const {
  if (!armed_) return Verdict::kNotReleased;
  if (rise_us() < rules_.min_rise_us || rep_.end_us - rep_.start_us < rules_.min_rep_us) return Verdict::kTooShort;
  if (!zone_seen_) return Verdict::kTooWeak;
  if (rep_.hold_us < rules_.hold_us) return Verdict::kLeftBand;
  if (rules_.max_rep_us > 0 && rep_.end_us - rep_.start_us > rules_.max_rep_us) return Verdict::kTooLong;
  return Verdict::kCounted;
}

}  // namespace patella::band_reps
