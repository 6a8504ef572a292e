#include "cycling.hpp"

#include <algorithm>
#include <cmath>

#include "module_kit/time.hpp"

namespace patella::cycling {

using module_kit::Step;
using module_kit::to_s;
using module_kit::to_us;

namespace {
constexpr double kMaxStepM = 100;  // an odometer that jumps further has restarted
constexpr int64_t kMetricsEveryUs = 1'000'000;
constexpr double kPowerMarginShare = 0.05;
constexpr double kHeartRateMarginBpm = 2;

constexpr patella_param kPhaseColumns[] = {
    sdk::text_param("name", "Name", "Shown while the phase runs.", 31),
    sdk::duration_param("duration_s", "Duration", "Time spent pedalling.", 300, 5, 7200),
    sdk::less_than(sdk::real_param("cadence_low_rpm", "Cadence, from", "rpm", "Lower edge of the target cadence.", 60, 0, 200, 1),
                   "cadence_high_rpm"),
    sdk::real_param("cadence_high_rpm", "Cadence, to", "rpm", "Upper edge of the target cadence; 0 = open.", 80, 0, 200, 1),
    sdk::real_param("power_ceiling_w", "Power, at most", "W", "Above it the client is asked to ease off; 0 = none.", 0, 0, 2000,
                    1),
    sdk::real_param("heart_rate_ceiling_bpm", "Heart rate, at most", "bpm", "Above it the client is asked to ease off; 0 = none.",
                    0, 0, 240, 1),
};
constexpr patella_value kDefaultPhases[] = {
    {"phases.name", 0, 0, PATELLA_TEXT("Easy start")}, {"phases.duration_s", 0, 60, nullptr},
    {"phases.cadence_low_rpm", 0, 50, nullptr},        {"phases.cadence_high_rpm", 0, 70, nullptr},
    {"phases.name", 1, 0, PATELLA_TEXT("Steady")},     {"phases.duration_s", 1, 240, nullptr},
    {"phases.cadence_low_rpm", 1, 60, nullptr},        {"phases.cadence_high_rpm", 1, 80, nullptr},
};

std::vector<Phase> phases_of(const sdk::Params& params) {
  std::vector<Phase> phases;
  for (int row = 0; row < params.rows("phases"); ++row) {
    Phase phase;
    phase.name = params.cell_text("phases.name", row);
    phase.duration_us = std::max<int64_t>(1, to_us(params.cell("phases.duration_s", row, 300)));
    phase.low_rpm = params.cell("phases.cadence_low_rpm", row);
    phase.high_rpm = params.cell("phases.cadence_high_rpm", row);
    phase.power_ceiling_w = params.cell("phases.power_ceiling_w", row);
    phase.heart_rate_ceiling_bpm = params.cell("phases.heart_rate_ceiling_bpm", row);
    phase.upside_down = phase.high_rpm > 0 && phase.high_rpm < phase.low_rpm;
    if (phase.upside_down) phase.high_rpm = 0;
    phase.named = !phase.name.empty();
    if (!phase.named) phase.name = sdk::message("Phase {0}", sdk::number(row + 1));
    phases.push_back(phase);
  }
  if (phases.empty()) {
    Phase phase;
    phase.name = PATELLA_TEXT("Ride");
    phase.duration_us = to_us(300);
    phases.push_back(phase);
  }
  return phases;
}

/// Short enough for the label of an event.
std::string limits_swapped(const Phase& phase) {
  constexpr std::size_t kMaxName = 24;
  if (!phase.named) return PATELLA_TEXT("Cadence limits swapped");
  return sdk::message("{0}: limits swapped", sdk::term(phase.name, kMaxName));
}

module_kit::SetOptions plan_of(const sdk::Params& params) {
  module_kit::SetOptions plan;
  plan.countdown_us = to_us(params.real("countdown_s"));
  return plan;
}
}  // namespace

constinit const patella_param kParams[4] = {
    sdk::rows_param("phases", "Phases", "What the ride consists of, in order.", 1, 16, kPhaseColumns, kDefaultPhases),
    sdk::duration_param("countdown_s", "Countdown", "Countdown before the ride.", 5, 0, 60),
    sdk::duration_param("stop_after_s", "Pause after", "Pedalling stopped for so long pauses the ride.", 3, 1, 60),
    sdk::duration_param("resume_after_s", "Go on after", "Pedalling again for so long goes on with the ride.", 1, 0, 30, 0.5),
};

std::string Cycling::describe_dose(const sdk::Params& params) {
  const std::vector<Phase> phases = phases_of(params);
  int64_t all_us = 0;
  for (const Phase& phase : phases) all_us += phase.duration_us;
  const sdk::Argument low = sdk::number(phases[0].low_rpm), high = sdk::number(phases[0].high_rpm, 0, "rpm");
  return sdk::lines({sdk::message("{0} in {1}", sdk::duration(to_s(all_us)),
                                  sdk::counted(static_cast<long long>(phases.size()), "{0} phase", "{0} phases")),
                     phases[0].high_rpm > 0 ? sdk::message("Begin at {0} to {1}", low, high) : ""});
}

Cycling::Cycling(sdk::ExerciseHost host, const sdk::Params& params, uint32_t present)
    : host_(host),
      present_(present),
      stop_after_us_(to_us(params.real("stop_after_s", 3))),
      resume_after_us_(to_us(params.real("resume_after_s", 1))),
      schedule_(plan_of(params)),
      ride_(phases_of(params)) {
  for (const Phase& phase : ride_.phases())
    if (phase.upside_down) host_.log(PATELLA_LOG_WARNING, phase.name + ": cadence limits swapped");
}

void Cycling::on_sample(const patella_sample& sample) {
  if (!std::isfinite(sample.value)) return;
  switch (sample.channel) {
    case kCadence:
      on_cadence(sample.t_us, std::max(0.0, sample.value));
      break;
    case kPower:
      power_ = {true, sample.value, sample.t_us};
      power_mean_.add(sample.t_us, sample.value);
      break;
    case kHeartRate:
      heart_rate_ = {sample.value > 0, sample.value, sample.t_us};
      break;
    case kDistance:
      on_distance(sample.value);
      break;
    default:
      break;
  }
}

void Cycling::on_cadence(int64_t t_us, double rpm) {
  if (cadence_lost_ || schedule_.done() || (has_cadence_us_ && t_us < cadence_us_)) return;
  now_us_ = std::max(now_us_, t_us);
  if (waiting_.us > CadenceFilter::kMaxUs) forget_waiting();
  count(t_us, filter_.sample(t_us, rpm));
  has_cadence_us_ = true;
  cadence_us_ = t_us;
  watch_pedals(t_us);
  give_feedback(t_us);
}

void Cycling::count(int64_t t_us, const CadenceFilter::Outcome& outcome) {
  const bool connected = has_cadence_us_ && t_us - cadence_us_ <= CadenceFilter::kMaxUs;
  if (!connected || !riding()) forget_waiting();
  if (!riding()) return;
  if (outcome.settled) {
    credit(waiting_, outcome.settled_rpm, has_cadence_us_ ? cadence_us_ : t_us);
    forget_waiting();
  }
  const int64_t from_us = std::max(cadence_us_, riding_since_us_);
  const Stretch stretch{connected ? std::max<int64_t>(0, t_us - from_us) : 0, 0, fresh(power_, t_us), fresh(heart_rate_, t_us)};
  if (outcome.pending) {
    waiting_ = {waiting_.us + stretch.us, 0, stretch.power_w, stretch.heart_rate_bpm};
    return;
  }
  credit(stretch, filter_.rpm(), t_us);
  counted_until_us_ = t_us;
}

void Cycling::credit(Stretch stretch, double rpm, int64_t t_us) {
  if (rpm < kPedallingRpm || stretch.us <= 0 || schedule_.done()) return;
  stretch.rpm = rpm;
  const std::size_t before = ride_.phase_index();
  const int64_t passed_us = ride_.credit(stretch, t_us);
  if (ride_.phase_index() == before) return;
  band_.reset();
  if (ride_.over()) {
    finish(passed_us, "");
  } else {
    tell_phase(passed_us);
  }
}

void Cycling::on_distance(double odometer_m) {
  const double step_m = odometer_m - odometer_m_;
  if (has_odometer_ && riding() && step_m > 0 && step_m < kMaxStepM) distance_m_ += step_m;
  has_odometer_ = true;
  odometer_m_ = odometer_m;
}

void Cycling::on_tick(int64_t t_us) {
  now_us_ = std::max(now_us_, t_us);
  follow(schedule_.tick(t_us));
  pause_when_idle(t_us);
  if (schedule_.step() != Step::kWork || t_us - metrics_us_ < kMetricsEveryUs) return;
  metrics_us_ = t_us;
  tell_metrics();
}

void Cycling::on_action(uint32_t action, int64_t t_us) {
  now_us_ = std::max(now_us_, t_us);
  const bool work = schedule_.step() == Step::kWork;
  switch (action) {
    case PATELLA_ACTION_START:
      follow(schedule_.start(t_us));
      break;
    case PATELLA_ACTION_PAUSE:
      if (work) {
        paused_ = true;
        forget_waiting();
      } else {
        schedule_.pause(t_us);
      }
      break;
    case PATELLA_ACTION_RESUME:
      if (!work) {
        follow(schedule_.resume(t_us));
        break;
      }
      if (auto_paused_) go_on(t_us, "resumed by hand");
      if (paused_) begin_riding(t_us);
      paused_ = false;
      break;
    case PATELLA_ACTION_END:
      finish(t_us, "ended");
      break;
    case PATELLA_ACTION_PAIN:
      finish(t_us, "pain");
      break;
    default:
      break;
  }
}

void Cycling::on_gap(uint32_t channel, bool lost, int64_t) {
  if (channel == kCadence) {
    cadence_lost_ = lost;
    filter_.reset();
    band_.reset();
    forget_waiting();
    has_cadence_us_ = false;
    idle_ = false;
  }
  if (channel == kPower) {
    power_.known = false;
    power_mean_.reset();
    power_ceiling_.reset();
  }
  if (channel == kHeartRate) {
    heart_rate_.known = false;
    heart_rate_ceiling_.reset();
  }
  if (channel == kDistance) has_odometer_ = false;
}

void Cycling::follow(const module_kit::Turn& turn) {
  if (turn.count > 0) host_.cue(PATELLA_CUE_COUNT, std::to_string(turn.count));
  if (!turn.began || turn.step != Step::kWork) return;
  host_.cue(PATELLA_CUE_START, PATELLA_TEXT("Start pedalling"));
  begin_riding(turn.t_us);
  metrics_us_ = turn.t_us;
  for (const Phase& phase : ride_.phases())
    if (phase.upside_down) host_.event(sdk::Event(PATELLA_EVENT_NOTE, turn.t_us).named(limits_swapped(phase)));
  tell_phase(turn.t_us);
}

void Cycling::begin_riding(int64_t t_us) {
  riding_since_us_ = counted_until_us_ = t_us;
  forget_waiting();
}

void Cycling::watch_pedals(int64_t t_us) {
  if (!filter_.known(t_us)) return;
  const bool was_idle = idle_;
  idle_ = filter_.rpm() < kPedallingRpm;
  if (idle_ && !was_idle) idle_since_us_ = filter_.rpm_us();
  if (idle_) return;
  if (was_idle || !has_pedalled_) pedalling_since_us_ = filter_.rpm_us();
  if (schedule_.step() == Step::kWork) has_pedalled_ = true;
  if (auto_paused_ && !paused_ && t_us - pedalling_since_us_ >= resume_after_us_) go_on(t_us, "pedalling again");
}

void Cycling::pause_when_idle(int64_t t_us) {
  if (!riding() || !has_pedalled_ || !idle_ || cadence_lost_) return;
  if (t_us - std::max(idle_since_us_, riding_since_us_) < stop_after_us_) return;
  auto_paused_ = true;
  forget_waiting();
  host_.event(sdk::Event(PATELLA_EVENT_PAUSED, t_us).because(PATELLA_TEXT("pedalling stopped")));
  host_.cue(PATELLA_CUE_HINT, PATELLA_TEXT("Paused"));
}

void Cycling::go_on(int64_t t_us, const char* reason) {
  auto_paused_ = false;
  begin_riding(t_us);
  host_.event(sdk::Event(PATELLA_EVENT_RESUMED, t_us).because(reason));
}

void Cycling::give_feedback(int64_t t_us) {
  if (!riding() || !pedalling()) {
    band_.reset();
    return;
  }
  const Phase& phase = ride_.phase();
  where_ = band_.update(t_us, filter_.rpm(), phase.low_rpm, phase.high_rpm);
  if (power_.known) power_ceiling_.update(power_mean_.mean(), phase.power_ceiling_w, kPowerMarginShare * phase.power_ceiling_w);
  if (heart_rate_.known) heart_rate_ceiling_.update(heart_rate_.value, phase.heart_rate_ceiling_bpm, kHeartRateMarginBpm);
}

void Cycling::tell_phase(int64_t t_us) {
  host_.event(sdk::Event(PATELLA_EVENT_PHASE, t_us).named(ride_.phase().name));
  if (ride_.phase_index() > 0) host_.cue(PATELLA_CUE_HINT, ride_.phase().name);
}

void Cycling::tell_metrics() {
  const Totals& totals = ride_.totals();
  host_.metric("pedalling_s", "s", to_s(totals.pedalling_us));
  host_.metric("time_in_zone_s", "s", to_s(totals.in_zone_us));
  host_.metric("revolutions", "", totals.revolutions);
  host_.metric("mean_cadence_rpm", "rpm", totals.mean_rpm());
  host_.metric("best_cadence_rpm", "rpm", totals.best_rpm);
  if (totals.power_us > 0) {
    host_.metric("work_kj", "kJ", totals.work_j / 1000);
    host_.metric("mean_power_w", "W", totals.mean_power_w());
  }
  if (totals.heart_rate_us > 0) host_.metric("mean_heart_rate_bpm", "bpm", totals.mean_heart_rate_bpm());
  if (has(kDistance)) host_.metric("distance_m", "m", distance_m_);
}

void Cycling::finish(int64_t t_us, const char* reason) {
  if (done_told_) return;
  done_told_ = true;
  schedule_.finish();
  paused_ = auto_paused_ = false;
  tell_metrics();
  host_.event(sdk::Event(PATELLA_EVENT_DONE, t_us).because(reason));
  host_.cue(PATELLA_CUE_DONE, PATELLA_TEXT("Done"));
}

double Cycling::fresh(const Latest& latest, int64_t t_us) const {
  return latest.known && t_us - latest.t_us <= CadenceFilter::kMaxUs ? latest.value : sdk::kNone;
}

}  // namespace patella::cycling
