// Draws sets of band pulls as people do them, and as sensors see them, with the truth: which of them a person who counts along
// would count under the exercise's rule (the target was reached, held where a hold is asked for, and the band was released
// before), and why not the others. Everything follows from the seed.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace patella::test {

enum class Feature {
  plain,
  tremor,
  drift,
  double_peak,
  partial,
  weak,
  strong,
  slow,
  snap,
  sloppy,
  hold,
  knock,
  on_change,
  coarse,
  rest_load,
  wild_single,
  wild_pair,
  mixed
};
inline constexpr std::array kFeatures = {
    Feature::plain,     Feature::tremor, Feature::drift,     Feature::double_peak, Feature::partial,   Feature::weak,
    Feature::strong,    Feature::slow,   Feature::snap,      Feature::sloppy,      Feature::hold,      Feature::knock,
    Feature::on_change, Feature::coarse, Feature::rest_load, Feature::wild_single, Feature::wild_pair, Feature::mixed};
inline const char* name_of(Feature feature) {
  constexpr const char* names[] = {"plain",     "tremor", "drift",     "double peak", "partial",   "weak",
                                   "strong",    "slow",   "snap",      "sloppy",      "hold",      "knock",
                                   "on change", "coarse", "rest load", "wild single", "wild pair", "mixed"};
  return names[static_cast<std::size_t>(feature)];
}

inline constexpr std::array kRatesHz = {8.0, 10.0, 12.5, 20.0, 50.0, 80.0, 100.0, 160.0, 320.0, 640.0, 1280.0};
inline constexpr std::array kSpeedsHz = {0.2, 0.35, 0.5, 0.7, 0.9, 1.2};

struct PullPlan {
  bool pulses = false;
  Feature feature = Feature::plain;
  double rate_hz = 80;
  double speed_hz = 0.5;  // pulls a second
  int pulls = 8;
  uint32_t seed = 1;
};

struct Attempt {
  double begin_s = 0, end_s = 0;  // until the next one begins
  std::string truth;              // "+": a person counts it; else the reason why not; "" = no try at all
  bool may_be_silent = false;     // so small or short that it need not be seen as a try
};

struct Reading {
  int64_t t_us;
  double n;
  bool wild;
};

struct PulledSet {
  double target_n = 40, high_n = 0, hold_s = 0;
  std::vector<Attempt> attempts;
  std::vector<Reading> readings;
  double end_s = 0;
};

class PullMaker {
 public:
  explicit PullMaker(const PullPlan& plan) : plan_(plan), random_(plan.seed), features_(bit(plan.feature)) {
    if (plan.feature != Feature::mixed) return;
    for (const Feature feature : {Feature::tremor, Feature::drift, Feature::double_peak, Feature::partial, Feature::sloppy,
                                  Feature::on_change, Feature::wild_single})
      if (chance(0.5)) features_ |= bit(feature);
  }

  PulledSet make() {
    choose_person();
    stay(2.5);
    if (plan_.pulses && !is(Feature::knock)) move_to(valley_n(), 0.5);
    for (int i = 0; i < plan_.pulls; ++i) attempt(i);
    if (plan_.pulses) move_to(0, 0.5);
    stay(2);
    set_.end_s = now_s_;
    read();
    return std::move(set_);
  }

 private:
  struct Knot {
    double t_s, n;
    bool smooth;  // towards it along half a cosine, else straight
  };

  static uint32_t bit(Feature feature) { return 1u << static_cast<unsigned>(feature); }
  bool is(Feature feature) const { return (features_ & bit(feature)) != 0; }
  double between(double low, double high) { return low + (high - low) * static_cast<double>(random_() % 100'001) / 100'000.0; }
  bool chance(double part) { return between(0, 1) < part; }

  void choose_person() {
    constexpr std::array targets_n = {20.0, 30.0, 40.0, 60.0};
    set_.target_n = targets_n[random_() % targets_n.size()];
    if (is(Feature::weak)) set_.target_n = between(12, 20);
    if (is(Feature::strong) && chance(0.5)) set_.target_n = between(120, 300);
    if (is(Feature::coarse)) {
      constexpr std::array steps_n = {0.1, 0.5, 1.0, 2.0, 5.0, 10.0};
      step_n_ = steps_n[random_() % steps_n.size()];
      zero_n_ = chance(0.5) ? step_n_ / 2 : between(-step_n_, step_n_);
      set_.target_n = step_n_ >= 5 ? 60 : 40;
    }
    if (is(Feature::rest_load)) zero_n_ = between(6, 9);
    if (is(Feature::on_change)) step_n_ = 0.5;
    if (is(Feature::drift)) drift_n_ = (chance(0.5) ? 1 : -1) * between(0.03, is(Feature::mixed) ? 0.03 : 0.1) * set_.target_n;
    if (is(Feature::tremor)) {
      tremor_share_ = between(0.02, is(Feature::mixed) ? 0.03 : 0.06);
      tremor_hz_ = between(5, 11);
    }
    if (is(Feature::hold) && !plan_.pulses) {
      set_.hold_s = 2;
      set_.high_n = 2 * set_.target_n;
    }
    if (is(Feature::wild_single) || is(Feature::wild_pair)) set_.hold_s = plan_.pulses ? 0 : chance(0.5) ? 0.5 : 0;
    noise_n_ = between(0.05, 0.3);
  }

  double step_s() const { return 1 / plan_.rate_hz; }
  double period_s() const { return 1 / plan_.speed_hz; }
  double rest_n() { return is(Feature::sloppy) ? between(0.02, is(Feature::mixed) ? 0.14 : 0.18) * set_.target_n : 0; }
  double valley_n() { return (is(Feature::coarse) ? between(0.25, 0.45) : between(0.3, 0.55)) * set_.target_n; }
  double peak_n() {
    const double margin_n = is(Feature::coarse) ? 1.1 * step_n_ : 0;
    if (is(Feature::weak)) return set_.target_n * between(1.08, 1.2) + 0.5;
    if (is(Feature::strong)) return set_.target_n * between(1.8, 4);
    if (is(Feature::hold)) return set_.target_n * between(1.2, 1.7);
    return set_.target_n * between(1.2, 1.8) + margin_n;
  }

  void move_to(double n, double seconds, bool smooth = true) {
    now_s_ += seconds;
    knots_.push_back({now_s_, n, smooth});
    level_n_ = n;
  }
  void stay(double seconds) { move_to(level_n_, seconds, false); }
  Attempt& begin(const char* truth) {
    if (!set_.attempts.empty()) set_.attempts.back().end_s = now_s_;
    set_.attempts.push_back({now_s_, 1e9, truth, false});
    return set_.attempts.back();
  }

  void attempt(int number) {
    if (is(Feature::knock) && number % 3 == 1) return knock();
    if (plan_.pulses && !is(Feature::knock)) return pulse(number);
    if (is(Feature::slow)) return full("+", peak_n(), between(2.6, 3.2), between(0.1, 0.8), between(2.6, 3.2), between(0.5, 1.5));
    if (is(Feature::snap)) return snap();
    if (is(Feature::hold)) return held(number);
    const double t_s = period_s() * between(0.93, 1.07);
    if (is(Feature::partial) && number % 3 == 1) {
      const bool tiny = chance(0.3);
      const double n = set_.target_n * (tiny ? between(0.1, 0.4) : between(0.6, 0.88));
      return full(tiny ? "" : "too_weak", n, 0.35 * t_s, 0.1 * t_s, 0.3 * t_s, 0.25 * t_s);
    }
    if (is(Feature::sloppy) && !is(Feature::mixed) && number % 4 == 2) return unreleased(t_s);
    const double top_s = set_.hold_s > 0 ? set_.hold_s + between(0.2, 0.5) + 3 * step_s() : 0.1 * t_s;
    full("+", peak_n(), 0.35 * t_s, top_s, 0.3 * t_s, 0.25 * t_s);
  }

  void full(const char* truth, double n, double up_s, double top_s, double down_s, double rest_s) {
    begin(truth);
    move_to(n, up_s);
    if (is(Feature::double_peak) && n > set_.target_n) {
      const double dip_s = std::max(0.12, 0.1 * period_s());
      move_to(std::max(0.6 * set_.target_n, n * between(0.55, 0.8)), dip_s);
      move_to(n * between(0.9, 1.1), dip_s);
    }
    stay(top_s);
    move_to(rest_n(), down_s);
    stay(rest_s);
  }

  // Only half released after a good one: the next does not count.
  void unreleased(double t_s) {
    begin("+");
    const double n = peak_n();
    move_to(n, 0.35 * t_s);
    move_to(0.31 * set_.target_n, 0.3 * t_s);
    stay(std::max(0.35, 0.2 * t_s));
    begin("not_released");
    move_to(n, 0.35 * t_s);
    move_to(rest_n(), 0.3 * t_s);
    stay(0.25 * t_s);
  }

  void snap() {
    begin("+");
    if (chance(0.5)) {  // 10 to 40 N in 0.1 s, on to 75 N, for a target of 40 N
      move_to(0.25 * set_.target_n, 0.05, false);
      move_to(set_.target_n, 0.1, false);
      move_to(set_.target_n * between(1.5, 2), between(0.5, 1.9), false);
      move_to(0, between(0.1, 0.3), false);
    } else {
      move_to(set_.target_n * between(1.4, 2.2), between(0.06, 0.12), false);
      stay(between(0.3, 0.7));
      move_to(0, between(0.06, 0.15), false);
    }
    stay(between(0.5, 1.2));
  }

  // A hold as a person does it who is told when it is long enough; a short one; one that is pulled too far.
  void held(int number) {
    const double t_s = period_s();
    const double up_s = std::min(1.5, 0.35 * t_s), reaction_s = between(0.2, 0.6) + 3 * step_s();
    if (number % 4 == 1) return full("left_target", peak_n(), up_s, between(0.2, 0.5) * set_.hold_s, up_s / 2, 0.8);
    if (number % 4 == 3)
      return full("above_target", set_.high_n * between(1.12, 1.4), up_s, set_.hold_s + reaction_s, up_s / 2, 0.8);
    full("+", peak_n(), up_s, set_.hold_s + reaction_s, up_s / 2, 0.8);
  }

  // Somebody stumbles against the band.
  void knock() {
    begin("too_short").may_be_silent = true;
    move_to(peak_n(), between(0.02, 0.04));
    move_to(0, between(0.02, 0.04));
    stay(0.9);
  }

  void pulse(int number) {
    const double t_s = is(Feature::slow) ? between(6, 7) : period_s() * between(0.93, 1.07);
    if (is(Feature::partial) && number % 3 == 1) {
      const bool tiny = is(Feature::mixed) || chance(0.5);
      begin(tiny ? "" : "too_weak").may_be_silent = true;
      move_to(set_.target_n * (tiny ? between(0.6, 0.82) : between(0.93, 0.97)), t_s / 2);
    } else if (is(Feature::sloppy) && !is(Feature::mixed) && number % 4 == 2) {
      begin("+");
      move_to(peak_n(), t_s / 2);
      move_to(0.725 * set_.target_n, t_s / 2);
      stay(0.35);
      begin("not_released");
      move_to(peak_n(), t_s / 2);
    } else {
      begin("+");
      const double n = peak_n();
      move_to(n, t_s / 2);
      if (is(Feature::double_peak)) {
        const double dip_s = std::max(0.12, 0.1 * t_s);
        move_to(std::max(0.87 * set_.target_n, 0.8 * n), dip_s);
        move_to(n, dip_s);
      }
    }
    move_to(valley_n(), t_s / 2);
  }

  double force_at(double t_s) {
    while (knot_ + 1 < knots_.size() && knots_[knot_].t_s < t_s) ++knot_;
    const Knot& to = knots_[knot_];
    const Knot from = knot_ > 0 ? knots_[knot_ - 1] : Knot{0, 0, false};
    const double part = to.t_s > from.t_s ? std::clamp((t_s - from.t_s) / (to.t_s - from.t_s), 0.0, 1.0) : 1;
    const double way = to.smooth ? 0.5 - 0.5 * std::cos(3.14159265358979 * part) : part;
    return from.n + (to.n - from.n) * way;
  }

  double seen_at(double t_s) {
    const double force_n = force_at(t_s);
    const double tremor_n =
        is(Feature::tremor) ? (0.3 + tremor_share_ * force_n) * std::sin(6.28318530717959 * tremor_hz_ * t_s) : 0;
    const double seen_n = zero_n_ + drift_n_ * t_s / set_.end_s + force_n + tremor_n + between(-noise_n_, noise_n_);
    return step_n_ > 0 ? std::floor(seen_n / step_n_ + 0.5) * step_n_ : seen_n;
  }

  void read() {
    double sent_n = 0, sent_s = -1;
    int until_wild = static_cast<int>(random_() % 40) + 20, wild_left = 0;
    double wild_n = 0;
    const double first_s = between(0, 1) * step_s();
    for (int64_t i = 0;; ++i) {
      const double t_s = first_s + (static_cast<double>(i) + between(-0.05, 0.05)) * step_s();
      if (t_s > set_.end_s) return;
      if (t_s < 0) continue;
      double n = seen_at(t_s);
      bool wild = false;
      if (is(Feature::wild_single) || is(Feature::wild_pair)) {
        constexpr std::array values_n = {-180.6, -143.37, 0.0, 1302.99, 3858.0};
        if (--until_wild <= 0 && wild_left == 0) {
          wild_left = is(Feature::wild_pair) ? 2 : 1;
          wild_n = values_n[random_() % values_n.size()];
          until_wild = static_cast<int>(random_() % 40) + 20;
        }
        if (wild_left > 0) {
          --wild_left;
          wild = true;
          n = wild_n;
        }
      }
      if (is(Feature::on_change) && n == sent_n && t_s - sent_s < 0.5) continue;
      sent_n = n;
      sent_s = t_s;
      set_.readings.push_back({static_cast<int64_t>(t_s * 1e6), n, wild});
    }
  }

  PullPlan plan_;
  std::mt19937 random_;
  uint32_t features_;
  PulledSet set_;
  std::vector<Knot> knots_;
  std::size_t knot_ = 0;
  double now_s_ = 0, level_n_ = 0;
  double step_n_ = 0, zero_n_ = 0, drift_n_ = 0, noise_n_ = 0.2, tremor_share_ = 0, tremor_hz_ = 8;
};

}  // namespace patella::test
