// What a touch does on each screen of a session.
#include <fmt/format.h>

#include "session/session.hpp"

namespace patella::session {

bool Session::ready(Messages* why) const {
  for (const Channel& channel : channels_) {
    if (!channel.setup.required || !channel.setup.bound) continue;
    if (liveness(channel, last_now_us_) == Liveness::live) continue;
    *why = channel.report.text.empty() ? Message("Waiting for {0}", channel.setup.device_label) : channel.report.text;
    return false;
  }
  for (const Channel& channel : channels_)
    if (channel.setup.required && channel.setup.bound && !fast_enough(channel, why)) return false;
  if (module_given_up_) {
    *why = {Message("The exercise could not be started"), Message("Tell staff")};
    return false;
  }
  return true;
}

bool Session::fast_enough(const Channel& channel, Messages* why) const {
  for (const RateNeed& need : channel.setup.needs) {
    if (!need.figure.empty()) continue;
    if (!channel.device_quality.known_against(need.rate_hz)) {
      *why = Message("Measuring how often the sensor sends");
      return false;
    }
    *why = too_slow_text(channel.device_quality.figures().rate_hz, need);
    if (!why->empty()) return false;
  }
  return true;
}

void Session::tap(const Tap& tap, int64_t now_us) {
  last_now_us_ = now_us;
  const bool answers = tap.kind == TapKind::set_pain || tap.kind == TapKind::answer || tap.kind == TapKind::skip_questions;
  if (answers || tap.kind == TapKind::call_staff) begin(now_us);
  if (tap.kind == TapKind::call_staff) {
    raise({notices::Kind::call_staff, {{"screen", std::string(name_of(screen_))}}}, staff_called(), staff_informed());
    return log(logged::StaffCalled{}, now_us);
  }
  switch (screen_) {
    case Screen::screening:
      return tap_screening(tap, now_us);
    case Screen::start_gate:
      return tap_start_gate(tap, now_us);
    case Screen::set_up:
    case Screen::live:
    case Screen::rest:
      return tap_exercise(tap, now_us);
    case Screen::pain_stop:
    case Screen::after:
      return tap_after(tap, now_us);
    case Screen::summary:
      if (tap.kind == TapKind::next) finished_ = true;
      return;
    default:  // not a screen of a session
      return;
  }
}

void Session::choose_pain(const Tap& tap) {
  if (tap.kind != TapKind::set_pain || tap.value < 0 || tap.value > 10) return;
  pain_now_ = tap.value;
  pain_chosen_ = true;
}

void Session::log_stop_pain(int64_t now_us) {
  notices::Raised answered{notices::Kind::pain_stop, {{"pain", static_cast<double>(pain_now_)}, {"place", pain_place_}}, true};
  if (pain_now_ < 0) answered.detail = {{"answered", std::string("no")}, {"place", pain_place_}};
  effects_.emplace_back(std::move(answered));
  if (pain_now_ < 0) return;
  pain_at_stop_ = pain_now_;
  log(logged::PainAnswered{logged::PainAnswered::When::stop, pain_now_, pain_place_}, now_us);
}

void Session::log_after(int64_t now_us) {
  if (pain_now_ >= 0) {
    pain_after_ = pain_now_;
    if (pain_after_ >= setup_.station.rules.pain_tell_staff_from) raise_pain("after", std::to_string(pain_after_), pain_after_);
    log(logged::PainAnswered{logged::PainAnswered::When::after, pain_after_, {}}, now_us);
  }
  if (effort_ >= 0) log(logged::EffortAnswered{effort_}, now_us);
}

/// Of a screen that was left before its last button: what was chosen counts, what was not is not answered. The answers before
/// the exercise are in the log already.
void Session::log_given_answers(int64_t now_us) {
  if (!pain_chosen_) pain_now_ = -1;
  if (screen_ == Screen::pain_stop) log_stop_pain(now_us);
  if (screen_ == Screen::after) log_after(now_us);
}

void Session::tap_exercise(const Tap& tap, int64_t now_us) {
  if (tap.kind == TapKind::pain_stop) return pain_stop(now_us);
  if (screen_ == Screen::set_up) {
    Messages why;
    if (tap.kind == TapKind::start && ready(&why)) {
      started_ = true;
      exercise_from_us_ = session_time(now_us);
      action(PATELLA_ACTION_START, now_us);
      go(Screen::live, now_us);
    }
    if (tap.kind == TapKind::back) {
      outcome_ = "stopped_early";
      end_stream(now_us);
      close(now_us);
      finished_ = true;
    }
    return;
  }
  switch (tap.kind) {
    case TapKind::pause:
      if (paused_by_client_) return;
      set_pause(paused_by_client_, true, now_us);
      paused_by_loss_ = false;
      return;
    case TapKind::resume:
      if (!paused_by_client_) return;
      set_pause(paused_by_client_, false, now_us);
      judge_channels(now_us);  // a sensor that is still away pauses it again at once
      return;
    case TapKind::skip_rest:
      return action(PATELLA_ACTION_SKIP, now_us);
    case TapKind::ask_end:
      asks_end_ = give_up_us_ < 0;
      return;
    case TapKind::keep_going:
      asks_end_ = false;
      return;
    case TapKind::end_session:
      asks_end_ = false;
      if (give_up_us_ >= 0) return;  // pressed already
      outcome_ = "stopped_early";
      log(logged::OutcomeDecided{outcome_}, now_us);
      action(PATELLA_ACTION_END, now_us);
      give_up_us_ = session_time(now_us) + (module_given_up_ ? 0 : kGiveUpUs);
      return;
    default:
      return;
  }
}

void Session::pain_stop(int64_t now_us) {
  outcome_ = "stopped_for_pain";
  leaving_ = false;  // somebody is there after all
  pain_now_ = -1;
  raise({notices::Kind::pain_stop, {}}, staff_called(), staff_informed());
  log(logged::PainStopped{}, now_us);
  log(logged::OutcomeDecided{outcome_}, now_us);
  action(PATELLA_ACTION_PAIN, now_us);
  give_up_us_ = session_time(now_us) + kGiveUpUs;
  go(Screen::pain_stop, now_us);
}

void Session::tap_after(const Tap& tap, int64_t now_us) {
  choose_pain(tap);
  if (tap.kind == TapKind::set_effort && tap.value >= 0 && tap.value <= 10) effort_ = tap.value;
  if (tap.kind == TapKind::set_pain_place) pain_place_ = tap.text;
  const bool skip = tap.kind == TapKind::skip_questions;
  if (skip && !pain_chosen_) pain_now_ = -1;
  if (!skip && (tap.kind != TapKind::next || pain_now_ < 0)) return;
  if (screen_ == Screen::pain_stop) {
    log_stop_pain(now_us);
    if (started_) {
      pain_now_ = -1;  // asked again: it may be another one by now
      pain_chosen_ = false;
      return go(Screen::after, now_us);
    }
    // Stopped at the set-up: nothing was done that could have been hard, and the pain was asked a moment ago.
    exercise_over(outcome_, now_us);
    close(now_us);
    return go(Screen::summary, now_us);
  }
  if (effort_ < 0 && !skip) return;
  exercise_over(outcome_, now_us);  // a module that has still not said DONE is not waited for
  log_after(now_us);
  close(now_us);
  screen_ = Screen::summary;
}

}  // namespace patella::session
