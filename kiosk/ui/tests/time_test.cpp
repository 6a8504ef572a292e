// Numbers and clocks between two snapshots: old ones are never shown as live, and nothing is drawn when
// nothing moves.
#include <cstring>
#include <limits>

#include "support/catch.hpp"
#include "ui/tests/harness.hpp"

using namespace patella;
using namespace patella::ui;
using session::Screen;

namespace {

constexpr int64_t kNeverUs = std::numeric_limits<int64_t>::max();
const std::string kDashes = "\xE2\x80\x93\xE2\x80\x93";

/// Draws one frame this long after the snapshot was made.
void draw_at(Harness& h, const std::string& name, int64_t after_us) {
  h.snapshot = fixture(name).snapshot;
  h.now_us = kFixtureNowUs + after_us;
  h.frames(1, 0);
}

}  // namespace

TEST_CASE("a stale value carries its age, and the age runs on without a snapshot") {
  Harness h;
  draw_at(h, "live_bike_stale", 0);
  CHECK(h.has_text("Value is 2 s old"));
  CHECK(h.has_text("2 s old"));
  CHECK_FALSE(h.has_text("On target"));
  const int64_t due = h.ui().next_change_us();
  CHECK(due <= kFixtureNowUs + 800'000);  // 2.2 s becomes 3 s
  draw_at(h, "live_bike_stale", 800'000);
  CHECK(h.has_text("Value is 3 s old"));
}

TEST_CASE("a lost value is dashes and words, not a number and a colour") {
  Harness h;
  for (const char* name : {"live_bike_lost", "live_tke_lost"}) {
    draw_at(h, name, 0);
    INFO(name);
    CHECK(h.has_text(kDashes));
    CHECK(h.has_text("Sensor lost"));
    CHECK_FALSE(h.has_text("79"));
    CHECK_FALSE(h.has_text("62"));
    CHECK_FALSE(h.has_text("On target"));
  }
  draw_at(h, "live_bike_failed", 0);
  CHECK(h.has_text("Sensor stopped"));
  CHECK(h.has_text("Tell staff"));
}

TEST_CASE("one lost secondary value does not touch the others") {
  Harness h;
  draw_at(h, "live_heart_rate_stale", 0);
  CHECK(h.has_text("79"));
  CHECK(h.has_text("On target"));
  CHECK(h.has_text("3 s old"));
  CHECK(h.has_text("waiting"));
  CHECK_FALSE(h.has_text("64"));
}

TEST_CASE("when the session says nothing any more, its numbers grow old too") {
  Harness h;
  draw_at(h, "live_bike_on_target", 2'400'000);
  CHECK(h.has_text("On target"));
  draw_at(h, "live_bike_on_target", 2'600'000);
  CHECK(h.has_text("Value is 2 s old"));
  CHECK_FALSE(h.has_text("On target"));
  draw_at(h, "live_bike_on_target", 6'100'000);
  CHECK(h.has_text(kDashes));
  CHECK_FALSE(h.has_text("79"));
}

TEST_CASE("the silence is noticed without an event: the next frame is due by then") {
  Harness h;
  draw_at(h, "live_plain_gauge", 0);  // no figure that asks for frames
  REQUIRE(h.has_text("24.6"));
  int frames = 0;
  while (h.has_text("24.6") && h.ui().next_change_us() != kNeverUs && frames < 1000) {
    h.now_us = std::max(h.ui().next_change_us(), h.now_us + 1000);
    h.frames(1, 0);
    ++frames;
  }
  CHECK(h.has_text(kDashes));
  CHECK(h.now_us < kFixtureNowUs + 7'000'000);
}

TEST_CASE("a timer runs on by its rate, at most one and a half seconds") {
  Harness h;
  draw_at(h, "live_bike_on_target", 0);
  CHECK(h.has_text("2:34"));
  draw_at(h, "live_bike_on_target", 1'000'000);
  CHECK(h.has_text("2:33"));
  draw_at(h, "live_bike_on_target", 1'400'000);
  CHECK(h.has_text("2:33"));
  draw_at(h, "live_bike_on_target", 60'000'000);
  CHECK(h.has_text("2:33"));                            // 154 s − 1.5 s, rounded up
  session::Snapshot up = fixture("live_tke").snapshot;  // counting up, in tenths
  up.view.timer_s = 1.3;
  up.view.timer_rate = 1;
  h.show(up);
  CHECK(h.has_text("1.3"));
  h.wait(250'000);
  h.frames(1);
  CHECK(h.has_text("1.5"));
}

TEST_CASE("a paused timer stands") {
  Harness h;
  session::Snapshot s = fixture("live_wall_sit").snapshot;
  s.pause = session::Pause::client;
  h.snapshot = s;
  h.now_us = kFixtureNowUs + 1'400'000;
  h.frames(1, 0);
  CHECK(h.has_text("0:17"));
  s.pause = session::Pause::none;
  h.snapshot = s;
  h.frames(1, 0);
  CHECK(h.has_text("18"));
}

TEST_CASE("home draws nothing when nothing happens") {
  Harness h;
  for (const char* name : {"home", "home_broken", "home_many", "home_empty"}) {
    h.show(fixture(name).snapshot);
    h.frames(5);
    INFO(name);
    CHECK_FALSE(h.ui().animating());
    CHECK(h.ui().next_change_us() == kNeverUs);
  }
}

TEST_CASE("every screen comes to rest, and what changes later has a time") {
  Harness h;
  for (const Fixture& f : all_fixtures()) {
    h.show(f.snapshot);
    h.frames(60);
    INFO(f.name);
    CHECK_FALSE(h.ui().animating());
    const bool moves = f.snapshot.screen == Screen::set_up || f.snapshot.screen == Screen::live ||
                       f.snapshot.screen == Screen::rest || f.changes;
    if (!moves)
      CHECK(h.ui().next_change_us() == kNeverUs);
    else
      CHECK(h.ui().next_change_us() > h.now_us);
  }
}

TEST_CASE("the needle moves for a while after a new value and then stops") {
  Harness h;
  h.show(fixture("live_bike_low").snapshot);
  h.frames(60);
  REQUIRE_FALSE(h.ui().animating());
  h.snapshot = fixture("live_bike_high").snapshot;
  h.frames(1);
  CHECK(h.ui().animating());
  int frames = 0;
  while (h.ui().animating() && frames < 600) h.frames(1), ++frames;
  CHECK(frames > 5);
  CHECK(frames < 180);
}

TEST_CASE("the figure asks for thirty pictures a second, and rests when nobody touches the screen for a minute") {
  Harness h;
  h.show(fixture("set_up_ready").snapshot);
  CHECK(h.ui().next_change_us() == h.now_us + 33'333);
  CHECK_FALSE(h.ui().animating());
  h.wait(61'000'000);
  h.frames(1);
  CHECK(h.ui().next_change_us() == kNeverUs);
  h.down(300, 300);
  h.up();
  CHECK(h.ui().next_change_us() == h.now_us + 33'333);
}

TEST_CASE("a figure of a paused exercise stands") {
  Harness h;
  h.show(fixture("live_paused").snapshot);
  CHECK(h.ui().next_change_us() == kNeverUs);
}

TEST_CASE("why it is paused, and that the exercise display stopped, is said in words") {
  Harness h;
  h.show(fixture("live_paused").snapshot);
  CHECK(h.has_text("Touch Resume when you are ready"));
  h.show(fixture("live_paused_sensor").snapshot);
  CHECK_FALSE(h.has_text("Touch Resume when you are ready"));
  CHECK(h.has_text("Paused"));
  CHECK(h.has_text("Force sensor lost"));
  h.show(fixture("live_module_stopped").snapshot);
  CHECK(h.has_text("Exercise display stopped"));
  CHECK(h.has_text("Your session is being recorded"));
  CHECK(h.has_text("Tell staff"));
}

TEST_CASE("home tells that a sensor is late only when the exercise needs it") {
  Harness h;
  session::Snapshot home = fixture("home").snapshot;
  for (const bool needed : {true, false}) {
    home.stations.edit().at(1).devices = {{"force", "USB scale", session::Liveness::stale, "", needed}};
    h.show(home);
    CHECK(h.has_text("Sensor data is late") == needed);
  }
}

TEST_CASE("what to do while it is paused is said in German, too") {
  REQUIRE(text::open_catalogues(std::string(PATELLA_BUILD_DIR) + "/locale"));
  Options options;
  options.words = Words{text::Language("de")};
  Harness h(1920, 1080, options);
  h.show(fixture("live_paused").snapshot);
  CHECK(h.has_text("Auf Fortsetzen tippen"));
  CHECK_FALSE(h.has_text("Paused"));
}

TEST_CASE("unsaved repetitions, notices and banners are shown") {
  Harness h;
  h.show(fixture("live_tke_busy").snapshot);
  CHECK(h.has_text("2 saving"));
  CHECK(h.has_text("Tell staff: the disk is nearly full"));
  CHECK(h.has_text("Emulated devices"));
  h.show(fixture("summary_pain").snapshot);
  CHECK(h.has_text("Saving"));
  h.show(fixture("summary").snapshot);
  CHECK(h.has_text("Everything is saved"));
  CHECK(h.has_text("The target was not reached"));
}

TEST_CASE("in the staff area no number stands when no snapshot comes any more") {
  Harness h;
  for (const auto& [name, number] : {std::pair("staff_sensors", "38.4"), std::pair("staff_calibrate", "3.4")}) {
    h.show(fixture(name).snapshot);
    INFO(name);
    CHECK(h.has_text(number));
    const int64_t due_us = h.ui().next_change_us();
    CHECK(due_us <= h.snapshot.made_us + 2'000'001);
    h.now_us = h.snapshot.made_us + 2'100'000;
    h.frames(2);
    CHECK_FALSE(h.has_text(number));
  }
}
