// What an undo at the command line changes counts while the kiosk runs, however much of a station it changes.
#include "support/catch.hpp"
#include "virtual_engine.hpp"

using namespace patella;
using namespace patella::test;

namespace {

const params::Values kZeroOf3{{"zero_n", -1, 3, std::nullopt}};

/// The first station's sensor has its zero at 3 N now.
config::Config with_new_zero() {
  config::Config config = assembly_of(2).config;
  config.stations[0].bindings[0].driver_params = kZeroOf3;
  config.stations[0].json = R"({"bindings":[{"channel":"force","params":{"zero_n":3}}],"params":{"reps":99}})";
  return config;
}

/// What the log says of the first station when somebody begins there.
std::string logged_station(VirtualEngine& kiosk) {
  REQUIRE(kiosk.to_live(0));
  kiosk.run(1);
  REQUIRE(kiosk.disk().sessions.size() == 1);
  return kiosk.disk().sessions.begin()->second.head.station_json;
}

}  // namespace

TEST_CASE("a driver that was set elsewhere has it at home, whatever else of its station was changed") {
  Disk disk;
  VirtualEngine kiosk(2, disk, 1);
  kiosk.run(1);
  REQUIRE(kiosk.driver_params().size() == 2);
  config::Config config = with_new_zero();
  std::string logged = config.stations[0].json;
  SECTION("nothing") {}
  SECTION("its exercise, which counts when the kiosk is started again") {
    config.stations[0].json = R"({"bindings":[{"channel":"force","params":{"zero_n":3}}],"params":{"reps":8}})";
  }
  SECTION("another driver at the same station") {
    const char* other =
        R"({"bindings":[{"channel":"force","params":{"zero_n":3}},{"channel":"cadence","params":{"wheel_mm":7}}],"params":{"reps":99}})";
    config.stations[0].json = other;
    config.stations[0].bindings.push_back({"cadence", "bike", "cadence", "", "", {{"wheel_mm", -1, 7, std::nullopt}}});
  }
  kiosk.edits_changed(config);
  kiosk.run(1);
  REQUIRE(kiosk.driver_params().size() == 3);  // its driver alone was started again
  CHECK(kiosk.driver_params().back() == kZeroOf3);
  CHECK(kiosk.shown().kiosk->banners.empty());
  CHECK(logged_station(kiosk) == logged);
}

TEST_CASE("a driver that was set elsewhere while a client is at a station has it once the client has gone") {
  Disk disk;
  VirtualEngine kiosk(2, disk, 2);
  REQUIRE(kiosk.to_live(0));
  kiosk.edits_changed(with_new_zero());
  kiosk.run(2);
  CHECK(kiosk.driver_params().size() == 2);
  kiosk.tap(session::taps::EndSession());
  REQUIRE(kiosk.run_until([&] { return kiosk.shown().screen == session::Screen::after; }, 5));
  kiosk.tap(session::taps::SkipQuestions());
  kiosk.run(1);
  kiosk.tap(session::taps::Next());
  CHECK(kiosk.run_until([&] { return kiosk.driver_params().size() == 3; }, 10));
}

TEST_CASE("a station that binds another sensor by now is left as it is until the kiosk is started again, and staff read it") {
  Disk disk;
  VirtualEngine kiosk(2, disk, 3);
  kiosk.run(1);
  config::Config config = with_new_zero();
  config.stations[0].bindings[0].serial = "another";
  kiosk.edits_changed(config);
  kiosk.run(1);
  CHECK(kiosk.driver_params().size() == 2);
  CHECK_FALSE(kiosk.shown().kiosk->banners.empty());
}

TEST_CASE("home shows a sensor as live again, also when it is the only one") {
  Disk disk;
  VirtualEngine kiosk(1, disk, 4);
  const auto shows = [&](bool live) {
    return [&kiosk, live] {
      const auto& stations = *kiosk.shown().stations;
      return !stations.empty() && !stations[0].devices.empty() &&
             (stations[0].devices[0].liveness == session::Liveness::live) == live;
    };
  };
  REQUIRE(kiosk.run_until(shows(true), 5));
  kiosk.run(2);
  kiosk.sensor(0).unplug();
  REQUIRE(kiosk.run_until(shows(false), 1));
  kiosk.sensor(0).plug();
  CHECK(kiosk.run_until(shows(true), 2));
}
