// Which of several wireless sensors is the one.
#include <cmath>

#include "staff/area_rig.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::staff;
using namespace patella::staff::test;

TEST_CASE("the sensor that moves lights up and is taken") {
  Rig rig;
  // The number in force is not heard: a device is open and has no value. That is when it is needed.
  rig.area.device(1, {Liveness::starting, "Speed and cadence sensor 777 is not heard", true});
  rig.sign_in();
  CHECK(rig.now().staff->sensors[1].pairs);
  rig.tap(TapKind::staff_pair, "", 1);
  CHECK(rig.screen() == Screen::staff_pair);
  CHECK(rig.now().staff->pairing.can_listen);
  CHECK_FALSE(rig.now().staff->pairing.can_use);
  rig.tap(TapKind::listen);
  REQUIRE(rig.newest<SendCommand>());
  CHECK(rig.newest<SendCommand>()->command == "identify");
  CHECK(rig.now().staff->pairing.listening);
  constexpr double kBike = 121 * 65536.0;
  rig.area.sample(1, 1, rig.now_us, kBike + 12345, 0);
  rig.area.sample(1, 1, rig.now_us, kBike + 700, 0);
  rig.area.sample(1, 1, rig.now_us, 11 * 65536.0 + 5, 0);  // a kind that no parameter takes
  rig.area.sample(1, 1, rig.now_us, std::nan(""), 0);
  rig.area.sample(1, 1, rig.now_us, 1e300, 0);
  rig.area.sample(1, 2, rig.now_us, kBike + 12345, 0);
  auto view = rig.now().staff->pairing;
  REQUIRE(view.candidates.size() == 2);
  CHECK(view.candidates[0].number == 700);  // whatever was heard first
  CHECK(english(view.candidates[1].name) == "Speed and cadence sensor");
  CHECK(view.candidates[1].number == 12345);
  CHECK(view.candidates[1].moves);
  CHECK_FALSE(view.candidates[1].chosen);  // another may move yet
  CHECK_FALSE(view.candidates[0].moves);
  rig.now_us += 3 * kSecondUs;
  CHECK_FALSE(rig.now().staff->pairing.candidates[1].moves);
  CHECK(rig.now().staff->pairing.candidates[1].moved);
  CHECK_FALSE(rig.now().staff->pairing.can_use);  // not before the driver is done
  rig.area.command_done(1, "identify", true, "Moves: …");
  CHECK(rig.now().staff->pairing.candidates[1].chosen);
  CHECK(rig.now().staff->pairing.can_use);

  rig.tap(TapKind::use_sensor);
  const auto* asked = rig.newest<SetSensorNumber>();
  REQUIRE(asked);
  CHECK(asked->param == "speed_cadence");
  CHECK(asked->number == 12345);
  CHECK(asked->member == "id-berg");
  CHECK(asked->who == "M. Berg");
  CHECK_FALSE(rig.now().staff->pairing.can_use);
  rig.area.stored(asked->ticket, {});
  view = rig.now().staff->pairing;
  CHECK(view.candidates[1].in_use);
  CHECK(english(view.message.text) == "Speed and cadence sensor 12345 belongs to Bike warm-up from now on");
  rig.area.device(1, {Liveness::starting, "ANT+ stick is starting", false});  // with its new number
  CHECK(has(english(rig.now().staff->pairing.message.text), "from now on"));
  CHECK(rig.now().staff->pairing.candidates.size() == 2);
  rig.area.device(1, {Liveness::live, "", true});
  rig.tap(TapKind::back);  // and it is remembered
  rig.tap(TapKind::staff_pair, "", 1);
  rig.tap(TapKind::listen);
  rig.area.sample(1, 1, rig.now_us, kBike + 12345, 0);
  CHECK(rig.now().staff->pairing.candidates.at(0).in_use);
  rig.area.number_set(1, "speed_cadence", 700);  // taken back elsewhere
  CHECK_FALSE(rig.now().staff->pairing.candidates.at(0).in_use);
}

TEST_CASE("when several move, or none, a person decides") {
  Rig rig;
  constexpr double kBike = 121 * 65536.0, kStrap = 120 * 65536.0;
  const auto listen = [&](std::vector<double> moving, std::vector<double> heard = {}) {
    rig.tap(TapKind::listen);
    for (const double code : heard) rig.area.sample(1, 1, rig.now_us, code, 0);
    for (const double code : moving) rig.area.sample(1, 2, rig.now_us, code, 0);
    rig.area.command_done(1, "identify", true, "");
    return rig.now().staff->pairing;
  };
  rig.area.device(1, {Liveness::live, "", true});
  rig.sign_in();
  rig.tap(TapKind::staff_pair, "", 1);
  auto view = listen({kBike + 1, kBike + 2});
  CHECK_FALSE(view.can_use);
  CHECK(has(english(view.message.text), "Several moved"));
  rig.tap(TapKind::choose_sensor, "speed_cadence_2");
  rig.tap(TapKind::use_sensor);
  REQUIRE(rig.newest<SetSensorNumber>());
  CHECK(rig.newest<SetSensorNumber>()->number == 2);
  rig.area.stored(rig.newest<SetSensorNumber>()->ticket, {Outcome::Kind::refused, "the folder cannot be written"});
  CHECK(has(english(rig.now().staff->pairing.message.text), "what was in force stays. the folder"));
  CHECK(rig.now().staff->pairing.can_use);

  // A strap and a crank of one client: the kind that the station uses is meant, the other can be tapped.
  view = listen({kStrap + 3, kBike + 2});
  REQUIRE(view.candidates.size() == 2);
  CHECK(view.candidates[0].chosen);
  CHECK(view.candidates[0].number == 2);
  rig.tap(TapKind::choose_sensor, "heart_rate_3");
  rig.tap(TapKind::use_sensor);
  rig.area.stored(rig.newest<SetSensorNumber>()->ticket, {Outcome::Kind::later, "the file was changed"});
  CHECK(has(english(rig.now().staff->pairing.message.text), "Stored. the file was changed"));

  CHECK(has(english(listen({}, {kBike + 2}).message.text), "Nothing moved"));
  CHECK(has(english(listen({}).message.text), "No sensor was heard"));
  rig.tap(TapKind::listen);
  rig.area.command_done(1, "identify", false, "The stick was pulled out");
  CHECK(english(rig.now().staff->pairing.message.text) == "The stick was pulled out");
  CHECK(rig.now().staff->pairing.message.trouble);

  std::vector<double> many;
  for (int i = 1; i <= 30; ++i) many.push_back(kBike + i);
  CHECK(listen({kBike + 30}, many).candidates.size() == 30);
  CHECK(rig.now().staff->pairing.can_use);
}

TEST_CASE("a stick that listens goes on when the screen is left, and is not asked twice") {
  Rig rig;
  rig.area.device(1, {Liveness::live, "", true});
  rig.sign_in();
  rig.tap(TapKind::staff_pair, "", 1);
  rig.tap(TapKind::listen);
  const std::size_t asked = rig.asked.size();
  rig.tap(TapKind::back);
  rig.tap(TapKind::staff_pair, "", 1);
  CHECK(rig.now().staff->pairing.listening);
  rig.tap(TapKind::listen);
  CHECK(rig.asked.size() == asked);
  rig.area.sample(1, 2, rig.now_us, 121 * 65536.0 + 5, 0);
  rig.area.command_done(1, "identify", true, "");
  CHECK(rig.now().staff->pairing.can_use);

  rig.tap(TapKind::listen);
  rig.area.device(1, {Liveness::absent, "Waiting for ANT+ stick: plug it in", false});
  const auto view = rig.now().staff->pairing;
  CHECK_FALSE(view.listening);
  CHECK_FALSE(view.can_listen);
  CHECK(english(view.device.text) == "Waiting for ANT+ stick: plug it in");
  CHECK(view.message.text.empty());
}
