// What the stationary bike module wants shown.
#include <algorithm>

#include "cycling.hpp"
#include "module_kit/time.hpp"

namespace patella::cycling {

using module_kit::Step;
using module_kit::to_s;

namespace {
uint32_t tone_of(Where where) {
  if (where == Where::kBelow) return PATELLA_TONE_LOW;
  return where == Where::kAbove ? PATELLA_TONE_HIGH : PATELLA_TONE_ON_TARGET;
}

const char* words_of(Where where) {
  if (where == Where::kBelow) return PATELLA_TEXT("Pedal faster");
  return where == Where::kAbove ? PATELLA_TEXT("Ease off") : PATELLA_TEXT("On target");
}

void fill_segments(const Ride& ride, int64_t done_us, patella_view& view) {
  const std::size_t count = std::min<std::size_t>(ride.phases().size(), PATELLA_VIEW_SEGMENTS);
  for (std::size_t i = 0; i < count; ++i) {
    const Phase& phase = ride.phases()[i];
    patella_segment& segment = view.segments[i];
    sdk::put_text(segment.label, phase.name);
    segment.duration_s = to_s(phase.duration_us);
    if (i < ride.phase_index()) segment.done_s = segment.duration_s;
    if (i == ride.phase_index()) segment.done_s = to_s(done_us);
  }
  view.segment_count = static_cast<uint32_t>(count);
  view.segment_index = ride.over() ? -1 : static_cast<int32_t>(ride.phase_index());
}
}  // namespace

void Cycling::fill_view(patella_view& view) const {
  const Step step = schedule_.step();
  const bool paused = paused_ || auto_paused_ || schedule_.paused();
  view.phase = PATELLA_PHASE_WORK;
  if (step == Step::kWaiting) view.phase = PATELLA_PHASE_WAITING;
  if (step == Step::kCountdown) view.phase = PATELLA_PHASE_COUNTDOWN;
  if (step == Step::kDone) view.phase = PATELLA_PHASE_DONE;
  if (paused) view.phase = PATELLA_PHASE_PAUSED;

  sdk::put_text(view.title, step == Step::kDone ? PATELLA_TEXT("Done") : ride_.phase().name);
  fill_prompt(view);
  fill_timer(view);
  fill_readouts(view);
  fill_segments(ride_, shown_done_us(), view);
  if (ride_.phase_index() + 1 < ride_.phases().size()) sdk::put_text(view.next_label, next_words());
}

// A phase that the physio gave no name is called by its number: a sentence of its own, not a name in another one.
std::string Cycling::next_words() const {
  const std::size_t next = ride_.phase_index() + 1;
  const Phase& phase = ride_.phases()[next];
  if (phase.named) return sdk::message("Next: {0}", sdk::term(phase.name));
  return sdk::message("Next: phase {0}", sdk::number(static_cast<double>(next + 1)));
}

void Cycling::fill_prompt(patella_view& view) const {
  if (schedule_.step() == Step::kDone) return;
  if (cadence_lost_) return sdk::put_text(view.prompt, PATELLA_TEXT("No cadence from the bike: the clock stands"));
  if (schedule_.step() != Step::kWork || paused_) return;
  if (auto_paused_) return sdk::put_text(view.prompt, PATELLA_TEXT("Pedal to go on"));
  if (!pedalling())
    return sdk::put_text(view.prompt, has_pedalled_ ? PATELLA_TEXT("Keep pedalling") : PATELLA_TEXT("Start pedalling"));

  const bool over_ceiling = power_ceiling_.over() || heart_rate_ceiling_.over();
  const Where where = over_ceiling ? Where::kAbove : where_;
  sdk::put_text(view.feedback, words_of(where));
  view.tone = tone_of(where);
  if (power_ceiling_.over()) sdk::put_text(view.prompt, PATELLA_TEXT("Power is above the target"));
  if (heart_rate_ceiling_.over()) sdk::put_text(view.prompt, PATELLA_TEXT("Heart rate is above the target"));
}

void Cycling::fill_timer(patella_view& view) const {
  if (schedule_.step() == Step::kCountdown) {
    sdk::put_text(view.timer_label, PATELLA_TEXT("Get ready"));
    view.timer_s = to_s(schedule_.left_us());
    view.timer_total_s = to_s(schedule_.length_us());
    view.timer_rate = schedule_.paused() ? 0 : -1;
    return;
  }
  if (schedule_.step() == Step::kDone) return;
  sdk::put_text(view.timer_label, PATELLA_TEXT("Time left"));
  view.timer_s = to_s(ride_.phase().duration_us - shown_done_us());
  view.timer_total_s = to_s(ride_.phase().duration_us);
  view.timer_rate = riding() && pedalling() && !filter_.pending() ? -1 : 0;
}

// The counted time plus what has run since the last cadence value: that time is counted when the next one comes.
int64_t Cycling::shown_done_us() const {
  const int64_t done_us = ride_.phase_done_us();
  if (!riding() || !pedalling()) return done_us;
  const int64_t until_us = filter_.pending() ? std::min(now_us_, filter_.pending_since_us()) : now_us_;
  const int64_t running_us = std::max<int64_t>(0, until_us - counted_until_us_);
  return std::min(done_us + running_us, ride_.phase().duration_us);
}

void Cycling::fill_readouts(patella_view& view) const {
  const Phase& phase = ride_.phase();
  patella_readout cadence = sdk::readout("cadence", PATELLA_TEXT("Cadence"), "rpm");
  cadence.channel = kCadence;
  cadence.role = PATELLA_ROLE_PRIMARY;
  if (cadence_known()) cadence.value = filter_.rpm();
  if (phase.low_rpm > 0) cadence.target_low = phase.low_rpm;
  if (phase.high_rpm > 0) cadence.target_high = phase.high_rpm;
  cadence.scale_high = std::max(120.0, phase.high_rpm * 1.25);
  view.readouts[view.readout_count++] = cadence;

  if (has(kPower)) {
    patella_readout power = sdk::readout("power", PATELLA_TEXT("Power"), "W");
    power.channel = kPower;
    power.value = fresh(power_, now_us_);
    if (phase.power_ceiling_w > 0) power.target_high = phase.power_ceiling_w;
    power.scale_high = std::max(200.0, phase.power_ceiling_w * 1.5);
    view.readouts[view.readout_count++] = power;
  }
  if (has(kHeartRate)) {
    patella_readout heart_rate = sdk::readout("heart_rate", PATELLA_TEXT("Heart rate"), "bpm");
    heart_rate.channel = kHeartRate;
    heart_rate.value = fresh(heart_rate_, now_us_);
    if (phase.heart_rate_ceiling_bpm > 0) heart_rate.target_high = phase.heart_rate_ceiling_bpm;
    heart_rate.scale_low = 40;
    heart_rate.scale_high = 200;
    view.readouts[view.readout_count++] = heart_rate;
  }
  const bool distance = has(kDistance);
  patella_readout way = distance ? sdk::readout("distance", PATELLA_TEXT("Distance"), "m")
                                 : sdk::readout("revolutions", PATELLA_TEXT("Revolutions"), "");
  way.value = distance ? distance_m_ : ride_.totals().revolutions;
  way.scale_high = std::max(1000.0, way.value);
  view.readouts[view.readout_count++] = way;
}

}  // namespace patella::cycling
