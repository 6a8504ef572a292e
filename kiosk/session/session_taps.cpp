// What each touch does in a session.
#include <fmt/format.h>

#include "session/session.hpp"

namespace patella::session {

bool Session::ready(Messages* why) const {
  for (const Channel& channel : channels_) {
    if (!channel.setup.required || !channel.setup.bound) continue;
    if (liveness(channel, last_now_us_) == Liveness::live) continue;
    *why = {Message("{0} not connected", sensor_name(channel.setup)), Message("Staff can help")};
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

void Session::tap(const taps::InSession& tap, int64_t now_us) {
  last_now_us_ = now_us;
  std::visit([&](const auto& one) { on(one, now_us); }, tap);
}

void Session::on(const taps::CallStaff&, int64_t now_us) {
  begin(now_us);
  raise({notices::Kind::call_staff, {{"screen", std::string(name_of(screen_))}}}, staff_called(), staff_informed());
  log(logged::StaffCalled{}, now_us);
}

// ---- the questions, before and after

void Session::on(const taps::SetPain& chosen, int64_t now_us) {
  begin(now_us);
  if (chosen.value < 0 || chosen.value > 10) return;
  if (screen_ == Screen::screening) return answer_pain(chosen.value, now_us);
  if (!asks_pain_after()) return;
  pain_now_ = chosen.value;
  pain_chosen_ = true;
  think_again(now_us);
}

void Session::on(const taps::SetPainPlace& chosen, int64_t) {
  if (asks_pain_after()) pain_place_ = chosen.place;
}

void Session::on(const taps::SetEffort& chosen, int64_t now_us) {
  if (!asks_pain_after() || chosen.value < 0 || chosen.value > 10) return;
  effort_ = chosen.value;
  think_again(now_us);
}

void Session::on(const taps::MoreTime&, int64_t now_us) {
  if (screen_ == Screen::after) after_until_us_ = now_us + kAnswerWithinUs;
}

/// With both answers it goes on after a moment, in which another one may still be chosen.
void Session::think_again(int64_t now_us) {
  if (screen_ == Screen::after) after_until_us_ = now_us + (after_answered() ? kSecondThoughtUs : kAnswerWithinUs);
}

/// What was not chosen by now is not answered.
void Session::go_on_by_itself(int64_t now_us) {
  if (!pain_chosen_) pain_now_ = -1;
  leave_questions(now_us);
}

void Session::on(const taps::Next&, int64_t now_us) {
  Messages why;
  if (screen_ == Screen::screening && screening_done(&why)) return leave_screening(now_us);
  if (screen_ == Screen::summary) finished_ = true;
  if (!asks_pain_after() || pain_now_ < 0 || (screen_ == Screen::after && effort_ < 0)) return;
  leave_questions(now_us);
}

void Session::on(const taps::SkipQuestions&, int64_t now_us) {
  begin(now_us);
  if (screen_ == Screen::screening) return leave_screening(now_us);
  if (!asks_pain_after()) return;
  if (!pain_chosen_) pain_now_ = -1;
  leave_questions(now_us);
}

void Session::on(const taps::Back&, int64_t now_us) {
  if (screen_ == Screen::start_gate) return go(Screen::screening, now_us);
  if (screen_ != Screen::screening && screen_ != Screen::set_up) return;
  outcome_ = "stopped_early";
  if (screen_ == Screen::screening)
    waits_no_more();
  else
    end_stream(now_us);
  close(now_us);
  finished_ = true;
}

/// Staff sign in first: the engine asks them to, and release_start() says that they have.
void Session::on(const taps::StaffStart&, int64_t) {}

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

// ---- the exercise

void Session::on(const taps::Start&, int64_t now_us) {
  Messages why;
  if (screen_ != Screen::set_up || !ready(&why)) return;
  started_ = true;
  exercise_from_us_ = session_time(now_us);
  action(PATELLA_ACTION_START, now_us);
  go(Screen::live, now_us);
}

void Session::on(const taps::Pause&, int64_t now_us) {
  if (!exercises() || paused_by_client_) return;
  set_pause(paused_by_client_, true, now_us);
  paused_by_loss_ = false;
}

void Session::on(const taps::Resume&, int64_t now_us) {
  if (!exercises() || !paused_by_client_) return;
  set_pause(paused_by_client_, false, now_us);
  judge_channels(now_us);  // a sensor that is still away pauses it again at once
}

void Session::on(const taps::SkipRest&, int64_t now_us) {
  if (exercises()) action(PATELLA_ACTION_SKIP, now_us);
}

void Session::on(const taps::AskEnd&, int64_t) {
  if (exercises()) asks_end_ = give_up_us_ < 0;
}

void Session::on(const taps::KeepGoing&, int64_t) {
  if (exercises()) asks_end_ = false;
}

void Session::on(const taps::EndSession&, int64_t now_us) {
  if (!exercises()) return;
  asks_end_ = false;
  if (give_up_us_ >= 0) return;  // pressed already
  outcome_ = "stopped_early";
  log(logged::OutcomeDecided{outcome_}, now_us);
  action(PATELLA_ACTION_END, now_us);
  give_up_us_ = session_time(now_us) + (module_given_up_ ? 0 : kGiveUpUs);
}

void Session::on(const taps::PainStop&, int64_t now_us) {
  if (exercises() || screen_ == Screen::set_up) pain_stop(now_us);
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

/// Pain stop or after: what was answered is written down.
void Session::leave_questions(int64_t now_us) {
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
    finished_ = setup_.in_visit;
    return go(Screen::summary, now_us);
  }
  exercise_over(outcome_, now_us);  // a module that has still not said DONE is not waited for
  log_after(now_us);
  close(now_us);
  after_until_us_ = -1;
  screen_ = Screen::summary;
  finished_ = setup_.in_visit;
}

}  // namespace patella::session
