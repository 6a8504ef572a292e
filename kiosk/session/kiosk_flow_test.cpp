#include "session/kiosk_flow.hpp"

#include <cmath>

#include "base/sentence.hpp"
#include "support/catch.hpp"
#include "support/log_fields.hpp"

using namespace patella;
using namespace patella::session;
using patella::test::number_of;

namespace {
KioskSetup two_stations() {
  KioskSetup plan;
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
Screen screen_of(const KioskFlow& flow, int64_t now_us) {
  Snapshot snapshot;
  flow.fill(snapshot, now_us);
  return snapshot.screen;
}
}  // namespace

TEST_CASE("home leads through who to a session, and back") {
  KioskFlow flow(two_stations(), 0);
  flow.tap(taps::OpenStation{"broken"}, 1);
  CHECK(screen_of(flow, 1) == Screen::home);
  flow.tap(taps::OpenStation{"bike"}, 1);
  CHECK(screen_of(flow, 1) == Screen::who);
  flow.tap(taps::BackHome(), 2);
  CHECK(screen_of(flow, 2) == Screen::home);
  flow.tap(taps::OpenStation{"bike"}, 3);
  flow.tap(taps::ChooseClient{"C-0001"}, 4);
  REQUIRE(flow.session());
  Snapshot opened;
  flow.fill(opened, 0);
  CHECK(english(opened.session->client_label) == "Anna K.");
  CHECK(flow.take_effects().empty());  // nothing is stored before something is answered
  flow.tap(taps::SetPain{2}, 5);
  CHECK(std::holds_alternative<BeginSession>(flow.take_effects().front()));
}

TEST_CASE("a place with several exercises is one tile, and one client at a time is there") {
  KioskSetup setup = two_stations();
  setup.stations.insert(setup.stations.begin() + 1, setup.stations[0]);
  setup.stations[0].exercise = "warm_up";
  setup.stations[1].exercise = "ride";
  KioskFlow flow(setup, 0);
  Snapshot home;
  flow.fill(home, 1);
  REQUIRE(home.stations->size() == 2);
  CHECK(home.stations->front().exercises == 2);
  CHECK(home.stations->front().devices.size() == 1);
  flow.tap(taps::OpenStation{"bike", "rope"}, 1);
  CHECK(screen_of(flow, 1) == Screen::home);
  flow.tap(taps::OpenStation{"bike", "ride"}, 1);
  flow.tap(taps::ChooseGuest(), 1);
  REQUIRE(flow.session());
  CHECK(flow.open_lane(0, {kGuest, ""}, 2) == kNoLane);
  // What the sensor gives reaches the exercise that is open, and no other of the place.
  for (const std::size_t station : {0u, 1u}) flow.device(station, 0, {Liveness::live, {}}, 2);
  flow.sample(0, 0, 3, 61, 3);
  CHECK(flow.deadline_us() > 3);
  flow.sample(1, 0, 4, 62, 4);
  Snapshot shown;
  flow.fill(shown, 4);
  CHECK(shown.channels[0].age_us == 0);
}

TEST_CASE("nobody there: they are asked, then the session is closed and home comes back") {
  KioskFlow flow(two_stations(), 0);
  flow.tap(taps::OpenStation{"bike"}, 1);
  flow.tap(taps::ChooseGuest(), 2);
  flow.tap(taps::SetPain{4}, 2);
  flow.take_effects();
  CHECK_FALSE(flow.advance(2));
  CHECK(flow.deadline_us() == 2 + 90'000'000);
  CHECK(flow.advance(2 + 90'000'000));  // to be shown
  Snapshot asked;
  flow.fill(asked, 2 + 90'000'000);
  CHECK(asked.asked_until_us == 2 + 120'000'000);
  CHECK(flow.deadline_us() == 2 + 120'000'000);
  CHECK(flow.advance(2 + 120'000'000));
  const auto effects = flow.take_effects();
  CHECK(std::holds_alternative<SessionEnd>(effects.back()));
  CHECK_FALSE(flow.session());
  CHECK(screen_of(flow, 200'000'000) == Screen::home);
}

TEST_CASE("a tile tells how its device stands") {
  KioskFlow flow(two_stations(), 0);
  flow.device(0, 0, {Liveness::live, ""}, 5);
  Snapshot before;
  flow.fill(before, 5);
  CHECK(before.stations->at(0).devices[0].liveness == Liveness::starting);
  flow.sample(0, 0, 10, 80, 10);
  Snapshot live;
  flow.fill(live, 20);
  CHECK(live.stations->at(0).devices[0].liveness == Liveness::live);
  Snapshot late;
  flow.fill(late, 2'000'000);
  CHECK(late.stations->at(0).devices[0].liveness == Liveness::lost);
  CHECK_FALSE(late.stations->at(1).can_open);
}

TEST_CASE("the tile of the sensor that is moved lights up, for as long as one needs to look up") {
  KioskFlow flow(two_stations(), 0);
  flow.device(0, 0, {Liveness::live, ""}, 0);
  const auto lit = [&](int64_t now_us) {
    Snapshot home;
    flow.fill(home, now_us);
    return home.stations->at(0).moves;
  };
  flow.sample(0, 0, 100'000, 0, 100'000);
  CHECK_FALSE(lit(100'000));
  flow.sample(0, 0, 200'000, 40, 200'000);
  CHECK(lit(200'000));
  flow.sample(0, 0, 1'900'000, 0, 1'900'000);
  CHECK(lit(2'100'000));
  flow.sample(0, 0, 2'300'000, 0, 2'300'000);
  CHECK_FALSE(lit(2'300'000));
  flow.sample(0, 0, 2'400'000, 40, 2'400'000);
  flow.device(0, 0, {Liveness::absent, ""}, 2'450'000);
  CHECK_FALSE(lit(2'450'000));  // an unplugged sensor is not one that moves
}

TEST_CASE("a force moves when it changes, not when it drifts, trembles or hangs") {
  const auto moves_after = [](auto force_n) {
    Movement movement("N");
    for (int64_t t_us = 0; t_us <= 10'000'000; t_us += 10'000) movement.sample(t_us, force_n(static_cast<double>(t_us) * 1e-6));
    return movement.moves(10'000'000);
  };
  CHECK_FALSE(moves_after([](double) { return 80.0; }));
  CHECK_FALSE(moves_after([](double t_s) { return 1.5 * t_s; }));                    // drift
  CHECK_FALSE(moves_after([](double t_s) { return 30 + 2 * std::sin(t_s * 50); }));  // tremor
  CHECK(moves_after([](double t_s) { return t_s > 9.5 ? 12.0 : 0.0; }));
  CHECK(moves_after([](double t_s) { return 20 + 20 * std::sin(t_s * 4); }));
  Movement beat("bpm");
  beat.sample(0, 60);
  beat.sample(1, 120);
  CHECK_FALSE(beat.moves(1));
}

TEST_CASE("bad readings of a converter, alone or in pairs, are no movement") {
  for (const int64_t step_us : {12'500, 100'000}) {
    Movement movement("N");
    bool moved = false;
    int n = 0;
    for (int64_t t_us = 0; t_us < 60'000'000; t_us += step_us, ++n) {
      const int in = n % 40;  // a pair every 40 values, one alone between
      moved |= movement.sample(t_us, in == 10 || in == 11 || in == 30 ? 900 : 20);
    }
    CHECK_FALSE(moved);
  }
}

TEST_CASE("what a sensor showed before a break says nothing of a movement after it") {
  Movement movement("N");
  for (int64_t t_us = 0; t_us < 3'000'000; t_us += 10'000) movement.sample(t_us, 0);
  for (int64_t t_us = 60'000'000; t_us < 61'000'000; t_us += 10'000) movement.sample(t_us, 40);
  CHECK_FALSE(movement.moves(61'000'000));
}

TEST_CASE("who goes back before the first answer leaves no session") {
  KioskFlow flow(two_stations(), 0);
  flow.tap(taps::OpenStation{"bike"}, 1);
  flow.tap(taps::ChooseGuest(), 2);
  flow.source(0, 0, {true, "A1", "c1", "2026-10-02", 1, 0}, 3);
  flow.tap(taps::Back(), 4);
  CHECK(flow.take_effects().empty());
  CHECK(screen_of(flow, 5) == Screen::home);
}

TEST_CASE("who goes back after an answer leaves it in the log, with the calibration in force") {
  KioskFlow flow(two_stations(), 0);
  flow.tap(taps::OpenStation{"bike"}, 1);
  flow.tap(taps::ChooseGuest(), 2);
  flow.source(0, 0, {true, "A1", "c1", "2026-10-02", 1, 0}, 3);
  flow.tap(taps::SetPain{3}, 4);
  flow.tap(taps::Back(), 5);
  const auto effects = flow.take_effects();
  REQUIRE(effects.size() == 5);
  CHECK(std::holds_alternative<BeginSession>(effects[0]));
  CHECK(std::get<LogEvent>(effects[1]).kind == "state");
  CHECK(std::get<LogEvent>(effects[1]).number == 1);
  CHECK(std::get<LogEvent>(effects[2]).kind == "calibration");
  CHECK(number_of(std::get<LogEvent>(effects[3]), "value") == 3);
  CHECK(std::get<SessionEnd>(effects[4]).outcome == "stopped_early");
  CHECK(std::get<SessionEnd>(effects[4]).pain_before == 3);
}

namespace {
std::vector<LeftOpen> left_open() {
  return {{"s2", 0, {"C-0001", "Anna K."}, "Bike warm-up, started today at 10:31"},
          {"s1", 0, {"guest", "Guest"}, "Bike warm-up, started today at 9:02"}};
}
}  // namespace

TEST_CASE("the offer to resume comes first, with the client's name, and is answered once") {
  KioskFlow flow(two_stations(), 0);
  flow.offer_resume(left_open());
  Snapshot offer;
  flow.fill(offer, 0);
  CHECK(offer.screen == Screen::resume_offer);
  CHECK(english(offer.session->client_label) == "Anna K.");
  CHECK(offer.station->title == "Bike warm-up");
  flow.tap(taps::OpenStation{"bike"}, 1);
  CHECK(screen_of(flow, 1) == Screen::resume_offer);
  flow.tap(taps::GoOn(), 2);
  const auto effects = flow.take_effects();
  REQUIRE(effects.size() == 1);
  CHECK(std::holds_alternative<ResumeSession>(effects[0]));
  CHECK(std::get<ResumeSession>(effects[0]).id == "s2");
  CHECK(screen_of(flow, 2) == Screen::home);
}

TEST_CASE("a session that was left open waits for its own client and is offered to nobody else") {
  KioskFlow flow(two_stations(), 0);
  flow.offer_resume(left_open());
  const bool somebody_else = GENERATE(true, false);
  if (somebody_else) flow.tap(taps::BackHome(), 1);
  flow.advance(90'000'000);
  flow.advance(120'000'000);
  const int64_t now_us = 200'000'000;
  CHECK(flow.take_effects().empty());  // kept
  REQUIRE(screen_of(flow, now_us) == Screen::home);
  flow.tap(taps::OpenStation{"bike"}, now_us);
  flow.tap(taps::ChooseGuest(), now_us);
  CHECK(screen_of(flow, now_us) == Screen::screening);  // a guest is not asked
  flow.tap(taps::Back(), now_us);
  flow.take_effects();
  flow.tap(taps::OpenStation{"bike"}, now_us);
  flow.tap(taps::ChooseClient{"C-0001"}, now_us);
  REQUIRE(screen_of(flow, now_us) == Screen::resume_offer);
  SECTION("and goes on with it") {
    flow.tap(taps::GoOn(), now_us);
    CHECK(std::get<ResumeSession>(flow.take_effects().at(0)).id == "s2");
  }
  SECTION("or begins a new one") {
    flow.tap(taps::CloseInterrupted(), now_us);
    CHECK(std::holds_alternative<CloseInterrupted>(flow.take_effects().at(0)));
    CHECK(screen_of(flow, now_us) == Screen::screening);
  }
  SECTION("or it grows too old meanwhile") {
    flow.withdraw("s2", now_us);
    CHECK(screen_of(flow, now_us) == Screen::home);
    flow.tap(taps::OpenStation{"bike"}, now_us);
    flow.tap(taps::ChooseClient{"C-0001"}, now_us);
    CHECK(screen_of(flow, now_us) == Screen::screening);
  }
}

TEST_CASE("a guest's session that is not taken up is closed: a later guest may be another one") {
  KioskFlow flow(two_stations(), 0);
  flow.offer_resume({left_open()[1]});
  flow.tap(taps::BackHome(), 1);
  const auto effects = flow.take_effects();
  REQUIRE(effects.size() == 1);
  CHECK(std::holds_alternative<CloseInterrupted>(effects[0]));
  CHECK(std::get<CloseInterrupted>(effects[0]).id == "s1");
}

TEST_CASE("a device that starts again is not judged by the values it gave before") {
  constexpr int64_t kLaterUs = 60'000'000;
  KioskFlow flow(two_stations(), 0);
  const auto stands = [&](int64_t now_us) {
    Snapshot snapshot;
    flow.fill(snapshot, now_us);
    return snapshot.stations->at(0).devices.at(0).liveness;
  };
  flow.device(0, 0, {Liveness::live, ""}, 0);
  flow.sample(0, 0, 1, 20, 1);
  CHECK(stands(2) == Liveness::live);
  CHECK(stands(kLaterUs) == Liveness::lost);
  flow.device(0, 0, {Liveness::failed, "Given up"}, kLaterUs);
  CHECK(stands(kLaterUs) == Liveness::failed);
  flow.device(0, 0, {Liveness::starting, ""}, kLaterUs);
  CHECK(stands(kLaterUs) == Liveness::starting);
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
