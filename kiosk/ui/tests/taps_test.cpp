// What a touch asks for: each control its tap, nothing by accident, the pain stop always.
#include <functional>

#include "support/catch.hpp"
#include "ui/tests/harness.hpp"

using namespace patella;
using namespace patella::ui;
using session::CalibrationView;
using session::NoticesView;
using session::PairingView;
using session::Screen;
using session::SensorsView;
using session::SignInView;
using session::Tap;
using session::tap_if;
namespace taps = session::taps;

namespace {

session::Snapshot snapshot_of(const std::string& name) { return fixture(name).snapshot; }

using Is = std::function<bool(const Tap&)>;

template <class One>
Is a() {
  return [](const Tap& tap) { return tap_if<One>(tap) != nullptr; };
}
template <class One, class Field, class Value>
Is with(Field One::*field, Value value) {
  return [=](const Tap& tap) { return tap_if<One>(tap) && tap_if<One>(tap)->*field == value; };
}
template <class Type>
Is key(char typed) {
  return [=](const Tap& tap) { return tap_if<Type>(tap) && tap_if<Type>(tap)->key.typed() == typed; };
}

struct Expected {
  const char *fixture, *control;
  Is what;
};

bool has_pain_stop(Screen s) { return s == Screen::set_up || s == Screen::live || s == Screen::rest; }

}  // namespace

TEST_CASE("each control makes its tap, once") {
  const Expected all[] = {
      {"home", "station_tke", with(&taps::OpenStation::id, std::string("tke"))},
      {"who", "guest", a<taps::ChooseGuest>()},
      {"who", "client_C-001", with(&taps::ChooseClient::ref, std::string("C-001"))},
      {"who", "back", a<taps::BackHome>()},
      {"screening", "pain_0", with(&taps::SetPain::value, 0)},
      {"screening", "pain_10", with(&taps::SetPain::value, 10)},
      {"screening", "answer_locking_yes",
       [](const Tap& tap) {
         const auto* given = tap_if<taps::Answer>(tap);
         return given && given->question == "locking" && given->yes == true;
       }},
      {"screening", "answer_swelling_no",
       [](const Tap& tap) {
         const auto* given = tap_if<taps::Answer>(tap);
         return given && given->question == "swelling" && given->yes == false;
       }},
      {"screening", "back", a<taps::Back>()},
      {"screening_answered", "next", a<taps::Next>()},
      {"screening", "call_staff", a<taps::CallStaff>()},
      {"start_gate", "call_staff", a<taps::CallStaff>()},
      {"start_gate", "staff_start", a<taps::StaffStart>()},
      {"start_gate", "back", a<taps::Back>()},
      {"set_up_ready", "start", a<taps::Start>()},
      {"set_up_ready", "back", a<taps::Back>()},
      {"live_tke", "pause", a<taps::Pause>()},
      {"live_tke", "end_session", a<taps::AskEnd>()},
      {"live_paused", "resume", a<taps::Resume>()},
      {"live_tke_busy", "call_staff", a<taps::CallStaff>()},
      {"rest", "skip_rest", a<taps::SkipRest>()},
      {"rest", "end_session", a<taps::AskEnd>()},
      {"pain_stop", "pain_7", with(&taps::SetPain::value, 7)},
      {"pain_stop", "place_1", with(&taps::SetPainPlace::place, std::string("Left knee, inside"))},
      {"staff_sensors", "staff_notices", a<session::StaffGoTo<NoticesView>>()},
      {"staff_notices", "acknowledge_b", with(&NoticesView::Acknowledge::notice, std::string("b"))},
      {"staff_notices", "staff_sensors", a<session::StaffGoTo<SensorsView>>()},
      {"staff_notices", "staff_leave", a<session::StaffLeave>()},
      {"pain_stop", "call_staff", a<taps::CallStaff>()},
      {"pain_stop_chosen", "next", a<taps::Next>()},
      {"after", "pain_3", with(&taps::SetPain::value, 3)},
      {"after", "effort_9", with(&taps::SetEffort::value, 9)},
      {"after", "skip_questions", a<taps::SkipQuestions>()},
      {"pain_stop", "skip_questions", a<taps::SkipQuestions>()},
      {"after_chosen", "next", a<taps::Next>()},
      {"summary", "done", a<taps::Next>()},
      {"resume_offer", "resume_session", a<taps::GoOn>()},
      {"resume_offer", "close_interrupted", a<taps::CloseInterrupted>()},
      {"home", "staff_open", a<session::StaffOpen>()},
      {"staff_sign_in", "staff_2", with(&SignInView::Choose::member, std::string("2"))},
      {"staff_sign_in", "back", a<SignInView::Cancel>()},
      {"staff_sign_in_digits", "key_0", key<SignInView::Type>('0')},
      {"staff_sign_in_digits", "key_9", key<SignInView::Type>('9')},
      {"staff_sign_in_digits", "key_erase", key<SignInView::Type>(session::KeypadKey::kErase)},
      {"staff_sign_in_digits", "staff_accept", a<SignInView::Accept>()},
      {"staff_sensors", "calibrate_0", with(&SensorsView::Calibrate::row, std::size_t{0})},
      {"staff_sensors", "pair_1", with(&SensorsView::Pair::row, std::size_t{1})},
      {"staff_sensors", "retry_3", with(&SensorsView::Retry::row, std::size_t{3})},
      {"staff_sensors", "staff_leave", a<session::StaffLeave>()},
      {"staff_calibrate", "key_point", key<CalibrationView::Type>('.')},
      {"staff_calibrate", "unit_kg", with(&CalibrationView::TypeIn::kg, true)},
      {"staff_calibrate", "unit_n", with(&CalibrationView::TypeIn::kg, false)},
      {"staff_calibrate", "back", a<CalibrationView::Back>()},
      {"staff_calibrate_points", "take_point", a<CalibrationView::TakePoint>()},
      {"staff_calibrate_points", "undo", a<CalibrationView::TakeBack>()},
      {"staff_calibrate_points", "store", a<CalibrationView::Store>()},
      {"staff_pair", "listen", a<PairingView::Listen>()},
      {"staff_pair_chosen", "sensor_a_700", with(&PairingView::Choose::candidate, std::string("a_700"))},
      {"staff_pair_chosen", "use_sensor", a<PairingView::Use>()},
  };
  Harness h;
  for (const Expected& e : all) {
    INFO(e.fixture << " " << e.control);
    h.show(snapshot_of(e.fixture));
    h.taps.clear();
    h.tap(e.control);
    REQUIRE(h.taps.size() == 1);
    CHECK(e.what(h.taps[0]));
  }
}

TEST_CASE("what is not possible cannot be tapped, and says so") {
  Harness h;
  const std::pair<const char*, const char*> off[] = {{"home_broken", "station_squat"},
                                                     {"screening", "next"},
                                                     {"set_up_waiting", "start"},
                                                     {"pain_stop", "next"},
                                                     {"after", "next"},
                                                     {"live_module_stopped", "pause"},
                                                     {"staff_sign_in", "key_1"},
                                                     {"staff_sign_in", "staff_accept"},
                                                     {"staff_sign_in_checking", "key_1"},
                                                     {"staff_sign_in_locked", "key_1"},
                                                     {"staff_calibrate", "store"},
                                                     {"staff_calibrate_taking", "take_point"},
                                                     {"staff_pair_listening", "use_sensor"}};
  for (const auto& [name, control] : off) {
    INFO(name << " " << control);
    h.show(snapshot_of(name));
    REQUIRE(h.control(control) != nullptr);
    CHECK_FALSE(h.control(control)->enabled);
    h.tap(control);
    CHECK(h.taps.empty());
  }
}

TEST_CASE("a press that slides off its control is no tap") {
  Harness h;
  h.show(snapshot_of("live_tke"));
  const Box b = h.control("pause")->box;
  h.down(b.x + 20, b.y + 20);
  h.move(b.x - 300, b.y - 200);
  h.up();
  CHECK(h.taps.empty());
  h.down(b.x - 300, b.y - 200);  // nor is one that slides on to it
  h.move(b.x + 20, b.y + 20);
  h.up();
  CHECK(h.taps.empty());
}

TEST_CASE("a touch meant for the screen before does nothing on the next one") {
  Harness h;
  h.show(snapshot_of("screening_answered"));
  const Box next = h.control("next")->box;
  const float x = next.x + next.w / 2, y = next.y + next.h / 2;

  SECTION("pressed right after the change") {
    h.snapshot = snapshot_of("summary");  // "done" lies where "next" was
    h.frames(1);
    h.wait(200'000);
    h.down(x, y);
    h.wait(400'000);  // released late: what counts is when it began
    h.up();
    CHECK(h.taps.empty());
  }
  SECTION("pressed before the change, released after it") {
    h.down(x, y);
    h.snapshot = snapshot_of("summary");
    h.frames(1);
    h.wait(2'000'000);
    h.up();
    CHECK(h.taps.empty());
  }
  SECTION("a fresh press after 300 ms counts") {
    h.snapshot = snapshot_of("summary");
    h.frames(1);
    h.wait(301'000);
    h.down(x, y);
    h.up();
    REQUIRE(h.taps.size() == 1);
    CHECK(tap_if<taps::Next>(h.taps[0]));
  }
}

TEST_CASE("the mirror says when touches count, and how many have ended") {
  Harness h;
  h.show(snapshot_of("screening_answered"));
  CHECK(h.ui().shown().takes_touches);
  h.snapshot = snapshot_of("summary");
  h.frames(1);
  CHECK_FALSE(h.ui().shown().takes_touches);
  REQUIRE(h.ui().next_change_us() <= h.now_us + 300'000);  // drawn again by then, so that it is said
  h.wait(300'000);
  h.frames(1);
  CHECK(h.ui().shown().takes_touches);
  const uint64_t before = h.ui().shown().touches;
  const Box done = h.control("done")->box;
  h.down(done.x + 1, done.y + 1);
  CHECK(h.ui().shown().touches == before);
  h.up();
  CHECK(h.ui().shown().touches == before + 1);
}

TEST_CASE("the pain stop acts on press on every screen of an exercise, with a palm on the glass") {
  Harness h;
  int screens = 0;
  for (const Fixture& f : all_fixtures()) {
    if (!has_pain_stop(f.snapshot.screen)) continue;
    INFO(f.name);
    ++screens;
    h.snapshot = f.snapshot;
    h.frames(1);  // no wait: the pain stop has no ghost guard
    h.down(300, 400);
    const Control* stop = h.control("pain_stop");
    REQUIRE(stop != nullptr);
    CHECK(stop->enabled);
    CHECK(stop->box.w >= 216);
    CHECK(stop->box.h >= 144);
    CHECK((f.snapshot.appearance.left_handed ? stop->box.x : 1920 - stop->box.x - stop->box.w) == Approx(40));
    CHECK(stop->box.y + stop->box.h == Approx(1080 - 32));
    const auto pressed = h.ui().press(stop->box.x + 5, stop->box.y + 5, h.now_us);
    REQUIRE(pressed.size() == 1);
    CHECK(tap_if<taps::PainStop>(pressed[0]));
    for (const auto& beside : h.ui().press(stop->box.x - 5, stop->box.y + 5, h.now_us)) CHECK(tap_if<taps::Touch>(beside));
    h.up();
  }
  CHECK(screens > 20);
}

TEST_CASE("draw never gives the pain stop: press does, so that it comes once") {
  Harness h;
  h.show(snapshot_of("live_tke"));
  h.tap("pain_stop");
  CHECK(h.taps.empty());
}

TEST_CASE("only the pain stop acts on press") {
  Harness h;
  for (const Fixture& f : all_fixtures()) {
    h.show(f.snapshot);
    for (const Control& c : h.ui().shown().controls) {
      if (c.id == "pain_stop") continue;
      CHECK(h.ui().press(c.box.x + c.box.w / 2, c.box.y + c.box.h / 2, h.now_us).empty());
    }
  }
}

TEST_CASE("a touch where nothing is says that somebody is there") {
  Harness h;
  h.show(snapshot_of("asked_live"));
  const auto pressed = h.ui().press(5, 1075, h.now_us);
  REQUIRE(pressed.size() == 1);
  CHECK(tap_if<taps::Touch>(pressed[0]));
}

TEST_CASE("the question whether somebody is there counts down, hides the name and leaves two ways on") {
  Harness h;
  for (const char* name : {"asked_live", "asked_set_up", "asked_after", "asked_who"}) {
    INFO(name);
    h.show(snapshot_of(name));
    h.tap("still_there");
    REQUIRE(h.taps.size() == 1);
    CHECK(tap_if<taps::StillThere>(h.taps[0]));
    h.taps.clear();
    h.show(snapshot_of(name));
    h.tap("leave_now");
    REQUIRE(h.taps.size() == 1);
    CHECK(tap_if<taps::LeaveNow>(h.taps[0]));
    h.taps.clear();
    for (const auto& text : h.ui().shown().texts) CHECK(text.text.find("Anna") == std::string::npos);
  }
}

TEST_CASE("a long list is dragged, and a drag is no tap") {
  Harness h;
  h.show(snapshot_of("who_many"));
  CHECK(h.control("client_C-025") == nullptr);
  const Box row = h.control("client_C-003")->box;
  h.down(row.x + 50, row.y + 20);
  for (int i = 1; i <= 12; ++i) h.move(row.x + 50, row.y + 20 - 25 * static_cast<float>(i));
  const Control* moved = h.control("client_C-005");
  REQUIRE(moved != nullptr);
  h.up();
  CHECK(h.taps.empty());
  CHECK(h.ui().animating());  // it runs on after a fling
  h.frames(240);
  CHECK_FALSE(h.ui().animating());
  h.tap("client_C-013");
  REQUIRE(h.taps.size() == 1);
  CHECK(with(&taps::ChooseClient::ref, std::string("C-013"))(h.taps[0]));
}

TEST_CASE("a list that fits does not move") {
  Harness h;
  h.show(snapshot_of("who"));
  const Box before = h.control("client_C-001")->box;
  h.down(before.x + 30, before.y + 30);
  h.move(before.x + 30, before.y - 100);
  CHECK(h.control("client_C-001")->box.y == Approx(before.y));
  h.up();
}

TEST_CASE("each of ten places of pain is large enough to be touched") {
  Harness h;
  h.show(snapshot_of("pain_stop"));
  int places = 0;
  for (const Control& c : h.ui().shown().controls) places += c.id.starts_with("place_") ? 1 : 0;
  CHECK(places == 10);
}
