// Pain and questions before the exercise, what staff get to know of them, and the start that needs staff.
#include <algorithm>

#include "session/session.hpp"

namespace patella::session {

namespace {
/// Adds one more of the answers given. Of very many the first and the last ones are kept.
void add_given(std::string& given, const std::string& answer) {
  constexpr std::ptrdiff_t kMax = 9;
  if (std::count(given.begin(), given.end(), ',') >= kMax) {
    const std::size_t first = given.find(',');
    given.erase(first, given.find(',', first + 1) - first);
  }
  given += (given.empty() ? "" : ",") + answer;
}

bool has_yes(const std::string& given) { return given.find("yes") != std::string::npos; }
}  // namespace

bool Session::screening_done(Messages* why) const {
  if (pain_now_ < 0) {
    *why = Message("Choose how strong the pain is now");
    return false;
  }
  for (const Question& question : setup_.questions)
    if (question.answer < 0) {
      *why = Message("Answer each question");
      return false;
    }
  return true;
}

// ---- what was answered

void Session::give_pain(int value) {
  pain_now_ = pain_before_ = value;
  pain_highest_ = std::max(pain_highest_, value);
  add_given(pain_given_, std::to_string(value));
}

void Session::give_answer(std::size_t question, int value) {
  setup_.questions[question].answer = value;
  shown_.questions = setup_.questions;
  add_given(answers_given_[question], value ? "yes" : "no");
}

void Session::raise_pain(const char* when, const std::string& given, int highest) {
  const double from = setup_.station.rules.pain_tell_staff_from;
  raise({notices::Kind::pain_high,
         {{"when", std::string(when)}, {"given", given}, {"highest", static_cast<double>(highest)}, {"from", from}}},
        Message("Staff are being told: pain {0} entered", highest), Message("Staff know: pain {0} entered", highest));
}

void Session::raise_answers() {
  notices::Raised raised{notices::Kind::red_flag, {}};
  for (std::size_t i = 0; i < setup_.questions.size(); ++i)
    if (setup_.questions[i].on_yes != OnYes::nothing && has_yes(answers_given_[i]))
      raised.detail.emplace_back(setup_.questions[i].id, answers_given_[i]);
  raise(std::move(raised), Message("Staff are being told what you answered"), Message("Staff know what you answered"));
}

std::string Session::start_blocked_by() const {
  const Rules& rules = setup_.station.rules;
  const bool pain = rules.pain_blocks_start && pain_highest_ >= rules.pain_tell_staff_from;
  bool questions = false;
  for (std::size_t i = 0; i < setup_.questions.size(); ++i)
    questions |= setup_.questions[i].on_yes == OnYes::staff_start && has_yes(answers_given_[i]);
  return pain && questions ? "pain,questions" : pain ? "pain" : questions ? "questions" : "";
}

/// Staff need not come for a start any more.
void Session::waits_no_more() {
  if (std::exchange(waits_for_staff_, false) && !released_)
    raise({notices::Kind::start_blocked, {{"why", start_blocked_by()}, {"left", std::string("yes")}}, true}, staff_called(),
          staff_informed());
}

// ---- the screens

// Each answer is in the log as it is given, and so is each change: lowering one does not undo it.
void Session::answer_pain(int value, int64_t now_us) {
  if (value == pain_now_) return;
  give_pain(value);
  if (pain_highest_ >= setup_.station.rules.pain_tell_staff_from) raise_pain("before", pain_given_, pain_highest_);
  log(logged::PainAnswered{logged::PainAnswered::When::before, pain_now_, {}}, now_us);
}

void Session::on(const taps::Answer& given, int64_t now_us) {
  begin(now_us);
  if (screen_ != Screen::screening) return;
  const int value = given.yes ? 1 : 0;
  for (std::size_t i = 0; i < setup_.questions.size(); ++i) {
    if (setup_.questions[i].id != given.question || setup_.questions[i].answer == value) continue;
    give_answer(i, value);
    if (setup_.questions[i].on_yes != OnYes::nothing && has_yes(answers_given_[i])) raise_answers();
    log(logged::QuestionAnswered{given.question, given.yes}, now_us);
  }
}

void Session::leave_screening(int64_t now_us) {
  const std::string blocked_by = released_ ? "" : start_blocked_by();
  if (blocked_by.empty()) return set_up(now_us);
  raise({notices::Kind::start_blocked, {{"why", blocked_by}}}, staff_called(), staff_informed());
  waits_for_staff_ = true;
  go(Screen::start_gate, now_us);
}

void Session::set_up(int64_t now_us) {
  go(Screen::set_up, now_us);
  begin_stream(now_us);
}

void Session::skip_screening(int pain, int64_t now_us) {
  if (begun_) return;
  last_now_us_ = now_us;
  begin(now_us);
  give_pain(pain);
  log(logged::PainAnswered{logged::PainAnswered::When::before, pain, {}}, now_us);
  set_up(now_us);
}

void Session::release_start(const std::string& member, int64_t now_us) {
  if (screen_ != Screen::start_gate) return;
  last_now_us_ = now_us;
  released_ = true;
  staff_notice_.clear();  // whoever was called is here
  staff_notice_known_.clear();
  log(logged::StartReleased{member, start_blocked_by()}, now_us);
  set_up(now_us);
}

std::vector<Message> Session::gate_reasons() const {
  std::vector<Message> reasons;
  const Rules& rules = setup_.station.rules;
  if (rules.pain_blocks_start && pain_highest_ >= rules.pain_tell_staff_from)
    reasons.push_back(Message("Pain {0} of 10", pain_highest_));
  for (std::size_t i = 0; i < setup_.questions.size(); ++i)
    if (setup_.questions[i].on_yes == OnYes::staff_start && has_yes(answers_given_[i]))
      reasons.push_back(Message("{0} – Yes", setup_.questions[i].text));
  return reasons;
}

}  // namespace patella::session
