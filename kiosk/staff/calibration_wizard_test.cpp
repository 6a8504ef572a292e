// A force sensor calibrated at the screen.
#include "staff/area_rig.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::staff;
using namespace patella::staff::test;

TEST_CASE("a sensor is calibrated with known weights, from what it says itself") {
  Rig rig;
  rig.calibrate_force();
  CHECK(rig.screen() == Screen::staff_calibrate);
  CHECK_FALSE(rig.now().staff->calibration.can_take);
  rig.force(0.5, 2.5, 99);  // the calibration in force makes 99 of it: not what is calibrated
  CHECK(rig.now().staff->calibration.reading_n == Approx(2.5));
  rig.point("0", 2.5);
  rig.point("10", 100.5);
  REQUIRE(rig.now().staff->calibration.points.size() == 2);
  CHECK(rig.now().staff->calibration.has_line);
  rig.tap(TapKind::weight_unit, "N");
  rig.point("196.1334", 198.5);  // the last figure has no room, and that is said
  const auto view = rig.now().staff->calibration;
  REQUIRE(view.points.size() == 3);
  CHECK(view.points[1].known_n == Approx(98.0665));
  CHECK(english(view.points[1].typed) == "10 kg");
  CHECK(view.points[2].known_n == Approx(196.133));
  CHECK(view.can_store);
  rig.tap(TapKind::store_calibration);
  const auto* store = rig.newest<StoreCalibration>();
  REQUIRE(store);
  CHECK(store->sensor == 0);
  CHECK(store->channel == 1);
  CHECK(store->who == "M. Berg");
  CHECK(store->member == "id-berg");
  CHECK(store->serial == "A1043");
  CHECK(store->port == "tty:ttyUSB0@1-2.3");
  CHECK(store->points.size() == 3);
  CHECK(store->fit.line.slope == Approx(1.0007).margin(1e-3));
  CHECK(store->rate_hz == Approx(80).epsilon(0.05));
  const std::size_t asked = rig.asked.size();
  rig.tap(TapKind::store_calibration);  // once
  CHECK(rig.asked.size() == asked);
  rig.area.stored(store->ticket, {Outcome::Kind::refused, "a number is none"});
  CHECK(has(english(rig.now().staff->calibration.message.text), "Not stored: what was in force stays. a number is none"));
  CHECK(rig.now().staff->calibration.points.size() == 3);
  rig.tap(TapKind::store_calibration);
  rig.area.stored(rig.newest<StoreCalibration>()->ticket, {});
  CHECK(rig.screen() == Screen::staff_sensors);
  CHECK(has(english(rig.now().staff->message.text), "Chronojump force sensor: calibrated"));
}

TEST_CASE("a reading is taken only when still, and after half a minute the reason is said") {
  Rig rig;
  rig.calibrate_force();
  rig.force(0.1, 5);
  rig.type("0");
  rig.tap(TapKind::take_point);
  CHECK(rig.now().staff->calibration.taking);
  for (int i = 0; i < 16; ++i) {
    rig.force(1, 5);
    rig.force(1, 9);
  }
  const auto view = rig.now().staff->calibration;
  CHECK_FALSE(view.taking);
  CHECK(view.points.empty());
  CHECK(view.message.trouble);
  CHECK(has(english(view.message.text), "not still"));
  CHECK(view.typed == "0");
}

TEST_CASE("points are of one sensor that stayed plugged in") {
  Rig rig;
  rig.calibrate_force();
  rig.force(0.1, 2);
  rig.point("0", 2);
  rig.point("10", 100);
  CHECK(rig.now().staff->calibration.can_store);
  rig.area.device(0, {Liveness::absent, "Waiting", false});
  CHECK_FALSE(rig.now().staff->calibration.has_reading);
  rig.area.identity(0, "A2000", "tty:ttyUSB0@1-2.3");
  rig.area.device(0, {Liveness::live, "", true});
  const auto view = rig.now().staff->calibration;
  CHECK(view.points.empty());
  CHECK(has(english(view.message.text), "plugged in again"));
  rig.tap(TapKind::store_calibration);
  CHECK_FALSE(rig.newest<StoreCalibration>());
}

TEST_CASE("a reading that is not fresh is not shown") {
  Rig rig;
  rig.calibrate_force();
  rig.force(0.5, 20);
  CHECK(rig.now().staff->calibration.has_reading);
  rig.now_us += 1'100'000;
  CHECK_FALSE(rig.now().staff->calibration.has_reading);
  CHECK_FALSE(rig.now().staff->calibration.still);
}

TEST_CASE("weights that do not fit a line cannot be stored, and the sentence says which") {
  Rig rig;
  rig.calibrate_force();
  rig.force(0.1, 0);
  rig.point("0", 0);
  rig.point("10", 98);
  rig.point("20", 250);
  const auto view = rig.now().staff->calibration;
  CHECK_FALSE(view.can_store);
  CHECK_FALSE(view.has_line);
  for (const auto& point : view.points) CHECK(point.has_off);  // so that it can be seen which
  rig.tap(TapKind::store_calibration);
  CHECK_FALSE(rig.newest<StoreCalibration>());
  rig.tap(TapKind::undo_point);
  CHECK(rig.now().staff->calibration.points.size() == 2);
  CHECK(rig.now().staff->calibration.can_store);
  rig.point("20", 196.5);
  rig.point("20", 196);  // again: the later one counts
  CHECK(rig.now().staff->calibration.points.size() == 3);
  CHECK(rig.now().staff->calibration.points.back().reading_n == Approx(196));
}

TEST_CASE("a reading that was begun with one sensor does not end with another") {
  Rig rig;
  rig.calibrate_force();
  rig.force(0.1, 2);
  rig.type("10");
  rig.tap(TapKind::take_point);
  rig.force(1.5, 98.07);
  rig.area.identity(0, "A2000", "tty:ttyUSB0@1-2.3");
  rig.force(0.6, 98.07);
  CHECK(rig.now().staff->calibration.points.empty());
  CHECK_FALSE(rig.now().staff->calibration.taking);
  CHECK(has(english(rig.now().staff->calibration.message.text), "plugged in again"));
}

TEST_CASE("a zero with a load on it is asked about") {
  Rig rig;
  rig.calibrate_force();
  rig.force(0.1, 250);
  rig.point("0", 250);
  CHECK(has(english(rig.now().staff->calibration.message.text), "really nothing on it"));
  rig.point("0", 3);
  CHECK_FALSE(rig.now().staff->calibration.message.trouble);
  CHECK(rig.now().staff->calibration.points.size() == 1);
}

TEST_CASE("an answer that comes when its desk has gone is told on the list, and touches no other desk") {
  Rig rig;
  rig.calibrate_force();
  rig.force(0.1, 0);
  rig.point("0", 0);
  rig.point("10", 98.07);
  rig.tap(TapKind::store_calibration);
  const uint64_t ticket = rig.newest<StoreCalibration>()->ticket;
  rig.tap(TapKind::back);
  rig.tap(TapKind::staff_calibrate, "", 0);
  rig.force(0.1, 0);
  rig.point("0", 0);
  rig.area.stored(ticket, {Outcome::Kind::refused, "no"});
  CHECK(rig.screen() == Screen::staff_calibrate);
  CHECK(rig.now().staff->calibration.points.size() == 1);
  rig.tap(TapKind::back);
  CHECK(has(english(rig.now().staff->message.text), "Not stored"));
  rig.area.stored(ticket, {});  // once
  CHECK(has(english(rig.now().staff->message.text), "Not stored"));
}
