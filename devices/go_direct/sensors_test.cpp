#include "sensors.hpp"

#include "support/catch.hpp"

using namespace patella::go_direct;

namespace {

SensorInfo sensor(int number, const std::string& name, const std::string& unit, double min = 0, double max = 0) {
  SensorInfo info;
  info.number = number;
  info.id = 1;
  info.name = name;
  info.unit = unit;
  info.min = min;
  info.max = max;
  info.min_period_us = 10'000;
  return info;
}

const std::vector<SensorInfo> kDynamometer = {sensor(1, "Force", "N", 0, 600), sensor(2, "X-axis acceleration", "m/s\xC2\xB2"),
                                              sensor(3, "Y-axis acceleration", "m/s\xC2\xB2"), sensor(4, "Acceleration Z", "g")};

}  // namespace

TEST_CASE("units") {
  CHECK(newtons_in("N") == 1);
  CHECK(newtons_in("kN") == 1000);
  CHECK(newtons_in("lbf") == Approx(4.448222));
  CHECK(newtons_in("kgf") == Approx(9.80665));
  CHECK(newtons_in("N*m") == 0);
  CHECK(newtons_in("") == 0);
  CHECK(metres_per_s2_in("m/s\xC2\xB2") == 1);
  CHECK(metres_per_s2_in("g") == Approx(9.80665));
  CHECK(metres_per_s2_in("rad/s") == 0);
}

TEST_CASE("force alone, and with the three axes of acceleration") {
  const Choice force = choose(kDynamometer, 2, {0, false, 10'000});
  CHECK(force.force.number == 1);
  CHECK(force.force_min_n == 0);
  CHECK(force.force_max_n == 600);
  CHECK(force.mask == 0x02);
  CHECK(force.period_us == 10'000);
  const Choice all = choose(kDynamometer, 2, {0, true, 10'000});
  CHECK(all.mask == 0x1E);
  CHECK(all.acceleration[0].number == 2);
  CHECK(all.acceleration[1].number == 3);
  CHECK(all.acceleration[2].number == 4);
  CHECK(all.acceleration[2].scale == Approx(9.80665));
}

TEST_CASE("the device's default wins, a number set by the site more so") {
  const std::vector<SensorInfo> two = {sensor(1, "Force A", "N"), sensor(2, "Force B", "lbf"), sensor(3, "Speed", "m/s")};
  CHECK(choose(two, 0, {}).force.number == 1);
  CHECK(choose(two, 4, {}).force.number == 2);
  CHECK(choose(two, 4, {}).force.scale == Approx(4.448222));
  CHECK(choose(two, 4, {1, false, 10'000}).force.number == 1);
  CHECK(choose(two, 4, {3, false, 10'000}).force.number == -1);
}

TEST_CASE("what excludes the force stays off") {
  std::vector<SensorInfo> sensors = kDynamometer;
  sensors[0].excludes = 1u << 2;
  sensors[2].excludes = 1u << 1;
  const Choice choice = choose(sensors, 2, {0, true, 10'000});
  CHECK(choice.acceleration[0].number == -1);
  CHECK(choice.acceleration[1].number == -1);
  CHECK(choice.acceleration[2].number == 4);
}

TEST_CASE("the period is as short as wished and possible, in the device's steps") {
  std::vector<SensorInfo> sensors = kDynamometer;
  sensors[0].min_period_us = 15'000;
  sensors[0].granularity_us = 4'000;
  CHECK(choose(sensors, 2, {0, false, 10'000}).period_us == 16'000);
  CHECK(choose(sensors, 2, {0, false, 50'000}).period_us == 52'000);
  sensors[2].min_period_us = 30'000;
  CHECK(choose(sensors, 2, {0, true, 10'000}).period_us == 32'000);  // the steps of the force stay
  sensors[2].granularity_us = 10'000;
  CHECK(choose(sensors, 2, {0, true, 10'000}).period_us == 40'000);
  CHECK(choose(sensors, 2, {0, true, 10'000}).possible(100'000) == 100'000);
  CHECK(choose(sensors, 2, {0, true, 10'000}).possible(100'001) == 120'000);
  sensors[2].granularity_us = 999'983;  // no period in common below a second
  const Choice without = choose(sensors, 2, {0, true, 10'000});
  CHECK(without.period_us == 16'000);
  CHECK(without.acceleration[1].number == -1);
  CHECK(without.acceleration[0].number == 2);
  sensors[0].min_period_us = 0xFFFFFFFF;  // no period at all
  sensors[0].granularity_us = 0xFFFFFFFF;
  CHECK(choose(sensors, 2, {0, false, 10'000}).period_us == 10'000);
}

TEST_CASE("a device without force") {
  const std::vector<SensorInfo> sensors = {sensor(1, "Temperature",
                                                  "\xC2\xB0"
                                                  "C"),
                                           sensor(2, "Count", "")};
  CHECK(choose(sensors, 2, {}).force.number == -1);
  CHECK(list_of(sensors) ==
        "Temperature (\xC2\xB0"
        "C), Count");
  CHECK(list_of(std::vector<SensorInfo>(40, sensors[0])).size() < 200);
}
