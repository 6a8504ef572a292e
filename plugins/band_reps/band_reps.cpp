#include "band_reps.hpp"

#include <algorithm>
#include <cmath>

#include "advice.hpp"
#include "module_kit/time.hpp"

namespace patella::band_reps {

using module_kit::Step;
using module_kit::to_s;
using module_kit::to_us;

namespace {
constexpr const char* kSideChoices[] = {"none", "left_first", "right_first"};
constexpr const char* kProfileChoices[] = {"full", "pulses"};
constexpr int kPulses = 1;
constexpr double kStartWithoutBandN = 20;
constexpr std::size_t kMaxKept = 8192;

module_kit::SetOptions plan_of(const sdk::Params& params) {
  module_kit::SetOptions plan;
  plan.sets = std::max(1, params.integer("sets", 1));
  plan.sides = static_cast<module_kit::Sides>(params.integer("sides"));
  plan.countdown_us = to_us(params.real("countdown_s"));
  plan.rest_us = to_us(params.real("rest_s"));
  plan.side_change_us = to_us(params.real("side_change_s"));
  return plan;
}

// Thresholds left at 0 follow the band: half of its lower edge and half of that. Pulses stay near the end of the
// movement, so theirs lie closer: 0.9 of the edge, and three quarters of that.
RepRules rules_of(const sdk::Params& params) {
  RepRules rules;
  rules.low_n = params.real("force_low_n");
  rules.high_n = params.real("force_high_n");
  rules.start_n = params.real("start_force_n");
  rules.release_n = params.real("release_force_n");
  rules.hold_us = to_us(params.real("hold_s"));
  rules.min_rise_us = to_us(params.real("min_rise_s"));
  rules.min_rep_us = to_us(params.real("min_rep_s"));
  rules.max_rep_us = to_us(params.real("max_rep_s"));
  return rules;
}

// A load that reaches the target is a pull, not a load at rest.
double rest_load_max_n(const sdk::Params& params) {
  if (!params.flag("rest_load_zero")) return 0;
  const double most_n = params.real("rest_load_max_n"), low_n = params.real("force_low_n");
  return most_n > 0 ? most_n : low_n > 0 ? low_n : kStartWithoutBandN;
}

// Numbers that contradict each other are replaced by what a 0 would mean; the answer says which, for the log.
std::vector<std::string> complete(RepRules& rules, bool pulses) {
  std::vector<std::string> said;
  if (rules.high_n > 0 && rules.high_n < rules.low_n) {
    said.push_back(PATELLA_TEXT("force_high_n is below force_low_n: left open"));
    rules.high_n = 0;
  }
  if (rules.low_n > 0 && rules.start_n > rules.low_n) {
    said.push_back(PATELLA_TEXT("start_force_n is over force_low_n: not used"));
    rules.start_n = 0;
  }
  if (rules.start_n <= 0) rules.start_n = rules.low_n > 0 ? rules.low_n * (pulses ? 0.9 : 0.5) : kStartWithoutBandN;
  if (rules.release_n >= rules.start_n) {
    said.push_back(PATELLA_TEXT("release_force_n is not below start: not used"));
    rules.release_n = 0;
  }
  if (rules.release_n <= 0) rules.release_n = rules.start_n * (pulses ? 0.75 : 0.5);
  return said;
}
}  // namespace

constinit const patella_param kParams[20] = {
    sdk::int_param("sets", "Sets", "", "How many sets; with two sides, how many on each side.", 3, 1, 20),
    sdk::int_param("reps", "Repetitions", "", "Repetitions that count in each set.", 10, 1, 100),
    sdk::duration_param("rest_s", "Rest", "Rest between sets.", 60, 0, 600),
    sdk::choice_param("sides", "Sides", "Whether each set is done on both sides, and which comes first.", kSideChoices, 1),
    sdk::duration_param("side_change_s", "Side change", "Time to change sides.", 15, 0, 300),
    sdk::duration_param("countdown_s", "Countdown", "Countdown before the first set.", 5, 0, 60),
    sdk::choice_param("profile", "Kind", "Full repetitions, or small pulses near the end of the movement.", kProfileChoices, 0),
    sdk::less_than(sdk::real_param("force_low_n", "Force, from", "N",
                                   "Lower edge of the target at the end of the movement; 0 = none.", 40, 0, 5000),
                   "force_high_n"),
    sdk::real_param("force_high_n", "Force, to", "N", "Upper edge of the target; 0 = open.", 0, 0, 5000),
    sdk::advanced(
        sdk::at_most(sdk::real_param("start_force_n", "Counts as a try from", "N",
                                     "Upper threshold: less than this is no repetition; 0 = from the target.", 0, 0, 5000),
                     "force_low_n")),
    sdk::advanced(sdk::less_than(
        sdk::real_param("release_force_n", "Released below", "N",
                        "Lower threshold: below this the band is released; 0 = half of the upper one.", 0, 0, 5000),
        "start_force_n")),
    sdk::duration_param("hold_s", "Hold", "Time in the target at the end of the movement; 0 = reaching it is enough.", 2, 0, 60,
                        0.5),
    sdk::advanced(sdk::duration_param("min_rise_s", "Rise, at least",
                                      "A faster rise from the lower threshold to the peak is not counted; 0 = any.", 0, 0, 10,
                                      0.05)),
    sdk::advanced(sdk::less_than(
        sdk::duration_param("min_rep_s", "Repetition, at least", "A shorter repetition is not counted.", 0.2, 0, 30, 0.05),
        "max_rep_s")),
    sdk::advanced(
        sdk::duration_param("max_rep_s", "Repetition, at most", "A longer repetition is not counted; 0 = any.", 0, 0, 120)),
    sdk::advanced(sdk::real_param(
        "slack_force_n", "Slack, up to", "N",
        "A still force up to this is a slack band, which a set needs at its start: it becomes the zero.", 10, 0, 200)),
    sdk::bool_param(
        "rest_load_zero", "Load at rest may be the zero",
        "For a station whose band is never slack: a client who keeps still for 3 s goes on with that load as the zero.", false),
    sdk::real_param("rest_load_max_n", "Load at rest, up to", "N",
                    "The highest load at rest that may become the zero; 0 = the lower edge of the target, 20 N without one.", 0,
                    0, 5000),
    sdk::duration_param("tempo_up_s", "Tempo, up", "Shown while the force rises; 0 = not shown.", 0, 0, 20, 0.5),
    sdk::duration_param("tempo_down_s", "Tempo, down", "Shown while the force falls; 0 = not shown.", 0, 0, 20, 0.5),
};

std::string BandReps::describe_dose(const sdk::Params& params) {
  const int set_count = params.integer("sets"), rep_count = params.integer("reps");
  const sdk::Argument sets = sdk::counted(set_count, "{0} set", "{0} sets");
  const sdk::Argument reps = sdk::counted(rep_count, "{0} repetition", "{0} repetitions");
  const bool both_sides = params.integer("sides") > 0;
  const double hold_s = params.real("hold_s");
  return sdk::lines({both_sides ? sdk::message("{0} of {1} on each side", sets, reps) : sdk::message("{0} of {1}", sets, reps),
                     hold_s > 0 ? sdk::message("Hold {0} at the end", module_kit::exact(hold_s, "s")) : "",
                     module_kit::target_line(params.real("force_low_n"), params.real("force_high_n")),
                     module_kit::rest_line(set_count, params.real("rest_s"))});
}

BandReps::BandReps(sdk::ExerciseHost host, const sdk::Params& params, uint32_t)
    : host_(host),
      reps_(std::max(1, params.integer("reps", 10))),
      tempo_up_us_(to_us(params.real("tempo_up_s"))),
      tempo_down_us_(to_us(params.real("tempo_down_s"))),
      rules_(rules_of(params)),
      runner_(host, plan_of(params)),
      tare_(params.real("slack_force_n", 10), rest_load_max_n(params)),
      detector_(rules_) {
  contradictions_ = complete(rules_, params.integer("profile") == kPulses);
  detector_ = RepDetector(rules_);
  for (const std::string& words : contradictions_) host_.log(PATELLA_LOG_WARNING, words);
}

void BandReps::on_sample(const patella_sample& sample) {
  if (sample.channel != kForce || lost_ || !std::isfinite(sample.value)) return;
  now_us_ = std::max(now_us_, sample.t_us);
  sort(filter_.add({sample.t_us, sample.value}));
}

void BandReps::sort(const module_kit::SortedForces& forces) {
  tare_.counts_in(filter_.resolution_n());
  if (!runner_.schedule().done()) wild_.tell(host_, forces.wild, runner_.schedule().set(), runner_.schedule().side());
  for (const Force& force : forces.good) take(force);
}

void BandReps::take(const Force& force) {
  has_last_ = true;
  last_ = force;
  const bool at_set = in_set(force.t_us);
  const bool at_rest = !at_set || tare_.seeking() || detector_.released();
  const bool sought = tare_.seeking();
  if (at_set && sought) kept_.push_back(force);
  const Tare::Change change = tare_.sample(force.t_us, force.n, at_rest);
  if (!at_set) return;
  if (!sought) return detect(force);
  if (change == Tare::Change::kRefused) note_refused(force);
  if (change == Tare::Change::kFound) {
    note_rest_load(force.t_us);
    judge_kept();
  }
  if (kept_.size() >= kMaxKept) kept_.erase(kept_.begin(), kept_.begin() + kMaxKept / 2);
}

void BandReps::judge_kept() {
  const std::vector<Force> kept = std::move(kept_);
  kept_.clear();
  for (const Force& force : kept)
    if (in_set(force.t_us)) tare_.seeking() ? kept_.push_back(force) : detect(force);
}

// Once a set: staff find in the log why nothing was counted.
void BandReps::note_refused(const Force& force) {
  const std::string why = tare_.loaded()
                              ? sdk::message("Not tared: {0} on the band", sdk::number(std::floor(force.n + 0.5), 0, "N"))
                              : PATELLA_TEXT("Not tared: the band is not still");
  host_.event(sdk::Event(PATELLA_EVENT_NOTE, force.t_us)
                  .of_set(runner_.schedule().set(), runner_.schedule().side())
                  .named(why)
                  .field("force_n", force.n));
}

void BandReps::note_rest_load(int64_t t_us) {
  if (!tare_.zero_is_load()) return;
  host_.event(sdk::Event(PATELLA_EVENT_NOTE, t_us)
                  .of_set(runner_.schedule().set(), runner_.schedule().side())
                  .named(PATELLA_TEXT("Load at rest taken as the zero"))
                  .field("force_n", tare_.baseline_n()));
}

void BandReps::detect(const Force& force) {
  const std::optional<Rep> rep = detector_.sample(force.t_us, force.n - tare_.baseline_n());
  if (rep) close_rep(*rep, reason_of(rep->verdict));
  if (in_set(force.t_us)) speak();
}

void BandReps::speak() {
  if (!detector_.under_way()) {
    reached_told_ = zone_told_ = false;
    return;
  }
  if (rules_.hold_us > 0 && detector_.in_zone() && detector_.armed() && !zone_told_) {
    zone_told_ = true;
    host_.cue(PATELLA_CUE_HOLD, PATELLA_TEXT("Hold"));
  }
  if (!detector_.reached() || reached_told_) return;
  reached_told_ = true;
  host_.cue(PATELLA_CUE_REP, std::to_string(counted_ + 1));
  if (rules_.hold_us > 0) host_.cue(PATELLA_CUE_RELEASE, PATELLA_TEXT("Release"));
}

void BandReps::close_rep(const Rep& rep, const std::string& reason) {
  const bool counted = reason.empty();
  if (counted) ++counted_;
  sdk::Event event(PATELLA_EVENT_REP, rep.end_us);
  event.of_set(runner_.schedule().set(), runner_.schedule().side())
      .number(counted ? counted_ : 0)
      .count(counted)
      .because(reason)
      .field("peak_n", rep.peak_n)
      .field("mean_n", rep.mean_n)
      .field("hold_s", to_s(rep.hold_us))
      .field("rise_s", to_s(rep.top_us - rep.start_us))
      .field("down_s", to_s(rep.end_us - rep.down_us))
      .field("rep_s", to_s(rep.end_us - rep.start_us))
      .field("impulse_ns", rep.impulse_ns)
      .field("start_s", to_s(rep.start_us - set_since_us_))
      .field("tare_n", tare_.baseline_n())
      .field("rfd_n_per_s", rep.rfd_n_per_s.value_or(sdk::kNone));
  host_.event(event);
  reached_told_ = zone_told_ = false;
  last_reason_ = reason;
  advice_ = advice_words(rep, reason, rules_);
  verdicts_.push_back(counted ? PATELLA_MARK_COUNTED : PATELLA_MARK_NOT_COUNTED);
  if (counted) {
    ++counted_total_;
    peak_sum_n_ += rep.peak_n;
    best_peak_n_ = std::max(best_peak_n_, rep.peak_n);
    impulse_sum_ns_ += rep.impulse_ns;
  } else {
    ++not_counted_total_;
    host_.cue(PATELLA_CUE_HINT, sdk::lines({PATELLA_TEXT("Not counted"), advice_}));
  }
  tell_metrics();
  if (counted_ >= reps_) follow(runner_.end_set(rep.end_us, counted_));
}

// What was ticked and spoken at the top stays counted: all that it takes had been measured by then.
void BandReps::interrupt(int64_t t_us, const std::string& reason) {
  const bool reached = detector_.reached();
  const std::optional<Rep> rep = detector_.cut(t_us);
  if (!rep) return;
  const bool counted = reached && rep->verdict == Verdict::kCounted;
  close_rep(*rep, counted ? "" : reason);
}

void BandReps::on_tick(int64_t t_us) {
  now_us_ = std::max(now_us_, t_us);
  if (!lost_) sort(filter_.tick(t_us));
  follow(runner_.tick(t_us));
}

void BandReps::on_action(uint32_t action, int64_t t_us) {
  now_us_ = std::max(now_us_, t_us);
  if (action == PATELLA_ACTION_END) return finish(t_us, "ended");
  if (action == PATELLA_ACTION_PAIN) return finish(t_us, "pain");
  if (action == PATELLA_ACTION_PAUSE && runner_.schedule().working()) interrupt(t_us, "paused");
  if (action == PATELLA_ACTION_START && runner_.schedule().step() == Step::kWaiting)
    for (const std::string& words : contradictions_) host_.event(sdk::Event(PATELLA_EVENT_NOTE, t_us).named(words));
  follow(runner_.act(action, t_us));
}

void BandReps::on_gap(uint32_t channel, bool lost, int64_t t_us) {
  if (channel != kForce) return;
  if (lost && runner_.schedule().working()) interrupt(t_us, "sensor_lost");
  lost_ = lost;
  has_last_ = false;
  sort(filter_.lose());
  tare_.lost();
  kept_.clear();
  detector_.begin();
  // A device that comes back may have another zero.
  if (!lost && runner_.schedule().working()) begin_detecting(t_us, false);
}

void BandReps::follow(const module_kit::Turn& turn) {
  if (!turn.began || turn.step != Step::kWork) return;
  if (!turn.continued) {
    set_since_us_ = turn.t_us;
    counted_ = 0;
    verdicts_.clear();
    last_reason_.clear();
    advice_.clear();
  }
  begin_detecting(turn.t_us, !turn.continued);
}

void BandReps::begin_detecting(int64_t t_us, bool set_begins) {
  work_since_us_ = t_us;
  kept_.clear();
  reached_told_ = zone_told_ = false;
  detector_.begin();
  if (!set_begins && tare_.known()) return;
  tare_.seek(t_us);
  if (tare_.known()) note_rest_load(t_us);
}

void BandReps::finish(int64_t t_us, const std::string& reason) {
  if (runner_.schedule().done()) return;
  if (runner_.schedule().working()) interrupt(t_us, reason == "pain" ? "pain" : "ended_early");
  runner_.finish(t_us, counted_, reason);
}

void BandReps::tell_metrics() {
  host_.metric("reps_counted", "", counted_total_);
  host_.metric("reps_not_counted", "", not_counted_total_);
  if (counted_total_ == 0) return;
  host_.metric("best_peak_n", "N", best_peak_n_);
  host_.metric("mean_peak_n", "N", peak_sum_n_ / counted_total_);
  host_.metric("impulse_ns", "N·s", impulse_sum_ns_);
}

}  // namespace patella::band_reps
