// What the screens say, and what they do not say: whose numbers, why paused, what became of a repetition, pain before praise.
#include <algorithm>
#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "ui/parts.hpp"
#include "ui/tests/harness.hpp"

using namespace patella;
using namespace patella::ui;

namespace {

const ShownText* find_text(const Harness& h, const std::string& part) {
  const auto& texts = const_cast<Harness&>(h).ui().shown().texts;
  const auto found =
      std::find_if(texts.begin(), texts.end(), [&](const ShownText& t) { return t.text.find(part) != std::string::npos; });
  return found == texts.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("numbers that no physio has set are called the house's, everywhere") {
  Harness h;
  for (const char* name : {"set_up_ready", "set_up_wall"}) {
    h.show(fixture(name).snapshot);
    CHECK(h.has_text("Your plan"));
    CHECK_FALSE(h.has_text("House default"));
  }
  h.show(fixture("set_up_house").snapshot);
  CHECK_FALSE(h.has_text("Your plan"));
  CHECK(h.has_text("House default"));
  h.show(fixture("live_bike_on_target").snapshot);
  CHECK(h.has_text("Target set by the physio"));
  h.show(fixture("live_bike_house").snapshot);
  CHECK_FALSE(h.has_text("physio"));
  CHECK(h.has_text("Target, house default"));
}

TEST_CASE("a call to staff is answered in words at once, also while something else is still to be chosen") {
  Harness h;
  for (const char* name : {"screening_called", "pain_stop"}) {
    session::Snapshot waiting = fixture(name).snapshot;
    waiting.staff_notice = "Staff are being called";
    INFO(name);
    REQUIRE_FALSE(waiting.can_continue);
    h.show(waiting);
    CHECK(h.has_text("Staff are being called"));
    CHECK(h.has_text(english(waiting.why_not_continue)));
  }
}

TEST_CASE("to skip the rest is never the brightest button") {
  Harness h;
  for (const char* name : {"rest", "rest_wall"}) {
    h.show(fixture(name).snapshot);
    REQUIRE(h.control("skip_rest"));
    CHECK_FALSE(h.control("skip_rest")->primary);
  }
  h.show(fixture("set_up_ready").snapshot);
  CHECK(h.control("start")->primary);
}

TEST_CASE("resume is there where it does something, and a pause says why") {
  Harness h;
  h.show(fixture("live_paused").snapshot);
  REQUIRE(h.control("resume"));
  CHECK(h.control("resume")->enabled);
  h.show(fixture("live_paused_sensor").snapshot);
  CHECK_FALSE(h.control("resume"));
  CHECK(h.has_text("Force sensor lost"));
  h.show(fixture("live_auto_paused").snapshot);
  CHECK_FALSE(h.control("resume"));
  CHECK(h.has_text("Pedalling stopped. Pedal to go on"));
  CHECK(h.control("end_session"));
}

TEST_CASE("a sensor that is only welcome is not waited for") {
  Harness h;
  h.show(fixture("live_wall_sit_no_scale").snapshot);
  CHECK(h.has_text("17"));
  for (const char* words : {"Waiting", "lost", "no data"}) CHECK_FALSE(h.has_text(words));
  h.show(fixture("set_up_no_scale").snapshot);
  CHECK(h.has_text("Force sensor \xE2\x80\x93 not connected, not needed"));
  CHECK_FALSE(h.has_text("Waiting"));
  session::Snapshot home = fixture("home").snapshot;
  home.stations.edit()[1].devices.push_back({"force", "USB scale", session::Liveness::absent, "Waiting for the scale", false});
  h.show(home);
  CHECK_FALSE(h.has_text("Waiting for the scale"));
}

TEST_CASE("home names a pain stop first and each station once") {
  Harness h;
  session::Snapshot home = fixture("home_notices").snapshot;
  std::vector<session::OpenNotice> open;
  const auto add = [&](const char* station, notices::Kind kind, int64_t minute_of_day) {
    session::OpenNotice one;
    one.notice.kind = kind;
    one.notice.utc_us = minute_of_day * 60'000'000;
    one.station_title = station;
    open.push_back(one);
  };
  add("Wall sit", notices::Kind::red_flag, 421);
  add("Wall sit", notices::Kind::pain_high, 422);
  add("Knee extension", notices::Kind::call_staff, 423);
  add("Bike", notices::Kind::pain_stop, 424);
  add("Wall sit", notices::Kind::start_blocked, 425);
  home.notices = std::make_shared<const std::vector<session::OpenNotice>>(open);
  h.show(home);
  CHECK(h.has_text("Bike: staff needed, 07:04 \xC2\xB7 Wall sit: staff needed, 07:05 (+3)"));
}

TEST_CASE("what stands still is not said to be running") {
  Harness h;
  session::Snapshot asks = fixture("live_tke").snapshot;
  asks.asks_end = true;
  h.show(asks);
  CHECK(h.has_text("still running"));
  asks.pause = session::Pause::client;
  h.show(asks);
  CHECK_FALSE(h.has_text("still running"));
}

TEST_CASE("the reason of a full disk is read on the live screen") {
  Harness h;
  h.show(fixture("live_disk_full").snapshot);
  CHECK(h.has_text("The disk is full"));
}

TEST_CASE("more pain than before comes first and is not praised") {
  Harness h;
  h.show(fixture("summary_pain_rose").snapshot);
  CHECK_FALSE(h.has_text("Completed"));
  CHECK(h.has_text("The exercise is done"));
  const ShownText* pain = find_text(h, "Pain 2 before, 5 after");
  REQUIRE(pain);
  const ShownText* time = find_text(h, "8:12");
  REQUIRE(time);
  CHECK(pain->box.x < time->box.x);
  CHECK(find_text(h, "Pain after")->box.x < time->box.x);
  h.show(fixture("summary").snapshot);  // no more than before
  CHECK(h.has_text("Completed"));
}

TEST_CASE("stopped for pain at the set-up: where and how strong, no effort, nothing drawn of what was not done") {
  Harness h;
  h.show(fixture("summary_not_begun").snapshot);
  CHECK(h.has_text("Stopped for pain"));
  CHECK(h.has_text("Left knee, front"));
  CHECK(h.has_text("Pain at the stop"));
  CHECK(h.has_text("Stopped before the exercise began"));
  for (const char* words : {"Effort", "The whole session", "Time", "Measured"}) CHECK_FALSE(h.has_text(words));
}

TEST_CASE("every reason is on the summary, once, with its count") {
  Harness h;
  h.show(fixture("summary_reasons").snapshot);
  std::string all;
  for (const ShownText& t : h.ui().shown().texts) all += t.text + "\n";
  INFO(all);
  for (const char* words :
       {" \xC3\x97 Force left the target too soon: hold it longer", " \xC3\x97 The target was not reached: pull further",
        "1 \xC3\x97 Too quick: move more slowly", "1 \xC3\x97 Let the band go fully slack between repetitions"})
    CHECK(h.has_text(words));
  int times = 0;
  for (const ShownText& t : h.ui().shown().texts)
    if (const auto at = t.text.find(" \xC3\x97 "); at != std::string::npos) times += std::stoi(t.text.substr(0, at));
  const session::Summary m = *fixture("summary_reasons").snapshot.summary;
  CHECK(times <= m.reps_not_counted);
  h.show(fixture("summary").snapshot);
  times = 0;
  for (const ShownText& t : h.ui().shown().texts)
    if (const auto at = t.text.find(" \xC3\x97 "); at != std::string::npos) times += std::stoi(t.text.substr(0, at));
  CHECK(times == fixture("summary").snapshot.summary->reps_not_counted);
  CHECK(h.has_text("of 3"));
}

TEST_CASE("a trace beyond what the module expected is not cut off, and a wild value does not press it flat") {
  std::vector<session::TracePoint> points;
  for (int i = 0; i < 200; ++i) points.push_back({static_cast<float>(i) * .1f, 60 + 80 * std::sin(static_cast<float>(i) * .05f)});
  Trace trace;
  trace.points = points;
  trace.t1_s = 20;
  trace.max = 100;
  trace.band_low = 40;
  trace.band_high = std::numeric_limits<double>::quiet_NaN();
  Trace wide = trace;
  widen(wide);
  CHECK(wide.max >= 140);
  CHECK(wide.max <= 200);
  CHECK(wide.min <= -19);
  points[50].value = points[51].value = 1302;
  trace.points = points;
  widen(trace);
  CHECK(trace.max <= 200);
}

TEST_CASE("the fixtures of the band show one moment: readout, trace, words and clock") {
  for (const Fixture& f : all_fixtures()) {
    const session::Snapshot& s = f.snapshot;
    const bool live = s.screen == session::Screen::live && s.view.trace_channel == 0 && !s.trace.empty();
    if (!live || s.channels[0].liveness != session::Liveness::live) continue;
    INFO(f.name);
    const patella_readout& force = s.view.readouts[0];
    CHECK(std::fabs(force.value - static_cast<double>(s.trace.back().value)) < 1);
    CHECK(std::fabs(static_cast<double>(s.trace.back().t_s) - s.session_t_s) < .02);
    if (s.view.tone == PATELLA_TONE_ON_TARGET) {
      CHECK(force.value >= force.target_low);
      CHECK_FALSE(force.value > force.target_high);
    }
    if (s.view.tone == PATELLA_TONE_LOW) CHECK(force.value < force.target_low);
    if (s.view.tone == PATELLA_TONE_HIGH) CHECK(force.value > force.target_high);
  }
}

TEST_CASE("a client never reads whose a device is, where it is plugged in, or a command") {
  Harness h;
  for (Fixture f : all_fixtures()) {
    if (f.snapshot.screen == session::Screen::staff) continue;
    const auto mark = [](session::StationTile& tile) {
      for (session::DeviceState& device : tile.devices) {
        device.label = "Makername";
        device.text = "Makername at tty:ttyUSB0: plug it in, see `patella check config`";
      }
      tile.fault = "Makername: stations/tke.toml, line 3";
    };
    mark(f.snapshot.station.edit());
    for (session::StationTile& tile : f.snapshot.stations.edit()) mark(tile);
    h.show(f.snapshot);
    for (const ShownText& t : h.ui().shown().texts) {
      INFO(f.name << ": " << t.text);
      for (const char* never : {"Makername", "Chronojump", "ttyUSB", "plug it in", "patella check", ".toml"})
        CHECK(t.text.find(never) == std::string::npos);
    }
  }
}
