// The driver against the device model of a Kettler bike, in virtual time.
#include "driver.hpp"
#include "emulator/direct_bench.hpp"
#include "emulator/kettler_model.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::emulator;

namespace {
constexpr int64_t kS = 1'000'000;

using Options = KettlerModel::Options;

struct Bike {
  KettlerModel* model;
  DirectBench bench;
  explicit Bike(const Options& options) : Bike(std::make_unique<KettlerModel>(options)) {}
  bool live() {
    return bench.run_until([&] { return bench.state() == PATELLA_DEVICE_LIVE; }, 15 * kS);
  }
  double last(const char* channel) { return bench.samples_of(channel).back().value; }

 private:
  explicit Bike(std::unique_ptr<KettlerModel> owned)
      : model(owned.get()), bench(sdk::DeviceGlue<kettler::Driver>::kTable, std::move(owned)) {}
};
}  // namespace

TEST_CASE("every kind of bike: letters, separators") {
  Options options;
  options.letters = GENERATE(KettlerModel::Letters::any, KettlerModel::Letters::capitals, KettlerModel::Letters::small);
  options.spaces = GENERATE(false, true);
  options.automatic = false;
  Bike bike(options);
  REQUIRE(bike.live());
  bike.bench.act({Gesture::pedal, 70, 0, 0});
  bike.bench.run_for_us(60 * kS);
  CHECK(bike.last("cadence") == Approx(70).margin(5));
  CHECK(bike.last("power") == Approx(bike.model->rider().measured_power_w()).margin(8));
  CHECK(bike.last("heart_rate") == Approx(bike.model->rider().heart_bpm()).margin(2));
  CHECK(bike.last("distance") == Approx(bike.model->rider().distance_m()).margin(101));
  CHECK(bike.last("target_power") == 25);
  CHECK(bike.last("time") == Approx(58).margin(4));
  CHECK(bike.bench.samples_of("cadence").size() > 100);
  CHECK(bike.model->target_w() == 25);
  CHECK(bike.bench.violations() == std::vector<std::string>{});
}

TEST_CASE("no belt: no heart rate") {
  Options options;
  Bike bike(options);
  bike.bench.act({Gesture::heart, 0, 0, 0});
  REQUIRE(bike.live());
  bike.bench.run_for_us(20 * kS);
  CHECK(bike.bench.samples_of("heart_rate").empty());
}

TEST_CASE("a bike that leaves PC mode by itself is brought back") {
  Options options;
  options.leaves_after_s = 20;
  Bike bike(options);
  REQUIRE(bike.live());
  bike.bench.run_for_us(120 * kS);
  const auto cadence = bike.bench.samples_of("cadence");
  int64_t widest_us = 0;
  for (std::size_t i = 1; i < cadence.size(); ++i) widest_us = std::max(widest_us, cadence[i].t_us - cadence[i - 1].t_us);
  CHECK(widest_us > 2 * kS);
  CHECK(widest_us < 3 * kS);
}

TEST_CASE("a bike at another speed is given back in bounded time") {
  Options options;
  auto model = std::make_unique<KettlerModel>(options);
  model->fault().garbage = true;
  DirectBench bench(sdk::DeviceGlue<kettler::Driver>::kTable, std::move(model));
  CHECK(bench.run_until([&] { return bench.state() == PATELLA_DEVICE_NOT_MINE; }, 10 * kS));
}
