#include "session/floor.hpp"

#include "support/catch.hpp"

using namespace patella;
using namespace patella::session;

namespace {
FloorPlan two_stations() {
  FloorPlan plan;
  StationSetup bike;
  bike.id = "bike";
  bike.title = "Bike warm-up";
  bike.channels = {{"cadence", "rpm", "Bike", true, true, 500'000, 1'000'000}};
  StationSetup broken;
  broken.id = "broken";
  broken.why_not = "stations/broken.toml:3: module: there is no module \"bnad_reps\"";
  plan.stations = {bike, broken};
  plan.clients = {{"C-0001", "Anna K."}};
  return plan;
}
Screen screen_of(const Floor& floor, int64_t now_us) {
  Snapshot snapshot;
  floor.fill(snapshot, now_us);
  return snapshot.screen;
}
}  // namespace

TEST_CASE("home leads through who to a session, and back") {
  Floor floor(two_stations(), 0);
  floor.tap({TapKind::open_station, "broken", 0}, 1);
  CHECK(screen_of(floor, 1) == Screen::home);
  floor.tap({TapKind::open_station, "bike", 0}, 1);
  CHECK(screen_of(floor, 1) == Screen::who);
  floor.tap({TapKind::back, "", 0}, 2);
  CHECK(screen_of(floor, 2) == Screen::home);
  floor.tap({TapKind::open_station, "bike", 0}, 3);
  floor.tap({TapKind::choose_client, "C-0001", 0}, 4);
  REQUIRE(floor.session());
  CHECK(floor.client().name == "Anna K.");
  CHECK(floor.take_effects().front().kind == Effect::Kind::begin);
}

TEST_CASE("nobody there: the session is closed and home comes back") {
  Floor floor(two_stations(), 0);
  floor.tap({TapKind::open_station, "bike", 0}, 1);
  floor.tap({TapKind::choose_guest, "", 0}, 2);
  floor.take_effects();
  CHECK(floor.deadline_us() == 2 + 120'000'000);
  floor.advance(2 + 120'000'000);
  const auto effects = floor.take_effects();
  CHECK(effects.back().kind == Effect::Kind::end);
  CHECK_FALSE(floor.session());
  CHECK(screen_of(floor, 200'000'000) == Screen::home);
}

TEST_CASE("a tile tells how its device stands") {
  Floor floor(two_stations(), 0);
  floor.device(0, 0, {Liveness::live, ""}, 5);
  Snapshot before;
  floor.fill(before, 5);
  CHECK(before.stations[0].devices[0].liveness == Liveness::starting);
  floor.sample(0, 0, 10, 80, 10);
  Snapshot live;
  floor.fill(live, 20);
  CHECK(live.stations[0].devices[0].liveness == Liveness::live);
  Snapshot late;
  floor.fill(late, 2'000'000);
  CHECK(late.stations[0].devices[0].liveness == Liveness::lost);
  CHECK_FALSE(late.stations[1].can_open);
}

TEST_CASE("the offer to resume comes first and is answered once") {
  Floor floor(two_stations(), 0);
  floor.offer_resume("Bike warm-up, Anna K.");
  CHECK(screen_of(floor, 0) == Screen::resume_offer);
  floor.tap({TapKind::open_station, "bike", 0}, 1);
  CHECK(screen_of(floor, 1) == Screen::resume_offer);
  floor.tap({TapKind::resume_session, "", 0}, 2);
  CHECK(floor.take_effects().front().kind == Effect::Kind::resume);
  CHECK(screen_of(floor, 2) == Screen::home);
}

TEST_CASE("a device with several channels is told once, by the one the exercise needs") {
  std::vector<DeviceState> devices;
  add_device(devices, {"heart_rate", "Bike", Liveness::lost, "no belt", false});
  add_device(devices, {"cadence", "Bike", Liveness::live, "", true});
  add_device(devices, {"power", "Bike", Liveness::lost, "", false});
  add_device(devices, {"force", "Scale", Liveness::absent, "", false});
  REQUIRE(devices.size() == 2);
  CHECK(devices[0].binding == "cadence");
  CHECK(devices[1].label == "Scale");
}
