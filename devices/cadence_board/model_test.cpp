// The driver against the device model of a cadence board, in virtual time.
#include "driver.hpp"
#include "emulator/cadence_board_model.hpp"
#include "emulator/direct_bench.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::emulator;

namespace {
constexpr int64_t kS = 1'000'000;

using Options = CadenceBoardModel::Options;

struct Bike {
  CadenceBoardModel* model;
  DirectBench bench;
  explicit Bike(const Options& options) : Bike(std::make_unique<CadenceBoardModel>(options)) {}
  bool live() {
    return bench.run_until([&] { return bench.state() == PATELLA_DEVICE_LIVE; }, 15 * kS);
  }
  double rpm() { return bench.samples_of("cadence").back().value; }

 private:
  explicit Bike(std::unique_ptr<CadenceBoardModel> owned)
      : model(owned.get()), bench(sdk::DeviceGlue<cadence_board::Driver>::kTable, std::move(owned)) {}
};

Options resting() {
  Options options;
  options.automatic = false;
  return options;
}

double worst_off(const std::vector<BenchSample>& samples, int64_t from_us, double rpm) {
  double worst = 0;
  for (const BenchSample& sample : samples)
    if (sample.t_us >= from_us) worst = std::max(worst, std::abs(sample.value - rpm));
  return worst;
}
}  // namespace

TEST_CASE("cadence is the rider's, over the roll-over of the board's clock, with or without a bouncing contact") {
  Options options;
  options.bounces = GENERATE(false, true);
  options.first_stamp_us = 0xFFFFFFFFu - 60'000'000u;
  Bike bike(options);
  REQUIRE(bike.live());
  bike.bench.run_for_us(120 * kS);
  const auto samples = bike.bench.samples_of("cadence");
  CHECK(samples.size() > 140);
  CHECK(worst_off(samples, bike.bench.now_us() - 100 * kS, 80) < 8);
  CHECK(bike.bench.written().empty());
  CHECK(bike.bench.violations() == std::vector<std::string>{});
}

TEST_CASE("lost lines and bounces make no false cadence") {
  Bike bike(resting());
  REQUIRE(bike.live());
  bike.bench.act({Gesture::pedal, 70, 0, 0});
  bike.bench.run_for_us(20 * kS);
  const int64_t from_us = bike.bench.now_us();
  for (int i = 0; i < 10; ++i) {
    bike.bench.act({i % 2 ? Gesture::miss : Gesture::spike, 0, 0, 0});
    bike.bench.run_for_us(3 * kS);
  }
  CHECK(worst_off(bike.bench.samples_of("cadence"), from_us, 70) < 8);
}

TEST_CASE("the rider stops and goes on") {
  Bike bike(resting());
  REQUIRE(bike.live());
  bike.bench.run_for_us(5 * kS);
  CHECK(bike.rpm() == 0);
  bike.bench.act({Gesture::pedal, 60, 0, 0});
  bike.bench.run_for_us(20 * kS);
  CHECK(bike.rpm() == Approx(60).margin(6));
  bike.bench.act({Gesture::pedal, 0, 0, 0});
  bike.bench.run_for_us(15 * kS);
  CHECK(bike.rpm() == 0);
  CHECK(bike.bench.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("a board without heartbeat until it is asked is found by its version") {
  Options options = resting();
  options.boot_us = 4'500'000;
  Bike bike(options);
  REQUIRE(bike.live());
}
