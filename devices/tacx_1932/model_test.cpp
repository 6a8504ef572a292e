// The driver against the device model of a Tacx trainer, in virtual time.
#include "driver.hpp"
#include "emulator/direct_bench.hpp"
#include "emulator/tacx_model.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::emulator;

namespace {
constexpr int64_t kS = 1'000'000;

struct Trainer {
  TacxModel* model;
  DirectBench bench;
  explicit Trainer(const TacxModel::Options& options) : Trainer(std::make_unique<TacxModel>(options)) {}
  bool live() {
    return bench.run_until([&] { return bench.state() == PATELLA_DEVICE_LIVE; }, 15 * kS);
  }
  double last(const char* channel) { return bench.samples_of(channel).back().value; }

 private:
  explicit Trainer(std::unique_ptr<TacxModel> owned)
      : model(owned.get()), bench(sdk::DeviceGlue<tacx_1932::Driver>::kTable, std::move(owned)) {}
};
}  // namespace

TEST_CASE("both head units: all that they show is the rider's, and the first 137 rpm is not shown") {
  TacxModel::Options options;
  options.automatic = false;
  options.product = GENERATE(uint16_t{0x1932}, uint16_t{0x1942});
  Trainer trainer(options);
  REQUIRE(trainer.live());
  trainer.bench.run_for_us(2 * kS);
  trainer.bench.act({Gesture::pedal, 85, 0, 0});
  trainer.bench.run_for_us(60 * kS);
  const Pedalling& rider = trainer.model->rider();
  CHECK(trainer.last("cadence") == Approx(85).margin(6));
  CHECK(trainer.last("power") == Approx(rider.measured_power_w()).margin(4));
  CHECK(trainer.last("heart_rate") == Approx(rider.heart_bpm()).margin(1));
  CHECK(trainer.bench.samples_of("cadence").size() > 200);
  CHECK(trainer.model->told_137());
  for (const BenchSample& sample : trainer.bench.samples_of("cadence")) REQUIRE(sample.value < 110);
  CHECK(trainer.model->pedal_echoes() > 60);
  CHECK_FALSE(trainer.model->was_braked());
  CHECK(trainer.bench.violations() == std::vector<std::string>{});
}

TEST_CASE("the head unit restarts: it is asked for its version again, or cadence would stay 0") {
  Trainer trainer(TacxModel::Options{});
  REQUIRE(trainer.live());
  trainer.bench.run_for_us(20 * kS);
  trainer.model->fault(TacxModel::kIn).silent = true;
  trainer.model->begin_anew();
  trainer.bench.run_for_us(4 * kS);
  CHECK(trainer.bench.state() == PATELLA_DEVICE_SILENT);
  trainer.model->fault(TacxModel::kIn).silent = false;
  trainer.bench.run_for_us(10 * kS);
  CHECK(trainer.bench.state() == PATELLA_DEVICE_LIVE);
  CHECK(trainer.last("cadence") == Approx(80).margin(6));
}

TEST_CASE("the rider stops: 0 within 5 s") {
  Trainer trainer(TacxModel::Options{});
  REQUIRE(trainer.live());
  trainer.bench.run_for_us(20 * kS);
  trainer.bench.act({Gesture::pedal, 0, 0, 0});
  trainer.bench.run_for_us(5 * kS);
  CHECK(trainer.last("cadence") == 0);
  CHECK(trainer.last("power") == Approx(0).margin(1));
  const std::size_t before = trainer.bench.samples_of("cadence").size();
  trainer.bench.run_for_us(8 * kS);
  const auto cadence = trainer.bench.samples_of("cadence");
  REQUIRE(cadence.size() > before);
  for (std::size_t i = before; i < cadence.size(); ++i) CHECK(cadence[i].value == 0);  // and stays there
}
