// What a touch asks for: each control its tap, nothing by accident, the pain stop always.
#include "support/catch.hpp"
#include "ui/tests/harness.hpp"

using namespace patella;
using namespace patella::ui;
using session::Screen;
using session::TapKind;

namespace {

session::Snapshot snapshot_of(const std::string& name) { return fixture(name).snapshot; }

struct Expected {
  const char *fixture, *control;
  TapKind kind;
  const char* text;
  int value;
};

bool has_pain_stop(Screen s) { return s == Screen::set_up || s == Screen::live || s == Screen::rest; }

}  // namespace

TEST_CASE("each control makes its tap, once") {
  const Expected all[] = {
      {"home", "station_tke", TapKind::open_station, "tke", 0},
      {"who", "guest", TapKind::choose_guest, "", 0},
      {"who", "client_C-001", TapKind::choose_client, "C-001", 0},
      {"who", "back", TapKind::back, "", 0},
      {"screening", "pain_0", TapKind::set_pain, "", 0},
      {"screening", "pain_10", TapKind::set_pain, "", 10},
      {"screening", "answer_locking_yes", TapKind::answer, "locking", 1},
      {"screening", "answer_swelling_no", TapKind::answer, "swelling", 0},
      {"screening", "back", TapKind::back, "", 0},
      {"screening_answered", "next", TapKind::next, "", 0},
      {"screening", "call_staff", TapKind::call_staff, "", 0},
      {"start_gate", "call_staff", TapKind::call_staff, "", 0},
      {"start_gate", "staff_start", TapKind::staff_start, "", 0},
      {"start_gate", "back", TapKind::back, "", 0},
      {"set_up_ready", "start", TapKind::start, "", 0},
      {"set_up_ready", "back", TapKind::back, "", 0},
      {"live_tke", "pause", TapKind::pause, "", 0},
      {"live_tke", "end_session", TapKind::ask_end, "", 0},
      {"live_paused", "resume", TapKind::resume, "", 0},
      {"live_tke_busy", "call_staff", TapKind::call_staff, "", 0},
      {"rest", "skip_rest", TapKind::skip_rest, "", 0},
      {"rest", "end_session", TapKind::ask_end, "", 0},
      {"pain_stop", "pain_7", TapKind::set_pain, "", 7},
      {"pain_stop", "place_1", TapKind::set_pain_place, "Left knee, inside", 0},
      {"staff_sensors", "staff_notices", TapKind::staff_notices, "", 0},
      {"staff_notices", "acknowledge_b", TapKind::staff_acknowledge, "b", 0},
      {"staff_notices", "back", TapKind::back, "", 0},
      {"staff_notices", "staff_leave", TapKind::staff_leave, "", 0},
      {"pain_stop", "call_staff", TapKind::call_staff, "", 0},
      {"pain_stop_chosen", "next", TapKind::next, "", 0},
      {"after", "pain_3", TapKind::set_pain, "", 3},
      {"after", "effort_9", TapKind::set_effort, "", 9},
      {"after", "skip_questions", TapKind::skip_questions, "", 0},
      {"pain_stop", "skip_questions", TapKind::skip_questions, "", 0},
      {"after_chosen", "next", TapKind::next, "", 0},
      {"summary", "done", TapKind::next, "", 0},
      {"resume_offer", "resume_session", TapKind::resume_session, "", 0},
      {"resume_offer", "close_interrupted", TapKind::close_interrupted, "", 0},
      {"home", "staff_open", TapKind::staff_open, "", 0},
      {"staff_sign_in", "staff_2", TapKind::staff_member, "2", 0},
      {"staff_sign_in", "back", TapKind::back, "", 0},
      {"staff_sign_in_digits", "key_0", TapKind::staff_key, "0", 0},
      {"staff_sign_in_digits", "key_9", TapKind::staff_key, "9", 0},
      {"staff_sign_in_digits", "key_erase", TapKind::staff_key, "", 0},
      {"staff_sign_in_digits", "staff_accept", TapKind::staff_accept, "", 0},
      {"staff_sensors", "calibrate_0", TapKind::staff_calibrate, "", 0},
      {"staff_sensors", "pair_1", TapKind::staff_pair, "", 1},
      {"staff_sensors", "retry_3", TapKind::staff_retry, "", 3},
      {"staff_sensors", "staff_leave", TapKind::staff_leave, "", 0},
      {"staff_calibrate", "key_point", TapKind::staff_key, ".", 0},
      {"staff_calibrate", "unit_kg", TapKind::weight_unit, "kg", 0},
      {"staff_calibrate", "unit_n", TapKind::weight_unit, "N", 0},
      {"staff_calibrate", "back", TapKind::back, "", 0},
      {"staff_calibrate_points", "take_point", TapKind::take_point, "", 0},
      {"staff_calibrate_points", "undo", TapKind::undo_point, "", 0},
      {"staff_calibrate_points", "store", TapKind::store_calibration, "", 0},
      {"staff_pair", "listen", TapKind::listen, "", 0},
      {"staff_pair_chosen", "sensor_a_700", TapKind::choose_sensor, "a_700", 0},
      {"staff_pair_chosen", "use_sensor", TapKind::use_sensor, "", 0},
  };
  Harness h;
  for (const Expected& e : all) {
    INFO(e.fixture << " " << e.control);
    h.show(snapshot_of(e.fixture));
    h.taps.clear();
    h.tap(e.control);
    REQUIRE(h.taps.size() == 1);
    CHECK(h.taps[0].kind == e.kind);
    CHECK(h.taps[0].text == e.text);
    CHECK(h.taps[0].value == e.value);
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
    CHECK(h.taps[0].kind == TapKind::next);
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
    CHECK(stop->box.x + stop->box.w == Approx(1920 - 40));
    CHECK(stop->box.y + stop->box.h == Approx(1080 - 32));
    const auto taps = h.ui().press(stop->box.x + 5, stop->box.y + 5, h.now_us);
    REQUIRE(taps.size() == 1);
    CHECK(taps[0].kind == TapKind::pain_stop);
    for (const auto& beside : h.ui().press(stop->box.x - 5, stop->box.y + 5, h.now_us)) CHECK(beside.kind == TapKind::touch);
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
  const auto taps = h.ui().press(5, 1075, h.now_us);
  REQUIRE(taps.size() == 1);
  CHECK(taps[0].kind == TapKind::touch);
}

TEST_CASE("the question whether somebody is there counts down, hides the name and leaves two ways on") {
  Harness h;
  for (const char* name : {"asked_live", "asked_set_up", "asked_after", "asked_who"}) {
    INFO(name);
    h.show(snapshot_of(name));
    h.tap("still_there");
    REQUIRE(h.taps.size() == 1);
    CHECK(h.taps[0].kind == TapKind::still_there);
    h.taps.clear();
    h.show(snapshot_of(name));
    h.tap("leave_now");
    REQUIRE(h.taps.size() == 1);
    CHECK(h.taps[0].kind == TapKind::leave_now);
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
  CHECK(h.taps[0].text == "C-013");
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
