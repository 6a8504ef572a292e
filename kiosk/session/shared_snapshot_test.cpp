// A snapshot is made for each sample: what it holds in common with the one before, and that nothing is shown which no longer holds.
#include <algorithm>
#include <vector>

#include "session/kiosk_flow.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::session;

namespace {
constexpr int64_t kStartUs = 1'000'000'000;

SessionSetup setup() {
  SessionSetup setup;
  setup.station.id = "tke";
  setup.station.title = "Knee extension";
  setup.station.channels = {{"force", "N", "Force sensor", true, true, 500'000, 1'000'000}};
  setup.station.steps = {"Stand tall"};
  setup.client = {"C-0007", "Anna K."};
  setup.questions = {{"well", "Do you feel well today?", -1}};
  return setup;
}

struct Played {
  Session session{setup(), kStartUs};
  int64_t now_us = kStartUs;

  void run(int samples) {
    for (int i = 0; i < samples; ++i) {
      now_us += 10'000;
      session.sample(0, now_us, 20 + i % 5, now_us);
      session.advance(now_us);
      session.take_effects();
    }
  }
  void tap(const taps::InSession& tap) {
    session.tap(tap, now_us);
    session.take_effects();
  }
  Snapshot snapshot() const {
    Snapshot s;
    session.fill(s, now_us);
    return s;
  }
  void to_work() {
    session.device(0, {Liveness::live, ""}, now_us);
    tap(taps::SetPain{2});
    tap(taps::Answer{"well", true});
    tap(taps::Next());
    run(20);
    tap(taps::Start());
    patella_view view{};
    view.size = sizeof view;
    view.phase = PATELLA_PHASE_WORK;
    view.trace_seconds = 10;
    session.module_view(view, now_us);
  }
};

std::vector<TracePoint> copied(const TracePoints& trace) { return {trace.begin(), trace.end()}; }
bool operator==(const TracePoint& a, const TracePoint& b) { return a.t_s == b.t_s && a.value == b.value; }
bool equal(const std::vector<TracePoint>& a, const TracePoints& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) { return x == y; });
}
}  // namespace

TEST_CASE("from one sample to the next a snapshot copies nothing that stays as it is") {
  Played played;
  played.to_work();
  const Snapshot before = played.snapshot();
  played.run(1);
  const Snapshot after = played.snapshot();
  CHECK(after.session.same(before.session));
  CHECK(after.station.same(before.station));
  CHECK(after.questions.same(before.questions));
  CHECK(after.session->steps.size() == 1);
  CHECK(after.station->title == "Knee extension");
  REQUIRE(after.trace.size() == before.trace.size() + 1);
  CHECK(after.trace.points().data() == before.trace.points().data());
}

TEST_CASE("a device that goes, or says something else, is in the next snapshot, and what was shown stays as it was") {
  Played played;
  played.to_work();
  const Snapshot live = played.snapshot();
  CHECK(live.station->devices.at(0).liveness == Liveness::live);
  played.now_us += 700'000;  // nobody says anything: the value only grows old
  CHECK(played.snapshot().station->devices.at(0).liveness == Liveness::stale);
  played.session.device(0, {Liveness::absent, "Plug it in"}, played.now_us);
  const Snapshot gone = played.snapshot();
  CHECK(gone.station->devices.at(0).liveness == Liveness::lost);
  CHECK(gone.station->devices.at(0).text == Messages("Plug it in"));
  played.session.device(0, {Liveness::absent, "It is broken"}, played.now_us);
  CHECK(played.snapshot().station->devices.at(0).text == Messages("It is broken"));
  CHECK(live.station->devices.at(0).liveness == Liveness::live);
  CHECK(gone.station->devices.at(0).text == Messages("Plug it in"));
}

TEST_CASE("an answer is in the next snapshot") {
  Played played;
  const Snapshot asked = played.snapshot();
  played.tap(taps::Answer{"well", true});
  CHECK(played.snapshot().questions->at(0).answer == 1);
  CHECK(asked.questions->at(0).answer == -1);
}

TEST_CASE("a summary is made once, and again when something of it is told or stored") {
  Played played;
  played.to_work();
  played.tap(taps::EndSession());
  patella_event done{};
  done.size = sizeof done;
  done.kind = PATELLA_EVENT_DONE;
  played.session.module_event(done, 0, 1, played.now_us);
  played.tap(taps::SkipQuestions());
  const Snapshot summed = played.snapshot();
  REQUIRE(summed.screen == Screen::summary);
  CHECK(summed.summary->outcome == "stopped_early");
  CHECK_FALSE(summed.summary->stored);
  played.run(1);
  CHECK(played.snapshot().summary.same(summed.summary));
  played.session.end_stored();
  CHECK(played.snapshot().summary->stored);
  CHECK_FALSE(summed.summary->stored);
}

TEST_CASE("a trace that was given away stays as it was, however its line goes on") {
  RecentTrace line;
  for (int i = 0; i < 3000; ++i) line.add(i / 100.0, i % 7);
  const TracePoints shown = line.points(30, 10);
  const std::vector<TracePoint> then = copied(shown);
  REQUIRE(then.size() == 1001);  // and one before the edge
  CHECK(then.front().t_s == Approx(19.99));
  for (int i = 3000; i < 12'000; ++i) line.add(i / 100.0, i % 7);
  const TracePoints last = line.points(120, 10);
  const std::vector<TracePoint> with_wild = copied(last);
  line.forget(119.98, 11'998 % 7);
  line.add(120, 3);
  CHECK(equal(then, shown));
  CHECK(equal(with_wild, last));
  const TracePoints later = line.points(120, 10);
  CHECK(later.back().t_s == Approx(120));
  CHECK(later.size() == with_wild.size());
  // No more than the last 40 s is kept.
  CHECK(line.points(120, 1000).begin()->t_s == Approx(79.99).margin(0.011));
}

TEST_CASE("home's tiles are made again when one of them changes, and then only") {
  KioskSetup kiosk;
  kiosk.stations = {setup().station};
  KioskFlow flow(kiosk, kStartUs);
  flow.device(0, 0, {Liveness::live, ""}, kStartUs);
  flow.sample(0, 0, kStartUs, 1, kStartUs);
  const auto fresh = flow.tiles_shown(kStartUs + 10'000);
  CHECK(fresh->at(0).devices.at(0).liveness == Liveness::live);
  flow.sample(0, 0, kStartUs + 20'000, 1, kStartUs + 20'000);
  CHECK(flow.tiles_shown(kStartUs + 20'000).same(fresh));
  CHECK(flow.tiles_shown(kStartUs + 1'100'000)->at(0).devices.at(0).liveness == Liveness::lost);
  flow.device(0, 0, {Liveness::failed, "It is broken"}, kStartUs + 1'100'000);
  CHECK(flow.tiles_shown(kStartUs + 1'100'000)->at(0).devices.at(0).text == Messages("It is broken"));
  flow.device(0, 0, {Liveness::failed, "It was given up"}, kStartUs + 1'200'000);
  CHECK(flow.tiles_shown(kStartUs + 1'200'000)->at(0).devices.at(0).text == Messages("It was given up"));
  CHECK(fresh->at(0).devices.at(0).liveness == Liveness::live);
}
