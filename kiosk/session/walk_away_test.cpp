// A client who walks away, in virtual time: the exercise module is played by the test, by what it shows and says.
#include <algorithm>

#include "session/kiosk_flow.hpp"
#include "support/catch.hpp"
#include "support/log_fields.hpp"

using namespace patella;
using namespace patella::session;
using patella::test::number_of;
using patella::test::text_of;

namespace {

constexpr int64_t kSecondUs = 1'000'000;

KioskSetup band_station() {
  KioskSetup plan;
  StationSetup tke;
  tke.id = "tke";
  tke.title = "Knee extension";
  tke.channels = {{"force", "N", "Band force sensor", true, true, 500'000, 1'000'000}};
  plan.stations = {tke};
  plan.clients = {{"C-0001", "Anna K."}};
  return plan;
}

struct Walk {
  KioskFlow flow{band_station(), 0};
  int64_t now_us = 0;
  double force_n = 0;
  uint32_t phase = PATELLA_PHASE_WAITING;
  double timer_s = 0, timer_rate = 0;
  std::vector<LogEvent> events = {};
  std::vector<uint32_t> actions = {};
  SessionEnd end = {};
  notices::Detail newest_notice = {};
  bool slow_to_end = false;  ///< the module does not answer the end

  void take() {
    for (Effect& effect : flow.take_effects()) {
      if (const auto* event = std::get_if<LogEvent>(&effect)) events.push_back(*event);
      if (const auto* ended = std::get_if<SessionEnd>(&effect)) end = *ended;
      if (const auto* notice = std::get_if<notices::Raised>(&effect)) newest_notice = notice->detail;
      const auto* record = std::get_if<Record>(&effect);
      if (!record || record->kind != RecordKind::action) continue;
      actions.push_back(record->code);
      if (record->code == PATELLA_ACTION_END && !slow_to_end) done();
    }
  }
  void done() {
    patella_event event{};
    event.kind = PATELLA_EVENT_DONE;
    if (flow.session()) flow.session()->module_event(event, 0, 0, now_us);
    if (flow.session() && flow.session()->finished()) take();
  }
  void show() {
    if (!flow.session()) return;
    patella_view view{};
    view.size = sizeof view;
    view.phase = phase;
    view.timer_s = timer_s;
    view.timer_rate = timer_rate;
    flow.session()->module_view(view, now_us);
  }
  void tap(const Tap& tap) {
    flow.tap(tap, now_us);
    flow.advance(now_us);
    take();
  }
  void run(double seconds) {
    for (const int64_t until_us = now_us + static_cast<int64_t>(seconds * 1e6); now_us < until_us;) {
      now_us += 50'000;
      flow.sample(0, 0, now_us, force_n, now_us);
      show();
      flow.advance(now_us);
      take();
    }
  }
  void to_set_up() {
    flow.device(0, 0, {Liveness::live, ""}, now_us);
    tap(taps::OpenStation{"tke"});
    tap(taps::ChooseClient{"C-0001"});
    tap(taps::SetPain{2});
    tap(taps::Next());
    run(1);
  }
  void to_work() {
    to_set_up();
    tap(taps::Start());
    phase = PATELLA_PHASE_WORK;
    run(1);
  }
  Snapshot shown() const {
    Snapshot snapshot;
    flow.fill(snapshot, now_us);
    return snapshot;
  }
  bool asked() const { return shown().asked_until_us != 0; }
  bool home() const { return flow.at_home(); }
  std::string outcome() const { return end.outcome; }
  int count(uint32_t action) const { return static_cast<int>(std::count(actions.begin(), actions.end(), action)); }
};

}  // namespace

TEST_CASE("after an exercise longer than the idle time the client is still asked how it was", "[presence]") {
  Walk walk;
  walk.to_work();
  walk.timer_s = 200;
  walk.timer_rate = -1;  // a timed hold: nobody touches anything
  walk.run(200);
  CHECK_FALSE(walk.asked());
  walk.done();
  walk.run(55);
  REQUIRE_FALSE(walk.home());
  CHECK(walk.shown().screen == Screen::after);
  CHECK_FALSE(walk.asked());
  walk.tap(taps::SetPain{3});  // they are there after all
  walk.run(115);
  CHECK(walk.shown().screen == Screen::after);
  CHECK_FALSE(walk.asked());
  walk.run(10);  // the questions have waited long enough
  CHECK(walk.shown().screen == Screen::summary);
  walk.run(125);
  REQUIRE(walk.home());
  CHECK(walk.outcome() == "completed");
  CHECK(walk.end.pain_before == 2);
  CHECK(walk.end.pain_after == 3);  // was answered
  CHECK(walk.end.effort == -1);     // was not
}

TEST_CASE("a set that waits for pulls and gets none: paused, asked, closed as left", "[presence]") {
  Walk walk;
  walk.to_work();
  walk.run(88);
  CHECK_FALSE(walk.asked());
  walk.run(2);
  CHECK(walk.asked());
  CHECK(walk.count(PATELLA_ACTION_PAUSE) == 1);
  walk.run(31);
  REQUIRE(walk.home());
  CHECK(walk.outcome() == "left");
  CHECK(walk.count(PATELLA_ACTION_END) == 1);  // the module closed its set
  CHECK(walk.shown().session->client_label.empty());
}

TEST_CASE("a pull is presence, also while it is asked", "[presence]") {
  Walk walk;
  walk.to_work();
  for (int i = 0; i < 4; ++i) {
    walk.run(80);
    walk.force_n = 60 - walk.force_n;
  }
  CHECK_FALSE(walk.asked());
  walk.run(95);
  REQUIRE(walk.asked());
  walk.force_n = 60 - walk.force_n;
  walk.run(1);
  CHECK_FALSE(walk.asked());
  CHECK(walk.count(PATELLA_ACTION_RESUME) == 1);
  CHECK(walk.shown().pause == Pause::none);
}

TEST_CASE("what runs by itself goes on to its end; the time after it counts", "[presence]") {
  Walk walk;
  walk.to_work();
  walk.timer_s = 300;
  walk.timer_rate = -1;
  walk.phase = PATELLA_PHASE_REST;
  walk.run(300);
  CHECK_FALSE(walk.asked());
  walk.phase = PATELLA_PHASE_WORK;
  walk.timer_rate = 0;
  walk.run(89);
  CHECK_FALSE(walk.asked());
  walk.run(2);
  CHECK(walk.asked());
}

TEST_CASE("a clock that counts up has no end: it does not keep a station", "[presence]") {
  Walk walk;
  walk.to_work();
  walk.timer_s = 1;
  walk.timer_rate = 1;
  walk.run(125);
  CHECK(walk.home());
}

TEST_CASE("set-up: movement is presence, and nobody is thrown out unasked", "[presence]") {
  Walk walk;
  walk.to_set_up();
  for (int i = 0; i < 30; ++i) {
    walk.run(10);
    walk.force_n = 20 - walk.force_n;
  }
  CHECK_FALSE(walk.asked());
  walk.run(95);
  CHECK(walk.asked());
  CHECK(walk.shown().screen == Screen::set_up);
  walk.tap(taps::StillThere());
  CHECK_FALSE(walk.asked());
  CHECK(walk.shown().screen == Screen::set_up);
  walk.run(121);
  REQUIRE(walk.home());
  CHECK(walk.outcome() == "left");
}

TEST_CASE("a client who paused, and one whose sensor went away, are asked like others", "[presence]") {
  Walk walk;
  walk.to_work();
  SECTION("paused by the client") { walk.tap(taps::Pause()); }
  SECTION("paused by the loss of the sensor") {
    walk.flow.device(0, 0, {Liveness::absent, "unplugged"}, walk.now_us);
    for (const int64_t until_us = walk.now_us + 85 * kSecondUs; walk.now_us < until_us;) {
      walk.now_us += 50'000;
      walk.show();
      walk.flow.advance(walk.now_us);
      walk.take();
    }
    walk.flow.device(0, 0, {Liveness::absent, "unplugged"}, walk.now_us);
  }
  CHECK(walk.count(PATELLA_ACTION_PAUSE) == 1);
  CHECK_FALSE(walk.home());
  walk.run(124);
  CHECK(walk.count(PATELLA_ACTION_PAUSE) == 1);
  REQUIRE(walk.home());
  CHECK(walk.outcome() == "left");
}

TEST_CASE("staff who find the question on the screen are at home with one tap", "[presence]") {
  Walk walk;
  walk.to_work();
  walk.tap(taps::LeaveNow());  // nobody is asked: nothing happens
  CHECK_FALSE(walk.home());
  walk.run(95);
  REQUIRE(walk.asked());
  walk.tap(taps::LeaveNow());
  REQUIRE(walk.home());
  CHECK(walk.outcome() == "left");
  walk.tap(taps::OpenStation{"tke"});  // the next one
  CHECK(walk.shown().screen == Screen::who);
  CHECK_FALSE(walk.asked());
}

TEST_CASE("pain stop pressed while the session is being closed is asked about like any other", "[presence]") {
  Walk walk;
  walk.slow_to_end = true;
  walk.to_work();
  walk.run(95);
  REQUIRE(walk.asked());
  walk.tap(taps::LeaveNow());
  REQUIRE_FALSE(walk.home());  // the module has not said that it is done
  walk.tap(taps::PainStop());
  walk.done();
  REQUIRE_FALSE(walk.home());
  CHECK(walk.shown().screen == Screen::pain_stop);
  CHECK_FALSE(walk.asked());
  walk.tap(taps::SetPain{6});
  walk.tap(taps::Next());
  walk.tap(taps::SetPain{5});
  walk.tap(taps::SetEffort{3});
  walk.tap(taps::Next());
  walk.tap(taps::Next());
  REQUIRE(walk.home());
  CHECK(walk.outcome() == "stopped_for_pain");
}

TEST_CASE("who waits for staff as the screen says is not thrown out meanwhile; who has left is said to have", "[presence]") {
  KioskSetup plan = band_station();
  plan.stations[0].rules.pain_blocks_start = true;
  plan.gate_patience = {600 * kSecondUs, 30 * kSecondUs};
  Walk walk{KioskFlow(plan, 0)};
  walk.flow.device(0, 0, {Liveness::live, ""}, 0);
  walk.tap(taps::OpenStation{"tke"});
  walk.tap(taps::ChooseClient{"C-0001"});
  walk.tap(taps::SetPain{9});
  walk.tap(taps::Next());
  REQUIRE(walk.shown().screen == Screen::start_gate);
  walk.run(590);
  CHECK_FALSE(walk.asked());
  walk.run(20);
  CHECK(walk.asked());
  CHECK(notices::text_in(walk.newest_notice, "left").empty());
  walk.run(30);
  CHECK(walk.home());
  CHECK(notices::text_in(walk.newest_notice, "why") == "pain");
  CHECK(notices::text_in(walk.newest_notice, "left") == "yes");
}

TEST_CASE("who walks away from the pain stop keeps the outcome and what was chosen", "[presence]") {
  Walk walk;
  walk.to_work();
  walk.tap(taps::PainStop());
  walk.tap(taps::SetPain{7});
  walk.run(125);
  REQUIRE(walk.home());
  CHECK(walk.outcome() == "stopped_for_pain");
  CHECK(walk.end.pain_after == -1);
  const auto pain = std::find_if(walk.events.begin(), walk.events.end(),
                                 [](const LogEvent& e) { return e.kind == "pain" && text_of(e, "when") == "stop"; });
  REQUIRE(pain != walk.events.end());
  CHECK(number_of(*pain, "value") == 7);
}

TEST_CASE("who walks away after the pain stop has not answered the question after it", "[presence]") {
  Walk walk;
  walk.to_work();
  walk.tap(taps::PainStop());
  walk.tap(taps::SetPain{7});
  walk.tap(taps::Next());
  REQUIRE(walk.shown().screen == Screen::after);
  walk.run(245);  // the questions go on to the summary, which is left as any other screen is
  REQUIRE(walk.home());
  CHECK(walk.end.pain_after == -1);
}

TEST_CASE("who walks away from the list of names leaves the stations", "[presence]") {
  Walk walk;
  walk.tap(taps::OpenStation{"tke"});
  walk.run(95);
  CHECK(walk.asked());
  walk.tap(taps::Touch());
  CHECK_FALSE(walk.asked());
  walk.run(121);
  CHECK(walk.home());
}
