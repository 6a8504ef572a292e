// The list of sensors: how each stands, and never an old value.
#include "staff/area_rig.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::staff;
using namespace patella::staff::test;

TEST_CASE("the list tells how each sensor stands, and never shows an old value") {
  Rig rig;
  rig.sign_in();
  auto rows = rig.now().staff->sensors;
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].device.liveness == Liveness::starting);
  CHECK(rows[0].calibrated.empty());
  CHECK(rows[0].value.empty());

  rig.plug_force();
  rig.area.device(1, {Liveness::live, "", true});
  rig.area.calibrated(0, 1, Moment{1'790'899'200'000'000, 120, Moment::Form::day});
  rig.area.sample(0, 1, rig.now_us, 13.2, 12.34);
  rows = rig.now().staff->sensors;
  CHECK(english(rows[0].which) == "number A1043, socket tty:ttyUSB0@1-2.3");
  CHECK(english(rows[0].value) == "12.3");  // as calibrated
  CHECK(rows[0].unit == "N");
  CHECK(english(rows[0].calibrated) == "Calibrated 2026-10-02");
  CHECK(rows[0].calibrates);
  CHECK_FALSE(rows[0].pairs);
  CHECK(rows[1].pairs);
  CHECK_FALSE(rows[1].calibrates);

  rig.now_us += 1'100'000;
  rows = rig.now().staff->sensors;
  CHECK(rows[0].value.empty());
  CHECK(rows[0].device.liveness == Liveness::stale);
  rig.now_us += 1'000'000;
  CHECK(rig.now().staff->sensors[0].device.liveness == Liveness::lost);
  rig.area.sample(0, 1, rig.now_us, 13.2, 12.34);
  rig.area.device(0, {Liveness::absent, "Waiting for it", false});
  rows = rig.now().staff->sensors;
  CHECK(rows[0].value.empty());
  CHECK(english(rows[0].device.text) == "Waiting for it");
  CHECK_FALSE(rows[0].calibrates);
  rig.area.device(0, {Liveness::failed, "Its driver died", false});
  CHECK(rig.now().staff->sensors[0].retries);
  rig.tap(TapKind::staff_retry, "", 0);
  REQUIRE(rig.newest<Retry>());
  CHECK(rig.newest<Retry>()->sensor == 0);
}

TEST_CASE("a sensor that is pulled lights up its row") {
  Rig rig;
  rig.sign_in();
  rig.plug_force();
  rig.force(1, 3);
  CHECK_FALSE(rig.now().staff->sensors[0].moves);
  rig.force(0.2, 30);
  CHECK(rig.now().staff->sensors[0].moves);
}

TEST_CASE("of a device with several force channels each in use has its row; what no station uses stands for nothing") {
  AreaSetup bridge;
  bridge.members = plan().members;
  bridge.sensors = {{"Bridge",
                     {Message("Knee extension"), Message("Hold")},
                     {{"force", "N", "Input 0", ages(1), false},
                      {"force_1", "N", "Input 1", ages(1), true},
                      {"force_2", "N", "Input 2", ages(1), true}},
                     {}}};
  Rig rig(bridge);
  rig.area.identity(0, "B1", "usb:1-1");
  rig.area.device(0, {Liveness::live, "", true});
  rig.sign_in();
  rig.area.sample(0, 0, rig.now_us, 500, 500);
  rig.area.sample(0, 2, rig.now_us, 50, 50);
  const auto rows = rig.now().staff->sensors;
  REQUIRE(rows.size() == 2);
  CHECK(english(rows[0].device.label) == "Bridge \xC2\xB7 Input 1");
  CHECK(rows[0].value.empty());
  CHECK(rows[0].device.liveness == Liveness::starting);
  CHECK(english(rows[1].value) == "50.0");
  rig.tap(TapKind::staff_calibrate, "", 1);
  rig.area.sample(0, 2, rig.now_us, 51, 51);
  CHECK(rig.now().staff->calibration.reading_n == Approx(51));
  rig.area.sample(0, 0, rig.now_us, 500, 500);
  CHECK(rig.now().staff->calibration.reading_n == Approx(51));

  Rig stick;  // power is said, and no station uses it
  stick.area.device(1, {Liveness::live, "", true});
  stick.sign_in();
  stick.area.sample(1, 3, stick.now_us, 180, 180);
  CHECK(stick.now().staff->sensors[1].value.empty());
  stick.area.sample(1, 0, stick.now_us, 79, 79);
  CHECK(english(stick.now().staff->sensors[1].value) == "79");
  CHECK(stick.now().staff->sensors[1].device.liveness == Liveness::live);

  AreaSetup monitor;  // two channels in use, and nobody wears the belt of the second
  monitor.members = plan().members;
  monitor.sensors = {{"Bike monitor",
                      {Message("Bike warm-up")},
                      {{"cadence", "rpm", "Cadence", ages(2), true}, {"heart_rate", "bpm", "Heart rate", ages(2), true}},
                      {}}};
  Rig bike(monitor);
  bike.area.device(0, {Liveness::live, "", true});
  bike.sign_in();
  bike.area.sample(0, 0, bike.now_us, 79, 79);
  CHECK(english(bike.now().staff->sensors[0].value) == "79");
  CHECK(bike.now().staff->sensors[0].device.liveness == Liveness::live);

  Rig battery;  // fresh for three minutes, and no force
  battery.plug_force();
  battery.sign_in();
  battery.area.sample(0, 0, battery.now_us, 87, 87);
  CHECK(battery.now().staff->sensors[0].value.empty());
  CHECK(battery.now().staff->sensors[0].device.liveness == Liveness::starting);
}
