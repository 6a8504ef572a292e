// Four sessions at once in one kiosk, each with client and station of its own: they share nothing.
#include <algorithm>
#include <cmath>
#include <set>

#include "support/catch.hpp"
#include "virtual_engine.hpp"

using namespace patella;
using namespace patella::test;
using session::LaneId;
using session::Liveness;
using session::Screen;
namespace taps = session::taps;

namespace {

/// The last decimal of a value says of which station it is.
double marked_n(std::size_t index, int64_t t_us) {
  return std::round(pulls_n(index, t_us) * 100) / 100 + 0.001 * static_cast<double>(index);
}

int count(const Disk::Session& session, const std::string& kind) {
  return static_cast<int>(
      std::count_if(session.events.begin(), session.events.end(), [&](const auto& e) { return e.kind == kind; }));
}

struct FourLanes {
  Disk disk;
  VirtualEngine kiosk{4, disk, 3, marked_n};
  std::vector<LaneId> lanes;

  FourLanes() {
    REQUIRE(kiosk.to_live(0));
    lanes.push_back(kiosk.flow().shown_lane());
    for (std::size_t station = 1; station < 4; ++station) {
      lanes.push_back(kiosk.open_lane(station));
      REQUIRE(lanes.back() != session::kNoLane);
    }
    REQUIRE(kiosk.flow().lanes() == lanes);
  }
  const Disk::Session& session_at(std::size_t station) const {
    const auto at = std::find_if(disk.sessions.begin(), disk.sessions.end(),
                                 [&](const auto& one) { return one.second.head.station_id == "s" + std::to_string(station); });
    REQUIRE(at != disk.sessions.end());
    return at->second;
  }
  /// Each station but that one counts two more reps.
  bool others_go_on(std::size_t but) {
    std::vector<int> before;
    for (std::size_t station = 0; station < 4; ++station) before.push_back(kiosk.counted_at(station));
    return kiosk.run_until(
        [&] {
          for (std::size_t station = 0; station < 4; ++station)
            if (station != but && kiosk.counted_at(station) < before[station] + 2) return false;
          return true;
        },
        6);
  }
  void end(std::size_t station) {
    kiosk.tap(lanes[station], taps::EndSession());
    REQUIRE(kiosk.run_until([&] { return kiosk.shown_of(lanes[station]).screen == Screen::after; }, 5));
    kiosk.tap(lanes[station], taps::SkipQuestions());
    REQUIRE(kiosk.run_until([&] { return kiosk.shown_of(lanes[station]).summary->stored; }, 5));
  }
};

}  // namespace

TEST_CASE("no sample of one lane reaches another, and each log is whole") {
  FourLanes four;
  REQUIRE(four.others_go_on(4));
  for (std::size_t station = 0; station < 4; ++station) four.end(station);
  REQUIRE(four.disk.sessions.size() == 4);
  for (std::size_t station = 0; station < 4; ++station) {
    INFO("station " << station);
    const Disk::Session& session = four.session_at(station);
    std::set<long> marks;
    int samples = 0;
    for (const patella::Record& record : session.records) {
      if (record.kind != RecordKind::sample) continue;
      ++samples;
      marks.insert(std::lround(record.value * 1000) % 10);
    }
    CHECK(samples > 200);
    CHECK(marks == std::set<long>{static_cast<long>(station)});
    CHECK(log_wrong(session) == "");
    CHECK(replay_differs(session) == "");
    CHECK(session.outcome == "stopped_early");
  }
  CHECK(four.kiosk.wrong() == "");
}

TEST_CASE("a module that dies in one lane is nothing to the others") {
  FourLanes four;
  const uint64_t views = four.kiosk.module(3).view_seq();
  for (int deaths = 0; deaths < 4; ++deaths) {
    REQUIRE(four.kiosk.run_until([&] { return four.kiosk.module(2).state() == plugin_link::LinkState::live; }, 6));
    four.kiosk.module(2).crash();
    REQUIRE(four.others_go_on(2));
  }
  CHECK(four.kiosk.module(2).state() == plugin_link::LinkState::quarantined);
  CHECK(four.kiosk.shown_of(four.lanes[2]).exercise_stopped_for_module);
  CHECK(four.kiosk.module(3).view_seq() > views);
  for (std::size_t station : {0, 1, 3}) {
    INFO("station " << station);
    CHECK_FALSE(four.kiosk.shown_of(four.lanes[station]).exercise_stopped_for_module);
    four.end(station);
    CHECK(count(four.session_at(station), "plugin") == 0);
    CHECK(replay_differs(four.session_at(station)) == "");
  }
  CHECK(count(four.session_at(2), "plugin") == 4);
  CHECK(four.kiosk.wrong() == "");
}

TEST_CASE("a sensor that goes away pauses its own lane alone") {
  FourLanes four;
  four.kiosk.run(1);  // what is said at the start is on the disk
  std::vector<int> gaps;
  for (std::size_t station = 0; station < 4; ++station) gaps.push_back(count(four.session_at(station), "gap"));
  four.kiosk.sensor(1).unplug();
  REQUIRE(four.others_go_on(1));
  for (std::size_t station = 0; station < 4; ++station) {
    INFO("station " << station);
    CHECK((four.kiosk.shown_of(four.lanes[station]).pause == session::Pause::none) == (station != 1));
    CHECK(count(four.session_at(station), "gap") == gaps[station] + (station == 1 ? 1 : 0));
  }
  four.kiosk.sensor(1).plug();
  const int before = four.kiosk.counted_at(1);
  CHECK(four.kiosk.run_until([&] { return four.kiosk.counted_at(1) > before; }, 10));
  CHECK(four.kiosk.wrong() == "");
}

TEST_CASE("a touch in one lane does nothing in another; the screen stays with its own") {
  FourLanes four;
  four.kiosk.tap(four.lanes[1], taps::PainStop());
  four.kiosk.tap(four.lanes[3], taps::Pause());
  four.kiosk.run(0.5);
  CHECK(four.kiosk.shown().screen == Screen::live);
  CHECK(four.kiosk.shown().station->id == "s0");
  CHECK(four.kiosk.shown_of(four.lanes[1]).screen == Screen::pain_stop);
  CHECK(four.kiosk.shown_of(four.lanes[2]).pause == session::Pause::none);
  CHECK(four.kiosk.shown_of(four.lanes[3]).pause == session::Pause::client);
  // A station where somebody is cannot be opened a second time.
  const std::size_t open = four.kiosk.flow().lanes().size();
  CHECK(four.kiosk.open_lane(2) == session::kNoLane);
  CHECK(four.kiosk.flow().lanes().size() == open);
}

TEST_CASE("the lane on the screen ends: home is shown, the others go on") {
  FourLanes four;
  four.end(0);
  four.kiosk.tap(taps::Next());
  REQUIRE(four.kiosk.run_until([&] { return four.kiosk.shown().screen == Screen::home; }, 2));
  CHECK(four.kiosk.flow().shown_lane() == session::kNoLane);
  CHECK(four.kiosk.flow().lanes().size() == 3);
  REQUIRE(four.others_go_on(0));
  REQUIRE(four.kiosk.to_live(0));
  CHECK(four.kiosk.flow().lanes().size() == 4);
  CHECK(four.kiosk.wrong() == "");
}
