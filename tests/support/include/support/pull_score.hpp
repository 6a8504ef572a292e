// Plays drawn pulls (pull_maker.hpp) on the band module as it is shipped and counts what it got right.
#pragma once

#include <cstdio>
#include <map>
#include <string>

#include "band_reps/band_reps.hpp"
#include "support/module_rig.hpp"
#include "support/pull_maker.hpp"

namespace patella::test {

struct Score {
  int true_reps = 0, found = 0, counted = 0;  // reps a person counts; those that were counted; all that was counted
  int refused = 0, right_reasons = 0;         // what a person does not count; of it, said so with the true reason
  int spurious = 0;                           // refusals of what was no try
  int peaks = 0, wrong_peaks = 0;

  double recall() const { return true_reps > 0 ? static_cast<double>(found) / true_reps : 1; }
  double precision() const { return counted > 0 ? static_cast<double>(found) / counted : 1; }
  double reasons() const { return refused > 0 ? static_cast<double>(right_reasons) / refused : 1; }
  void add(const Score& other) {
    true_reps += other.true_reps;
    found += other.found;
    counted += other.counted;
    refused += other.refused;
    right_reasons += other.right_reasons;
    spurious += other.spurious;
    peaks += other.peaks;
    wrong_peaks += other.wrong_peaks;
  }
};

/// The parameters as shipped, for one long set of this person.
inline Values shipped_for(const PulledSet& set, bool pulses) {
  return Values(band_reps::kParams)
      .set("sets", 1)
      .set("reps", 100)
      .set("sides", 0)
      .set("countdown_s", 0)
      .set("profile", pulses ? 1 : 0)
      .set("force_low_n", set.target_n)
      .set("force_high_n", set.high_n)
      .set("hold_s", set.hold_s);
}

inline std::vector<Record> records_of(const PulledSet& set) {
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  for (const Reading& reading : set.readings) stream.sample(band_reps::BandReps::kForce, reading.t_us, reading.n);
  return stream.with_ticks(static_cast<int64_t>(set.end_s * 1e6) + 1'000'000);
}

/// The largest true reading while the repetition lasted; readings that a wild pair covers are not known to anybody.
inline double true_peak_n(const PulledSet& set, double begin_s, double end_s) {
  double most_n = -1e9;
  for (const Reading& reading : set.readings) {
    const double t_s = static_cast<double>(reading.t_us) / 1e6;
    if (!reading.wild && t_s >= begin_s - 1e-6 && t_s <= end_s + 1e-6) most_n = std::max(most_n, reading.n);
  }
  return most_n;
}

inline Score score_of(const PulledSet& set, const Said& said) {
  Score score;
  const auto reps = said.of_kind(PATELLA_EVENT_REP);
  for (const Attempt& attempt : set.attempts) {
    int counted = 0, refused = 0;
    std::string reason;
    for (const patella_event& rep : reps) {
      const double begin_s = field_of(rep, "start_s"), end_s = static_cast<double>(rep.t_us) / 1e6,
                   middle_s = (begin_s + end_s) / 2;
      if (middle_s < attempt.begin_s || middle_s >= attempt.end_s) continue;
      rep.counted ? ++counted : ++refused;
      if (!rep.counted) reason = rep.reason;
      ++score.peaks;
      const double peak_n = field_of(rep, "peak_n") + field_of(rep, "tare_n");
      if (std::fabs(peak_n - true_peak_n(set, begin_s, end_s)) > 0.01) ++score.wrong_peaks;
    }
    score.counted += counted;
    if (attempt.truth == "+") {
      ++score.true_reps;
      score.found += counted > 0 ? 1 : 0;
      score.spurious += counted > 0 ? refused : std::max(0, refused - 1);
      continue;
    }
    ++score.refused;
    const std::string truth =
        attempt.truth == "left_target" ? band_reps::reason_of(band_reps::Verdict::kLeftBand) : attempt.truth;
    const bool silent = counted == 0 && refused == 0 && (attempt.truth.empty() || attempt.may_be_silent);
    // Of a knock a slow sensor sees a corner only, and says truly what it saw.
    const bool said_why = counted == 0 && refused == 1 && (reason == truth || (attempt.may_be_silent && reason == "too_weak"));
    score.right_reasons += silent || said_why ? 1 : 0;
  }
  return score;
}

inline Score score_of(const PullPlan& plan) {
  const PulledSet set = PullMaker(plan).make();
  Rig rig(sdk::ExerciseGlue<band_reps::BandReps>::kTable, shipped_for(set, plan.pulses), 1);
  rig.play(records_of(set));
  return score_of(set, rig.said());
}

/// Below this many readings in a pull and its release nobody can tell it from two wild readings; the docs say the same.
inline bool physics_allows(const PullPlan& plan) {
  const bool wild = plan.feature == Feature::wild_single || plan.feature == Feature::wild_pair || plan.feature == Feature::mixed;
  return plan.rate_hz / plan.speed_hz >= (wild ? 16 : 6.5);
}

/// Scores by class, each class a line: "speed 0.2 Hz", "rate 80 Hz", "feature snap", "profile pulses".
class ScoreTable {
 public:
  void add(const PullPlan& plan, const Score& score) {
    char line[48];
    std::snprintf(line, sizeof line, "1 speed %.2f Hz", plan.speed_hz);
    classes_[line].add(score);
    std::snprintf(line, sizeof line, "2 rate %6.1f Hz", plan.rate_hz);
    classes_[line].add(score);
    classes_[std::string("3 ") + name_of(plan.feature)].add(score);
    classes_[plan.pulses ? "4 profile pulses" : "4 profile full"].add(score);
    all_.add(score);
  }
  void print(std::FILE* out) const {
    std::fprintf(out, "# %-16s %6s %7s %9s %9s %8s %8s %7s\n", "class", "reps", "recall", "precision", "refusals", "reasons",
                 "spurious", "peaks");
    for (const auto& [name, score] : classes_) print_line(out, name.substr(2), score);
    print_line(out, "all", all_);
  }
  const std::map<std::string, Score>& classes() const { return classes_; }
  const Score& all() const { return all_; }

 private:
  static void print_line(std::FILE* out, const std::string& name, const Score& s) {
    std::fprintf(out, "# %-16s %6d %7.4f %9.4f %9d %8.4f %8d %3d/%d\n", name.c_str(), s.true_reps, s.recall(), s.precision(),
                 s.refused, s.reasons(), s.spurious, s.wrong_peaks, s.peaks);
  }
  std::map<std::string, Score> classes_;
  Score all_;
};

}  // namespace patella::test
