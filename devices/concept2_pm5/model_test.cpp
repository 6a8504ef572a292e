// The driver against the device model of a PM5, in virtual time.
#include "driver.hpp"
#include "emulator/direct_bench.hpp"
#include "emulator/pm5_model.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::emulator;

namespace {
constexpr int64_t kS = 1'000'000;
struct Bike {
  DirectBench bench{sdk::DeviceGlue<concept2_pm5::Driver>::kTable, std::make_unique<Pm5Model>()};
  double last(const char* channel) const {
    const auto samples = bench.samples_of(channel);
    return samples.empty() ? -1 : samples.back().value;
  }
};
}  // namespace

TEST_CASE("riding a modelled bike: cadence, power and heart rate come through, and stop with the rider") {
  Bike bike;
  REQUIRE(bike.bench.act({Gesture::automatic, 0, 0, 0}));
  bike.bench.act({Gesture::heart, 120, 0, 0});
  bike.bench.act({Gesture::pedal, 80, 0, 0});
  bike.bench.run_for_us(120 * kS);
  CHECK(bike.bench.state() == PATELLA_DEVICE_LIVE);
  CHECK(bike.last("cadence") == Approx(80).margin(5));
  CHECK(bike.last("power") > 20);
  CHECK(bike.last("heart_rate") > 60);
  CHECK(bike.last("distance") > 100);
  CHECK(bike.bench.samples_of("cadence").size() > 1000);
  bike.bench.act({Gesture::pedal, 0, 0, 0});
  bike.bench.run_for_us(20 * kS);
  CHECK(bike.last("cadence") == 0);
  CHECK(bike.last("power") == 0);
  CHECK(bike.bench.violations() == std::vector<std::string>{});
}

TEST_CASE("a silent model is told; it is live again when it answers; frames with a wrong checksum do not end it") {
  Bike bike;
  bike.bench.run_for_us(5 * kS);
  REQUIRE(bike.bench.state() == PATELLA_DEVICE_LIVE);
  bike.bench.usb()->fault(Pm5Model::kIn).silent = true;
  bike.bench.run_for_us(11 * kS);
  CHECK(bike.bench.state() == PATELLA_DEVICE_SILENT);
  bike.bench.usb()->fault(Pm5Model::kIn).silent = false;
  bike.bench.run_for_us(5 * kS);
  CHECK(bike.bench.state() == PATELLA_DEVICE_LIVE);
  bike.bench.usb()->fault(Pm5Model::kIn).wrong_checksums = 2;
  bike.bench.run_for_us(10 * kS);
  CHECK(bike.bench.state() == PATELLA_DEVICE_LIVE);
  CHECK(bike.bench.violations() == std::vector<std::string>{});
}
