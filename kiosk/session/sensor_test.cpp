// What a session does with a sensor's calibration and with its measured rate.
#include <algorithm>

#include "base/sentence.hpp"
#include "session/kiosk_flow.hpp"
#include "support/catch.hpp"
#include "support/log_fields.hpp"

using namespace patella;
using namespace patella::session;
using patella::test::number_of;
using patella::test::text_of;

namespace {
constexpr int64_t kStartUs = 1'000'000'000;

SessionSetup plan() {
  SessionSetup plan;
  plan.station.id = "tke";
  plan.station.channels = {{"force", "N", "Scale", true, true, 1'500'000, 3'000'000}};
  plan.station.channels[0].needs = {{10, "counting repetitions", ""}, {80, "rate of force development", "rfd_n_per_s"}};
  plan.station.plan_lines = {"3 sets"};
  return plan;
}

struct Played {
  Session session;
  int64_t now_us = kStartUs;
  std::vector<Record> records;
  std::vector<LogEvent> events;
  explicit Played(SessionSetup plan) : session(std::move(plan), kStartUs) {}
  Played(SessionSetup plan, const Restored& restored) : session(std::move(plan), restored, kStartUs) {}

  void take() {
    for (Effect& effect : session.take_effects()) {
      if (const auto* record = std::get_if<Record>(&effect)) records.push_back(*record);
      if (auto* event = std::get_if<LogEvent>(&effect)) events.push_back(std::move(*event));
    }
  }
  void tap(const taps::InSession& tap) {
    session.tap(tap, now_us);
    take();
  }
  void run(double seconds, double rate_hz) {
    const auto step_us = static_cast<int64_t>(1e6 / rate_hz);
    for (const int64_t end_us = now_us + static_cast<int64_t>(seconds * 1e6); now_us < end_us;) {
      now_us += step_us;
      session.sample(0, now_us - 500, 20, now_us);
      session.advance(now_us);
      take();
    }
  }
  void to_set_up() {
    session.device(0, {Liveness::live, ""}, now_us);
    tap(taps::SetPain{2});
    tap(taps::Next());
  }
  Snapshot snapshot() const {
    Snapshot s;
    session.fill(s, now_us);
    return s;
  }
  std::vector<LogEvent> of(const std::string& kind) const {
    std::vector<LogEvent> found;
    for (const LogEvent& event : events)
      if (event.kind == kind) found.push_back(event);
    return found;
  }
};
}  // namespace

namespace {
std::vector<std::string> lines_of(const Snapshot& snapshot) {
  std::vector<std::string> lines;
  for (const Message& line : snapshot.session->plan_lines) lines.push_back(english(line));
  return lines;
}
}  // namespace

TEST_CASE("a sensor too slow to count with is told at set-up, and the exercise does not start") {
  Played played(plan());
  played.to_set_up();
  played.run(0.5, 2);
  CHECK(english(played.snapshot().why_not_continue) == "Measuring how often the sensor sends");
  played.run(2, 2);
  CHECK_FALSE(played.snapshot().can_continue);
  CHECK(english(played.snapshot().why_not_continue) ==
        "This sensor gives 2 values a second; counting repetitions needs 10. Tell staff");
  played.tap(taps::Start());
  CHECK(played.session.screen() == Screen::set_up);
}

TEST_CASE("a sensor fast enough to count with, but not for a finer figure, goes without that") {
  Played played(plan());
  played.to_set_up();
  played.run(1.5, 40);
  const Snapshot snapshot = played.snapshot();
  CHECK(snapshot.can_continue);
  CHECK(
      lines_of(snapshot) ==
      std::vector<std::string>{"3 sets", "Without rate of force development: it needs 80 values a second, this sensor gives 40"});
  played.tap(taps::Start());
  CHECK(played.session.screen() == Screen::live);
}

TEST_CASE("a fast sensor is ready in half a second, and nothing is said of rates") {
  Played played(plan());
  played.to_set_up();
  played.run(0.6, 88.2);
  CHECK(played.snapshot().can_continue);
  played.run(1, 88.2);
  CHECK(lines_of(played.snapshot()) == std::vector<std::string>{"3 sets"});
  // A clock that is 4 % slow is not held against it; one that is 10 % slow is.
  CHECK(too_slow_text(9.6, plan().station.channels[0].needs[0]).empty());
  CHECK(english(too_slow_text(8.98, plan().station.channels[0].needs[0])) ==
        "This sensor gives 9 values a second; counting repetitions needs 10. Tell staff");
  CHECK(english(too_slow_text(1, plan().station.channels[0].needs[0])).find("1 value a second") != std::string::npos);
}

TEST_CASE("a fast sensor does not vouch for a slow one that takes its place") {
  Played played(plan());
  played.to_set_up();
  played.session.source(0, {true, "A1", "", "", 1, 0}, played.now_us);
  played.run(5, 88.2);
  CHECK(played.snapshot().can_continue);
  const bool told = GENERATE(true, false);  // by its serial number, or by its plug alone
  if (told) played.session.source(0, {true, "A2", "", "", 1, 0}, played.now_us);
  if (!told) played.session.device(0, {Liveness::absent, ""}, played.now_us);
  played.session.device(0, {Liveness::live, ""}, played.now_us);
  played.run(2, 2);
  CHECK_FALSE(played.snapshot().can_continue);
  CHECK(english(played.snapshot().why_not_continue).find("This sensor gives 2 values a second") == 0);
}

TEST_CASE("the session keeps how its samples came") {
  Played played(plan());
  played.to_set_up();
  played.run(1, 88.2);
  played.tap(taps::Start());
  played.run(4, 88.2);
  played.session.samples_lost(0, 12, played.now_us);
  played.run(4, 88.2);
  played.tap(taps::EndSession());
  played.run(4, 88.2);
  const auto quality = played.of("quality");
  REQUIRE(quality.size() == 1);
  CHECK(text_of(quality[0], "channel") == "force");
  CHECK(number_of(quality[0], "rate_hz") == Approx(88.2).epsilon(0.01));
  CHECK(number_of(quality[0], "jitter_ms") == Approx(0).margin(0.05));
  CHECK(number_of(quality[0], "lost") == 12);
  const auto samples = std::count_if(played.records.begin(), played.records.end(),
                                     [](const Record& record) { return record.kind == RecordKind::sample; });
  CHECK(number_of(quality[0], "samples") == static_cast<double>(samples));
}

TEST_CASE("of a sensor that sends only on change nothing is said to be missing") {
  SessionSetup bike = plan();
  bike.station.channels[0].regular = false;
  bike.station.channels[0].needs.clear();
  Played played(bike);
  played.to_set_up();
  played.run(3, 1.5);
  played.tap(taps::Back());
  REQUIRE(played.of("quality").size() == 1);
  CHECK(number_of(played.of("quality")[0], "lost", -7) == -7);
}

TEST_CASE("which sensor it is and its calibration is an event, once, and again when it is another") {
  Played played(plan());
  played.tap(taps::SetPain{2});
  played.session.source(0, {}, played.now_us);                        // no device has been there
  played.session.source(0, {true, "", "", "", 1, 0}, played.now_us);  // nothing to tell it by
  played.take();
  CHECK(played.of("calibration").empty());
  for (const char* serial : {"A0", "A1", "A1"}) played.session.source(0, {true, serial, "", "", 1, 0}, played.now_us);
  played.take();
  REQUIRE(played.of("calibration").size() == 2);  // swapped for another one, both without a calibration
  CHECK(text_of(played.of("calibration")[1], "serial") == "A1");
  CHECK(text_of(played.of("calibration")[1], "id") == "");
  const ChannelSource first{true, "A2", "c1", "2026-10-02", 1.02, -3.5};
  for (int i = 0; i < 3; ++i) played.session.source(0, first, played.now_us);
  played.take();
  REQUIRE(played.of("calibration").size() == 3);
  CHECK(text_of(played.of("calibration")[2], "id") == "c1");
  CHECK(text_of(played.of("calibration")[2], "serial") == "A2");
  CHECK(number_of(played.of("calibration")[2], "slope") == 1.02);
  CHECK(number_of(played.of("calibration")[2], "offset") == -3.5);
  played.session.source(0, {true, "A1", "", "", 1, 0}, played.now_us);  // swapped for the other: none any more
  played.take();
  REQUIRE(played.of("calibration").size() == 4);
  CHECK(text_of(played.of("calibration")[3], "id") == "");
}

TEST_CASE("a resumed session knows its calibration and counts its samples from the start") {
  Played played(plan());
  const ChannelSource source{true, "A2", "c1", "2026-10-02", 1.02, -3.5};
  played.session.source(0, source, played.now_us);
  played.to_set_up();
  played.run(1, 88.2);
  played.tap(taps::Start());
  played.run(3, 88.2);
  Played again(plan(), {played.records, played.events});
  again.session.source(0, {}, again.now_us);      // its device is not there yet
  again.session.source(0, source, again.now_us);  // now it is
  again.session.device(0, {Liveness::live, ""}, again.now_us);
  again.run(2, 88.2);
  CHECK(again.of("calibration").empty());
  again.tap(taps::EndSession());
  again.run(4, 88.2);
  REQUIRE(again.of("quality").size() == 1);
  CHECK(number_of(again.of("quality")[0], "samples") > 88 * 6);
  CHECK(number_of(again.of("quality")[0], "rate_hz") == Approx(88.2).epsilon(0.01));
}

TEST_CASE("a flow hands a station's source to the session that opens there") {
  KioskSetup kiosk_setup;
  kiosk_setup.stations = {plan().station};
  KioskFlow flow(kiosk_setup, 0);
  flow.source(0, 0, {true, "A2", "c1", "2026-10-02", 1.02, -3.5}, 1);
  flow.tap(taps::OpenStation{"tke"}, 2);
  flow.tap(taps::ChooseGuest(), 3);
  flow.tap(taps::SetPain{2}, 4);
  int told = 0;
  for (const Effect& effect : flow.take_effects())
    if (const auto* event = std::get_if<LogEvent>(&effect)) told += event->kind == "calibration" ? 1 : 0;
  CHECK(told == 1);
}
