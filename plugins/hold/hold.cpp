#include "hold.hpp"

#include <algorithm>

#include "module_kit/reason_words.hpp"
#include "module_kit/time.hpp"

namespace patella::hold {

using module_kit::SetOptions;
using module_kit::Sides;
using module_kit::Step;
using module_kit::to_s;
using module_kit::to_us;

namespace {
constexpr const char* kSideChoices[] = {"none", "left_first", "right_first"};
constexpr const char* kGateChoices[] = {"none", "force"};

SetOptions plan_of(const sdk::Params& params) {
  SetOptions plan;
  plan.sets = std::max(1, params.integer("sets", 1));
  plan.sides = static_cast<Sides>(params.integer("sides"));
  plan.countdown_us = to_us(params.real("countdown_s"));
  plan.rest_us = to_us(params.real("rest_s"));
  plan.side_change_us = to_us(params.real("side_change_s"));
  return plan;
}

HoldSettings settings_of(const sdk::Params& params, bool gated) {
  return {to_us(params.real("hold_s")), to_us(params.real("grace_s")), params.real("force_low_n"), params.real("force_high_n"),
          gated};
}
}  // namespace

constinit const patella_param kParams[10] = {
    sdk::int_param("sets", "Sets", "", "How many holds; with two sides, how many on each side.", 3, 1, 50),
    sdk::duration_param("hold_s", "Hold", "How long each hold lasts.", 20, 1, 3600),
    sdk::duration_param("rest_s", "Rest", "Rest between holds.", 30, 0, 600),
    sdk::choice_param("sides", "Sides", "Whether each set is done on both sides, and which comes first.", kSideChoices, 0),
    sdk::duration_param("side_change_s", "Side change", "Time to change sides.", 10, 0, 300),
    sdk::duration_param("countdown_s", "Countdown", "Countdown before the first hold.", 5, 0, 60),
    sdk::choice_param("gate", "Clock runs", "By time alone, or only while the force is in its band.", kGateChoices, 0),
    sdk::less_than(sdk::real_param("force_low_n", "Force, from", "N", "Lower edge of the target force; 0 = open.", 0, 0, 5000),
                   "force_high_n"),
    sdk::real_param("force_high_n", "Force, to", "N", "Upper edge of the target force; 0 = open.", 0, 0, 5000),
    sdk::duration_param("grace_s", "Grace time",
                        "How long the force may be out of its band before the hold is over; the clock stands meanwhile.", 2, 0,
                        60, 0.1),
};

std::string Hold::describe_dose(const sdk::Params& params) {
  const int hold_count = params.integer("sets");
  const sdk::Argument holds = sdk::counted(hold_count, "{0} hold", "{0} holds");
  const sdk::Argument length = module_kit::exact(params.real("hold_s"), "s");
  const bool both_sides = params.integer("sides") > 0, gated = params.integer("gate") == 1;
  return sdk::lines(
      {both_sides ? sdk::message("{0} of {1} on each side", holds, length) : sdk::message("{0} of {1}", holds, length),
       gated ? module_kit::target_line(params.real("force_low_n"), params.real("force_high_n")) : "",
       module_kit::rest_line(hold_count, params.real("rest_s"))});
}

Hold::Hold(sdk::ExerciseHost host, const sdk::Params& params, uint32_t present)
    : host_(host),
      present_((present & 1u) != 0),
      wants_gate_(params.integer("gate") == 1),
      settings_(settings_of(params, present_ && wants_gate_)),
      runner_(host, plan_of(params)),
      clock_(settings_) {
  if (settings_.high_n <= 0 || settings_.high_n >= settings_.low_n) return;
  contradiction_ = PATELLA_TEXT("force_high_n is below force_low_n: left open");
  settings_.high_n = 0;
  clock_ = HoldClock(settings_);
  host_.log(PATELLA_LOG_WARNING, contradiction_);
}

void Hold::on_sample(const patella_sample& sample) {
  if (sample.channel != kForce || lost_ || !std::isfinite(sample.value)) return;
  sort(filter_.add({sample.t_us, sample.value}));
}

void Hold::sort(const module_kit::SortedForces& forces) {
  if (!runner_.schedule().done()) wild_.tell(host_, forces.wild, runner_.schedule().set(), runner_.schedule().side());
  for (const module_kit::Force& force : forces.good) take(force);
}

void Hold::take(const module_kit::Force& force) {
  has_force_ = true;
  force_n_ = force.n;
  if (!runner_.schedule().working() || force.t_us < work_since_us_) return;
  const bool ran = clock_.state() == HoldState::kRunning;
  clock_.sample(force.t_us, force.n);
  if (!ran && clock_.state() == HoldState::kRunning) host_.cue(PATELLA_CUE_HOLD, PATELLA_TEXT("Hold"));
  close_when_over(force.t_us);
}

void Hold::on_tick(int64_t t_us) {
  if (!lost_) sort(filter_.tick(t_us));
  follow(runner_.tick(t_us));
  if (!runner_.schedule().working()) return;
  clock_.tick(t_us);
  close_when_over(t_us);
}

void Hold::on_action(uint32_t action, int64_t t_us) {
  if (action == PATELLA_ACTION_END) return finish(t_us, "ended_early", "ended");
  if (action == PATELLA_ACTION_PAIN) return finish(t_us, "pain", "pain");
  if (action == PATELLA_ACTION_PAUSE && runner_.schedule().working()) {
    clock_.tick(t_us);
    close_when_over(t_us);
    clock_.stand();
  }
  if (action == PATELLA_ACTION_START && runner_.schedule().step() == Step::kWaiting) tell_notes(t_us);
  follow(runner_.act(action, t_us));
}

void Hold::tell_notes(int64_t t_us) {
  if (!contradiction_.empty()) host_.event(sdk::Event(PATELLA_EVENT_NOTE, t_us).named(contradiction_));
  if (wants_gate_ && !settings_.gated)
    host_.event(sdk::Event(PATELLA_EVENT_NOTE, t_us).named(PATELLA_TEXT("No force sensor: holds timed by the clock")));
}

void Hold::on_gap(uint32_t channel, bool lost, int64_t) {
  if (channel != kForce) return;
  lost_ = lost;
  has_force_ = false;
  sort(filter_.lose());
  clock_.stand();
}

void Hold::follow(const module_kit::Turn& turn) {
  if (!turn.began || turn.step != Step::kWork) return;
  work_since_us_ = turn.t_us;
  advice_.clear();
  if (turn.continued) {
    clock_.go_on(turn.t_us);
    return;
  }
  clock_.begin(turn.t_us);
}

void Hold::close_when_over(int64_t t_us) {
  if (!clock_.over()) return;
  const bool held = clock_.state() == HoldState::kHeld;
  tell_hold(clock_.over_us(), held ? "" : "left_target");
  if (!held) advice_ = module_kit::left_target_words(clock_.held_us(), settings_.hold_us);
  if (held) host_.cue(PATELLA_CUE_RELEASE, PATELLA_TEXT("Relax"));
  follow(runner_.end_set(held ? clock_.over_us() : t_us, held ? 1 : 0));
}

void Hold::tell_hold(int64_t t_us, const std::string& reason) {
  const module_kit::SetSchedule& schedule = runner_.schedule();
  sdk::Event event(PATELLA_EVENT_HOLD, t_us);
  event.of_set(schedule.set(), schedule.side()).number(schedule.set()).count(reason.empty()).because(reason);
  event.field("hold_s", to_s(clock_.held_us()));
  if (clock_.has_force()) {
    event.field("mean_n", clock_.mean_n()).field("min_n", clock_.min_n()).field("peak_n", clock_.peak_n());
  }
  host_.event(event);
  held_total_s_ += to_s(clock_.held_us());
  if (reason.empty()) ++held_count_;
  host_.metric("held_s", "s", held_total_s_);
  host_.metric("holds_counted", "", held_count_);
}

void Hold::finish(int64_t t_us, const std::string& hold_reason, const std::string& set_reason) {
  if (runner_.schedule().done()) return;
  if (runner_.schedule().working()) {
    clock_.tick(t_us);
    close_when_over(t_us);
  }
  if (runner_.set_open()) tell_hold(t_us, hold_reason);
  runner_.finish(t_us, 0, set_reason);
}

void Hold::fill_view(patella_view& view) const {
  runner_.fill_view(view);
  // A force that is welcome and not there leaves the screen to the clock; a gate needs it and says that it is away.
  if (settings_.gated || force_known()) fill_force(view);
  if (!advice_.empty() && (view.phase == PATELLA_PHASE_REST || view.phase == PATELLA_PHASE_DONE))
    sdk::put_text(view.prompt, advice_);
  if (runner_.set_open()) fill_work(view);
}

void Hold::fill_work(patella_view& view) const {
  const module_kit::SetSchedule& schedule = runner_.schedule();
  if (schedule.step() != Step::kWork) return;
  sdk::put_text(view.title, PATELLA_TEXT("Hold"));
  sdk::put_text(view.timer_label, PATELLA_TEXT("Hold"));
  view.timer_s = to_s(clock_.left_us());
  view.timer_total_s = to_s(settings_.hold_us);
  view.timer_rate = schedule.working() && clock_.state() == HoldState::kRunning ? -1 : 0;
  sdk::put_text(view.prompt, clock_.state() == HoldState::kNotYet ? PATELLA_TEXT("Build up to the target")
                                                                  : PATELLA_TEXT("Hold, breathe steadily"));
  if (settings_.gated && lost_) {
    sdk::put_text(view.prompt, PATELLA_TEXT("The sensor is not answering: the clock stands"));
    return;
  }
  fill_feedback(view);
}

void Hold::fill_feedback(patella_view& view) const {
  if (!force_known() || (settings_.low_n <= 0 && settings_.high_n <= 0)) return;
  const bool running = settings_.gated && clock_.state() == HoldState::kRunning;
  if (!running && settings_.low_n > 0 && force_n_ < settings_.low_n) {
    sdk::put_text(view.feedback, PATELLA_TEXT("Push a little more"));
    view.tone = PATELLA_TONE_LOW;
  } else if (!running && settings_.high_n > 0 && force_n_ > settings_.high_n) {
    sdk::put_text(view.feedback, PATELLA_TEXT("Ease off"));
    view.tone = PATELLA_TONE_HIGH;
  } else {
    sdk::put_text(view.feedback, PATELLA_TEXT("On target"));
    view.tone = PATELLA_TONE_ON_TARGET;
  }
}

void Hold::fill_force(patella_view& view) const {
  patella_readout force = sdk::readout("force", PATELLA_TEXT("Force"), "N");
  force.channel = kForce;
  force.role = PATELLA_ROLE_PRIMARY;
  if (force_known()) force.value = force_n_;
  if (settings_.low_n > 0) force.target_low = settings_.low_n;
  if (settings_.high_n > 0) force.target_high = settings_.high_n;
  force.scale_high = std::max({100.0, settings_.low_n * 1.5, settings_.high_n * 1.25});
  view.readouts[view.readout_count++] = force;
  view.trace_channel = kForce;
  view.trace_low = force.target_low;
  view.trace_high = force.target_high;
  view.trace_max = force.scale_high;
}

}  // namespace patella::hold
