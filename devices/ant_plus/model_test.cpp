// The driver against the device model of a stick, in virtual time.
#include <cmath>

#include "driver.hpp"
#include "emulator/ant_model.hpp"
#include "emulator/direct_bench.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::emulator;

namespace {

constexpr int64_t kS = 1'000'000;

std::vector<patella_value> named(std::vector<std::pair<const char*, double>> sensors) {
  std::vector<patella_value> values = {{"network_key", -1, 0, "0000000000000000"}};
  for (const auto& [key, number] : sensors) values.push_back({key, -1, number, nullptr});
  return values;
}

struct Bike {
  Bike(const AntModel::Options& options, const std::vector<patella_value>& values)
      : bench(sdk::DeviceGlue<ant_plus::Driver>::kTable, std::make_unique<AntModel>(options), values) {}
  AntModel& ant() { return dynamic_cast<AntModel&>(bench.model()); }
  double last(const char* channel) const {
    const auto samples = bench.samples_of(channel);
    return samples.empty() ? std::nan("") : samples.back().value;
  }
  double mean_since(const char* channel, int64_t from_us) const {
    double sum = 0;
    int count = 0;
    for (const BenchSample& sample : bench.samples_of(channel))
      if (sample.t_us >= from_us) sum += sample.value, ++count;
    return count ? sum / count : std::nan("");
  }
  /// Hears all its sensors, which it was not told by number.
  bool works() const { return bench.state() == PATELLA_DEVICE_NOTICE && text().find("Took the first ") == 0; }
  std::string text() const { return bench.statuses().empty() ? "" : bench.statuses().back().text; }
  DirectBench bench;
};

AntSensor::Options sensor(uint8_t type, uint16_t number) {
  AntSensor::Options one;
  one.type = type;
  one.number = number;
  return one;
}

}  // namespace

TEST_CASE("riding: all five profiles at once, and all stop with the rider") {
  AntModel::Options options;
  options.sensors = {sensor(0x79, 1), sensor(0x7A, 2), sensor(0x0B, 3), sensor(0x11, 4), sensor(0x78, 5)};
  Bike bike(options, named({{"speed_cadence", 1}, {"cadence", 2}, {"power", 3}, {"trainer", 4}, {"heart_rate", 5}}));
  bike.bench.run_for_us(120 * kS);
  CHECK(bike.bench.state() == PATELLA_DEVICE_LIVE);
  CHECK(bike.text() == "");
  const int64_t from_us = 20 * kS;
  CHECK(bike.mean_since("cadence", from_us) == Approx(80).margin(1.5));
  CHECK(bike.mean_since("power", from_us) == Approx(109).margin(6));
  CHECK(bike.mean_since("speed", from_us) == Approx(80.0 / 60 * 5.5).margin(0.2));
  CHECK(bike.last("distance") == Approx(bike.ant().rider().wheel_m).margin(30));
  CHECK(bike.last("heart_rate") == Approx(bike.ant().rider().pedalling.heart_bpm()).margin(3));
  CHECK(bike.mean_since("beat_interval", 100 * kS) == Approx(60 / bike.last("heart_rate")).margin(0.05));
  CHECK(bike.last("right_share") == 52);
  CHECK(bike.last("state") == 3);
  // 80 turns a minute, one value each: not one a message.
  CHECK(bike.bench.samples_of("cadence").size() >= 145);
  CHECK(bike.bench.samples_of("cadence").size() <= 165);
  for (const BenchSample& sample : bike.bench.samples_of("cadence"))
    if (sample.t_us > from_us) CHECK(std::abs(sample.value - 80) < 8);
  bike.bench.act({Gesture::pedal, 0, 0, 0});
  bike.bench.run_for_us(10 * kS);
  CHECK(bike.last("cadence") == 0);
  CHECK(bike.last("power") == 0);
  CHECK(bike.last("speed") == 0);
  CHECK(bike.bench.violations() == std::vector<std::string>{});
}

TEST_CASE("every page that tells power tells the same") {
  const uint8_t page = GENERATE(uint8_t{0x10}, uint8_t{0x11}, uint8_t{0x12}, uint8_t{0x20});
  AntModel::Options options;
  options.sensors = {sensor(0x0B, 486)};
  options.sensors[0].page = page;
  Bike bike(options, named({{"power", 0}}));
  bike.bench.run_for_us(120 * kS);
  INFO("page " << int(page));
  CHECK(bike.mean_since("power", 60 * kS) == Approx(109).margin(6));
  CHECK(bike.mean_since("cadence", 60 * kS) == Approx(80).margin(2));
  if (page != 0x10) CHECK(bike.mean_since("torque", 60 * kS) == Approx(109 / (2 * 3.14159 * 80 / 60)).margin(0.8));
  CHECK(bike.text() == "Took the first power meter that was heard: {486}");
}

TEST_CASE("counters and times roll over without a false value, with and without lost messages") {
  const double lost = GENERATE(0.0, 0.05);
  AntModel::Options options;
  options.missed_share = lost;
  options.sensors = {sensor(0x79, 1), sensor(0x0B, 3), sensor(0x78, 5)};
  for (auto& one : options.sensors) one.first_turns = 65516, one.first_s = 40;
  options.sensors[1].page = 0x12;
  Bike bike(options, named({{"speed_cadence", 1}, {"power", 3}, {"heart_rate", 5}}));
  bike.bench.run_for_us(300 * kS);
  for (const BenchSample& sample : bike.bench.samples_of("cadence"))
    if (sample.t_us > 20 * kS) CHECK(std::abs(sample.value - 80) < 9);
  for (const BenchSample& sample : bike.bench.samples_of("power"))
    if (sample.t_us > 20 * kS) CHECK(std::abs(sample.value - 109) < 40);
  CHECK(bike.mean_since("beat_interval", 60 * kS) < 0.7);
  CHECK(bike.bench.violations() == std::vector<std::string>{});
}

TEST_CASE("a turn seen twice and one not seen show in one value each") {
  Bike bike({}, named({{"speed_cadence", 0}}));
  bike.bench.run_for_us(30 * kS);
  bike.bench.act({Gesture::miss, 0, 0, 0});
  const int64_t from_us = bike.bench.now_us();
  bike.bench.run_for_us(10 * kS);
  double least = 999;
  for (const BenchSample& sample : bike.bench.samples_of("cadence"))
    if (sample.t_us > from_us) least = std::min(least, sample.value);
  CHECK(least == Approx(40).margin(5));
  CHECK(bike.last("cadence") == Approx(80).margin(8));
  bike.bench.act({Gesture::spike, 0, 0, 0});
  bike.bench.run_for_us(10 * kS);
  CHECK(bike.last("cadence") == Approx(80).margin(8));
}

TEST_CASE("faults of the stick and the air: told while they last, and over when they are") {
  AntModel::Options options;
  options.deaf_resets = 1;
  Bike bike(options, named({{"speed_cadence", 0}}));
  bike.bench.run_for_us(10 * kS);
  REQUIRE(bike.works());

  bike.ant().sleep(12345, true);
  bike.bench.run_for_us(3 * kS);
  CHECK(bike.bench.state() == PATELLA_DEVICE_SILENT);
  bike.bench.run_for_us(100 * kS);  // the search ends and begins again
  CHECK(bike.bench.state() == PATELLA_DEVICE_SILENT);
  CHECK(bike.ant().open_channels() == 1);
  bike.ant().sleep(12345, false);
  bike.bench.run_for_us(3 * kS);
  CHECK(bike.works());

  bike.ant().lose_messages(12345, 3);
  const std::size_t told = bike.bench.statuses().size();
  bike.bench.run_for_us(5 * kS);
  CHECK(bike.bench.statuses().size() == told);

  bike.bench.usb()->fault(AntModel::kIn).wrong_checksums = 2;
  bike.bench.run_for_us(5 * kS);
  CHECK(bike.bench.statuses().size() == told);

  bike.ant().restart_itself();
  bike.bench.run_for_us(5 * kS);
  CHECK(bike.works());

  bike.bench.usb()->fault(AntModel::kIn).garbage = true;
  bike.bench.run_for_us(20 * kS);
  bike.bench.usb()->fault(AntModel::kIn).garbage = false;
  bike.bench.run_for_us(60 * kS);
  CHECK(bike.works());

  bike.bench.usb()->fault(AntModel::kIn).silent = true;
  bike.bench.run_for_us(60 * kS);
  CHECK(bike.bench.state() == PATELLA_DEVICE_SILENT);
  bike.bench.usb()->fault(AntModel::kIn).silent = false;
  bike.bench.run_for_us(20 * kS);
  CHECK(bike.works());
  CHECK(bike.bench.violations() == std::vector<std::string>{});
}

TEST_CASE("a silence of the radio takes no memory: the zero that was told once, the way since it was first heard") {
  AntModel::Options options;
  options.missed_share = 0;
  options.sensors = {sensor(0x79, 12345), sensor(0x0B, 486)};
  options.sensors[1].page = 0x20;
  options.sensors[1].zero_once = true;
  options.extensions = GENERATE(true, false);
  Bike bike(options, named({{"speed_cadence", 0}, {"power", 0}}));
  bike.bench.run_for_us(60 * kS);
  REQUIRE(bike.works());
  REQUIRE(bike.last("power") == Approx(109).margin(15));
  REQUIRE(bike.last("distance") > 100);
  for (const uint16_t number : {uint16_t{12345}, uint16_t{486}}) bike.ant().lose_messages(number, 12);
  REQUIRE(bike.bench.run_until([&] { return bike.bench.state() == PATELLA_DEVICE_SILENT; }, 5 * kS));
  bike.bench.run_for_us(30 * kS);
  const int64_t from_us = bike.bench.now_us();
  bike.bench.run_for_us(30 * kS);
  CHECK(bike.works());
  CHECK(bike.mean_since("power", from_us) == Approx(109).margin(8));
  double before_m = 0;
  for (const BenchSample& sample : bike.bench.samples_of("distance")) {
    CHECK(sample.value >= before_m);
    before_m = sample.value;
  }
  CHECK(bike.last("distance") == Approx(bike.ant().rider().wheel_m).margin(30));
  CHECK(bike.bench.violations() == std::vector<std::string>{});
}

TEST_CASE("which one is mine: pedal, and the one that moves is named; a stick that cannot says so") {
  AntModel::Options options;
  options.sensors = {sensor(0x79, 500), sensor(0x78, 501)};
  options.neighbours = {sensor(0x79, 700), sensor(0x0B, 701)};
  Bike bike(options, named({{"speed_cadence", 0}}));
  bike.bench.run_for_us(20 * kS);
  REQUIRE(bike.bench.command("identify"));
  REQUIRE(bike.bench.run_until([&] { return !bike.bench.commands_done().empty(); }, 60 * kS));
  const BenchCommand& done = bike.bench.commands_done().back();
  CHECK(done.ok);
  for (const char* mine : {"Speed and cadence sensor {500} moves", "Heart rate strap {501} moves"})
    CHECK(done.text.find(mine) != std::string::npos);
  for (const char* theirs : {"Speed and cadence sensor {700} does not move", "Power meter {701} does not move"})
    CHECK(done.text.find(theirs) != std::string::npos);
  for (const BenchSample& sample : bike.bench.samples_of("sensor_moving"))
    CHECK((sample.value == 0x79 * 65536 + 500 || sample.value == 0x78 * 65536 + 501));
  CHECK(bike.bench.samples_of("sensor_moving").size() > 10);
  bike.bench.run_for_us(10 * kS);
  CHECK(bike.works());
  CHECK(bike.bench.violations() == std::vector<std::string>{});

  const bool scans = GENERATE(false, true);
  options.scans = scans;
  options.extensions = !scans;
  Bike cannot(options, named({{"speed_cadence", 0}}));
  cannot.bench.run_for_us(20 * kS);
  REQUIRE(cannot.bench.command("identify"));
  REQUIRE(cannot.bench.run_until([&] { return !cannot.bench.commands_done().empty(); }, 60 * kS));
  CHECK_FALSE(cannot.bench.commands_done().back().ok);
  CHECK(cannot.bench.commands_done().back().text.find(scans ? "does not say who sends" : "cannot hear all sensors") !=
        std::string::npos);
  cannot.bench.run_for_us(10 * kS);
  CHECK(cannot.works());
}

TEST_CASE(
    "the number decides: the neighbour's bike is never mine, and without a number the first one heard "
    "stays") {
  AntModel::Options options;
  options.sensors = {sensor(0x79, 500)};
  options.neighbours = {sensor(0x79, 700)};
  Bike bike(options, named({{"speed_cadence", 700}}));
  bike.bench.run_for_us(60 * kS);
  CHECK(bike.bench.state() == PATELLA_DEVICE_LIVE);
  CHECK(bike.last("cadence") == 0);
  CHECK(bike.last("sensor_heard") == 0x79 * 65536 + 700);

  Bike any(options, named({{"speed_cadence", 0}}));
  any.bench.run_for_us(20 * kS);
  const double taken = any.last("sensor_heard");
  const uint16_t number = static_cast<uint16_t>(static_cast<int>(taken) & 0xFFFF);
  any.ant().sleep(number, true);
  any.bench.run_for_us(15 * kS);
  CHECK(any.bench.state() == PATELLA_DEVICE_SILENT);
  any.ant().sleep(number, false);
  any.bench.run_for_us(5 * kS);
  CHECK(any.last("sensor_heard") == taken);
  // Away for longer than a search: whoever is there now.
  any.ant().sleep(number, true);
  any.bench.run_for_us(60 * kS);
  CHECK(any.last("sensor_heard") != taken);
}

TEST_CASE("another network key hears nothing, and says so") {
  AntModel::Options options;
  options.key = {1, 2, 3, 4, 5, 6, 7, 8};
  Bike bike(options, named({{"speed_cadence", 0}}));
  bike.bench.run_for_us(60 * kS);
  CHECK(bike.bench.state() == PATELLA_DEVICE_SILENT);
  CHECK(bike.bench.samples_of("cadence").empty());
}
