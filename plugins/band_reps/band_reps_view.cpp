// What the band module wants shown.
#include <algorithm>
#include <cmath>

#include "band_reps.hpp"
#include "module_kit/time.hpp"

namespace patella::band_reps {

using module_kit::Step;
using module_kit::to_s;
using State = RepDetector::State;

void BandReps::fill_view(patella_view& view) const {
  runner_.fill_view(view);
  view.rep_count = reps_;
  view.rep_index = 0;
  fill_force(view);
  if (!runner_.set_open()) return;
  view.rep_index = std::min(counted_ + (detector_.reached() ? 1 : 0), reps_);
  fill_marks(view);
  if (runner_.schedule().step() == Step::kWork) fill_work(view);
}

void BandReps::fill_work(patella_view& view) const {
  sdk::put_text(view.title, sdk::message("Repetition {0}", sdk::number(std::min(counted_ + 1, reps_))));
  sdk::put_text(view.prompt, prompt());
  if (tare_.refused() && !lost_ && has_last_ && !runner_.schedule().paused()) sdk::put_text(view.feedback, not_tared_words());
  if (lost_ || tare_.seeking()) return;
  fill_feedback(view);
  fill_timer(view);
}

// What keeps it from being tared, and what to do.
std::string BandReps::not_tared_words() const {
  if (!tare_.loaded()) return PATELLA_TEXT("Not tared: keep the band still");
  const sdk::Argument load = sdk::number(std::floor(last_.n + 0.5), 0, "N");
  if (!tare_.rest_load_allowed()) return sdk::message("Not tared: {0} on the band", load);
  return sdk::message("Or keep still for {0}: {1} becomes zero", sdk::number(3, 0, "s"), load);
}

std::string BandReps::prompt() const {
  if (lost_) return PATELLA_TEXT("The sensor is not answering: nothing is counted");
  if (runner_.schedule().paused()) return "";
  if (tare_.seeking())
    return tare_.refused() && tare_.loaded() ? PATELLA_TEXT("Slacken the band: step closer, or loosen it")
                                             : PATELLA_TEXT("Let the band go slack");
  switch (detector_.state()) {
    case State::kReleased:
    case State::kRising:
      return advice_.empty() ? PATELLA_TEXT("Pull to the target") : advice_;
    case State::kPulling:
      if (!detector_.armed()) return PATELLA_TEXT("Let the band go slack");
      if (detector_.reached()) return PATELLA_TEXT("Release slowly");
      return detector_.in_zone() && rules_.hold_us > 0 ? PATELLA_TEXT("Hold") : PATELLA_TEXT("Pull to the target");
    case State::kUnknown:
    case State::kFalling:
    case State::kUnreleased:
      break;
  }
  return PATELLA_TEXT("Let the band go slack");
}

void BandReps::fill_feedback(patella_view& view) const {
  const bool pulling = detector_.state() == State::kPulling;
  if (!pulling) {
    if (!last_reason_.empty()) sdk::put_text(view.feedback, PATELLA_TEXT("Not counted"));  // why: the prompt
    return;
  }
  if (detector_.in_zone()) {
    sdk::put_text(view.feedback, PATELLA_TEXT("On target"));
    view.tone = PATELLA_TONE_ON_TARGET;
  } else if (rules_.high_n > 0 && shown_n() > rules_.high_n) {
    sdk::put_text(view.feedback, PATELLA_TEXT("Ease off"));
    view.tone = PATELLA_TONE_HIGH;
  } else if (!detector_.reached()) {
    sdk::put_text(view.feedback, PATELLA_TEXT("A little further"));
    view.tone = PATELLA_TONE_LOW;
  }
}

void BandReps::fill_timer(patella_view& view) const {
  const State state = detector_.state();
  const auto show = [&](const char* label, int64_t total_us, int64_t done_us, bool runs) {
    sdk::put_text(view.timer_label, label);
    view.timer_total_s = to_s(total_us);
    view.timer_s = to_s(std::clamp<int64_t>(total_us - done_us, 0, total_us));
    view.timer_rate = runs && runner_.schedule().working() && view.timer_s > 0 ? -1 : 0;
  };
  if (detector_.under_way() && !detector_.reached() && detector_.zone_seen() && rules_.hold_us > 0)
    return show(PATELLA_TEXT("Hold"), rules_.hold_us, detector_.dwell_us(), detector_.in_zone());
  const bool rising = state == State::kRising || (state == State::kPulling && !detector_.zone_seen());
  if (rising && tempo_up_us_ > 0) return show(PATELLA_TEXT("Up"), tempo_up_us_, last_.t_us - detector_.start_us(), true);
  if (detector_.reached() && !detector_.in_zone() && tempo_down_us_ > 0)
    return show(PATELLA_TEXT("Down"), tempo_down_us_, last_.t_us - detector_.down_us(), true);
}

// What is over, then the one under way, then as many as are still missing.
void BandReps::fill_marks(patella_view& view) const {
  const auto add = [&](uint8_t mark) {
    if (view.rep_mark_count < PATELLA_VIEW_REP_MARKS) view.rep_marks[view.rep_mark_count++] = mark;
  };
  const int missing = std::max(0, reps_ - counted_);
  const std::size_t room = PATELLA_VIEW_REP_MARKS - static_cast<std::size_t>(std::min(missing, 32));
  const std::size_t first = verdicts_.size() > room ? verdicts_.size() - room : 0;
  for (std::size_t i = first; i < verdicts_.size(); ++i) add(verdicts_[i]);
  for (int i = 0; i < missing; ++i) {
    const bool now = i == 0 && detector_.under_way();
    const uint8_t current = detector_.reached() ? PATELLA_MARK_COUNTED : PATELLA_MARK_CURRENT;
    add(now ? current : static_cast<uint8_t>(PATELLA_MARK_PENDING));
  }
}

void BandReps::fill_force(patella_view& view) const {
  patella_readout force = sdk::readout("force", PATELLA_TEXT("Force"), "N");
  force.channel = kForce;
  force.role = PATELLA_ROLE_PRIMARY;
  if (has_last_ && !lost_) force.value = shown_n();
  if (rules_.low_n > 0) force.target_low = rules_.low_n;
  if (rules_.high_n > 0) force.target_high = rules_.high_n;
  force.scale_high = std::max({2 * rules_.start_n, rules_.low_n * 1.5, rules_.high_n * 1.25, 50.0});
  view.readouts[view.readout_count++] = force;
  view.trace_channel = kForce;
  view.trace_offset = tare_.baseline_n();
  view.trace_low = force.target_low;
  view.trace_high = force.target_high;
  view.trace_min = -5;
  view.trace_max = force.scale_high;
}

}  // namespace patella::band_reps
