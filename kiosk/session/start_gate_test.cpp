// Answers before the exercise that staff should know, and the start that needs them.
#include <algorithm>

#include "base/sentence.hpp"
#include "session/session.hpp"
#include "support/catch.hpp"
#include "support/log_fields.hpp"

using namespace patella;
using namespace patella::session;
using notices::Kind;
using patella::test::number_of;
using patella::test::text_of;

namespace {

constexpr int64_t kStartUs = 1'000'000'000;

SessionSetup knee_plan() {
  SessionSetup plan;
  plan.station.id = "tke";
  plan.station.title = "Knee extension";
  plan.station.rules.pain_tell_staff_from = 5;
  plan.client = {"C-0007", "Anna K."};
  plan.questions = {{"new_since_last", "Has anything changed?", -1, OnYes::notice},
                    {"swollen", "Is the knee swollen?", -1, OnYes::staff_start},
                    {"locks", "Has the knee locked?", -1, OnYes::staff_start},
                    {"talk_first", "Would you like to talk to staff?", -1, OnYes::staff_start}};
  return plan;
}

struct Answered {
  int64_t now_us = kStartUs;
  Session session;
  std::vector<LogEvent> events;
  std::vector<notices::Raised> raised;
  bool ended = false, started = false;

  explicit Answered(SessionSetup plan = knee_plan()) : session(std::move(plan), kStartUs) { take(); }
  Answered(SessionSetup plan, const Restored& restored) : session(std::move(plan), restored, kStartUs) { take(); }

  void take() {
    for (Effect& effect : session.take_effects()) {
      if (const auto* event = std::get_if<LogEvent>(&effect)) events.push_back(*event);
      if (const auto* notice = std::get_if<notices::Raised>(&effect)) raised.push_back(*notice);
      ended |= std::holds_alternative<SessionEnd>(effect);
      started |= std::holds_alternative<StartModule>(effect);
    }
  }
  void tap(const taps::InSession& tap) {
    now_us += 700'000;
    session.tap(tap, now_us);
    take();
  }
  void answer_all(bool yes) {
    for (const char* id : {"new_since_last", "swollen", "locks", "talk_first"}) tap(taps::Answer{id, yes});
  }
  const notices::Raised* newest(Kind kind) const {
    const auto at = std::find_if(raised.rbegin(), raised.rend(), [&](const auto& r) { return r.kind == kind; });
    return at == raised.rend() ? nullptr : &*at;
  }
  std::vector<std::string> answers(const std::string& kind, const std::string& field, const std::string& of = "") const {
    std::vector<std::string> all;
    for (const LogEvent& event : events)
      if (event.kind == kind && (of.empty() || text_of(event, "question") == of))
        all.push_back(field == "value" ? std::to_string(static_cast<int>(number_of(event, "value")))
                                       : text_of(event, field.c_str()));
    return all;
  }
  Snapshot snapshot() const {
    Snapshot s;
    session.fill(s, now_us);
    return s;
  }
};

}  // namespace

TEST_CASE("four times yes does not get in: the start waits for staff at this screen") {
  Answered client;
  client.tap(taps::SetPain{2});
  client.answer_all(true);
  client.tap(taps::Next());
  CHECK(client.session.screen() == Screen::start_gate);
  CHECK_FALSE(client.started);
  CHECK(client.snapshot().gate_reasons.size() == 3);  // the first question only tells
  CHECK(english(client.snapshot().staff_notice) == "Staff are being called");
  for (const taps::InSession& tap :
       std::initializer_list<taps::InSession>{taps::Start(), taps::Next(), taps::Resume(), taps::StaffStart(), taps::SkipRest()})
    client.tap(tap);
  CHECK(client.session.screen() == Screen::start_gate);

  REQUIRE(client.newest(Kind::red_flag) != nullptr);
  const notices::Detail& flags = client.newest(Kind::red_flag)->detail;
  for (const char* id : {"new_since_last", "swollen", "locks", "talk_first"}) CHECK(notices::text_in(flags, id) == "yes");
  REQUIRE(client.newest(Kind::start_blocked) != nullptr);
  CHECK(notices::text_in(client.newest(Kind::start_blocked)->detail, "why") == "questions");

  client.session.release_start("id-berg", client.now_us);
  client.take();
  CHECK(client.session.screen() == Screen::set_up);
  CHECK(client.started);
  CHECK(client.answers("start_released", "by") == std::vector<std::string>{"id-berg"});
  CHECK(client.answers("start_released", "why") == std::vector<std::string>{"questions"});
}

TEST_CASE("an answer taken back does not get in, and both are in the log and in the notice") {
  Answered client;
  client.tap(taps::SetPain{0});
  client.answer_all(false);
  client.tap(taps::Answer{"talk_first", true});
  client.tap(taps::Answer{"talk_first", false});
  client.tap(taps::Answer{"talk_first", false});  // the same again is no change
  client.tap(taps::Next());
  CHECK(client.session.screen() == Screen::start_gate);
  CHECK(client.answers("answer", "answer", "talk_first") == std::vector<std::string>{"no", "yes", "no"});
  CHECK(notices::text_in(client.newest(Kind::red_flag)->detail, "talk_first") == "no,yes,no");
  client.tap(taps::Back());
  CHECK(client.session.screen() == Screen::screening);
  client.tap(taps::Next());
  CHECK(client.session.screen() == Screen::start_gate);
}

TEST_CASE("lowering the pain answer does not get in where pain blocks the start") {
  SessionSetup plan = knee_plan();
  plan.station.rules.pain_blocks_start = true;
  Answered client(plan);
  client.answer_all(false);
  client.tap(taps::SetPain{7});
  CHECK(client.snapshot().can_continue);  // on to the screen that calls staff: no dead end
  client.tap(taps::SetPain{3});
  client.tap(taps::Next());
  CHECK(client.session.screen() == Screen::start_gate);
  CHECK(client.answers("pain", "value") == std::vector<std::string>{"7", "3"});
  CHECK(notices::text_in(client.newest(Kind::pain_high)->detail, "given") == "7,3");
  CHECK(notices::text_in(client.newest(Kind::start_blocked)->detail, "why") == "pain");
  client.tap(taps::Back());
  client.tap(taps::SetPain{0});
  client.tap(taps::Next());
  CHECK(client.session.screen() == Screen::start_gate);
}

TEST_CASE("who goes back from the gate and leaves is said to have left") {
  Answered client;
  client.tap(taps::SetPain{0});
  client.answer_all(true);
  client.tap(taps::Next());
  REQUIRE(client.session.screen() == Screen::start_gate);
  client.tap(taps::Back());
  CHECK(notices::text_in(client.newest(Kind::start_blocked)->detail, "left").empty());
  client.tap(taps::Back());
  CHECK(client.session.finished());
  CHECK(client.newest(Kind::start_blocked)->completes);
  CHECK(notices::text_in(client.newest(Kind::start_blocked)->detail, "left") == "yes");
}

TEST_CASE("where pain does not block, staff are told and the exercise can be set up") {
  Answered client;
  client.answer_all(false);
  client.tap(taps::SetPain{7});
  client.tap(taps::Next());
  CHECK(client.session.screen() == Screen::set_up);
  CHECK(client.newest(Kind::pain_high) != nullptr);
  CHECK(client.newest(Kind::start_blocked) == nullptr);
  CHECK(english(client.snapshot().staff_notice) == "Staff are being told: pain 7 entered");
  client.session.staff_know(client.now_us);
  CHECK(english(client.snapshot().staff_notice) == "Staff know: pain 7 entered");
}

TEST_CASE("a yes that only tells does not hold anybody up, and one that does nothing is only recorded") {
  SessionSetup plan = knee_plan();
  plan.questions[3].on_yes = OnYes::nothing;
  Answered client(plan);
  client.tap(taps::SetPain{1});
  client.answer_all(false);
  client.tap(taps::Answer{"talk_first", true});
  CHECK(client.raised.empty());
  client.tap(taps::Answer{"new_since_last", true});
  REQUIRE(client.raised.size() == 1);
  CHECK(client.raised[0].detail.size() == 1);
  client.tap(taps::Next());
  CHECK(client.session.screen() == Screen::set_up);
}

TEST_CASE("what was answered reaches staff also when the client leaves at once") {
  Answered client;
  client.tap(taps::Answer{"locks", true});
  client.tap(taps::Back());
  CHECK(client.session.finished());
  CHECK(client.ended);
  REQUIRE(client.newest(Kind::red_flag) != nullptr);
  CHECK(client.answers("answer", "answer") == std::vector<std::string>{"yes"});
}

TEST_CASE("the notice is handed over before the event that goes with it") {
  Answered client;
  client.session.tap(taps::Answer{"locks", true}, client.now_us);
  const auto effects = client.session.take_effects();
  const auto place = [&](const auto& is) { return std::find_if(effects.begin(), effects.end(), is) - effects.begin(); };
  const auto notice = place([](const Effect& e) { return std::holds_alternative<notices::Raised>(e); });
  const auto answer = place([](const Effect& e) {
    const auto* event = std::get_if<LogEvent>(&e);
    return event && event->kind == "answer";
  });
  CHECK(notice < answer);
  CHECK(answer < static_cast<std::ptrdiff_t>(effects.size()));
}

TEST_CASE("an answer changed a thousand times is still one short line") {
  Answered client;
  client.answer_all(true);
  for (int i = 0; i < 1000; ++i) client.tap(taps::SetPain{5 + i % 2});
  CHECK(notices::text_in(client.newest(Kind::pain_high)->detail, "given") == "5,6,5,6,5,6,5,6,5,6");
  CHECK(client.answers("pain", "value").size() == 1000);
}

TEST_CASE("after a cut the gate is where it was, and what was answered still counts") {
  Answered client;
  client.tap(taps::SetPain{2});
  client.answer_all(false);
  client.tap(taps::Answer{"locks", true});
  SECTION("at the gate") {
    client.tap(taps::Next());
    Answered again(knee_plan(), {{}, client.events});
    CHECK(again.session.screen() == Screen::start_gate);
    again.session.release_start("id-berg", again.now_us);
    CHECK(again.session.screen() == Screen::set_up);
  }
  SECTION("before it, with the answer taken back") {
    client.tap(taps::Answer{"locks", false});
    Answered again(knee_plan(), {{}, client.events});
    CHECK(again.session.screen() == Screen::screening);
    again.tap(taps::Next());
    CHECK(again.session.screen() == Screen::start_gate);
  }
  SECTION("behind it") {
    client.tap(taps::Next());
    client.session.release_start("id-berg", client.now_us);
    client.take();
    Answered again(knee_plan(), {{}, client.events});
    CHECK(again.session.screen() == Screen::set_up);
  }
}

TEST_CASE("a start is released at the gate alone") {
  Answered client;
  client.session.release_start("id-berg", client.now_us);
  CHECK(client.session.screen() == Screen::screening);
  client.tap(taps::SetPain{1});
  client.answer_all(false);
  client.tap(taps::Next());
  client.session.release_start("id-berg", client.now_us);
  client.take();
  CHECK(client.answers("start_released", "by").empty());
}
