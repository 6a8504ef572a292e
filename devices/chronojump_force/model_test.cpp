// The driver against the device model of a Chronojump sensor, in virtual time.
#include "driver.hpp"
#include "emulator/chronojump_model.hpp"
#include "emulator/direct_bench.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::emulator;

namespace {
constexpr int64_t kS = 1'000'000;

struct Band {
  ChronojumpModel* model;
  DirectBench bench;
  explicit Band(ChronojumpModel::Options options) : Band(std::make_unique<ChronojumpModel>(options)) {}

 private:
  explicit Band(std::unique_ptr<ChronojumpModel> owned)
      : model(owned.get()), bench(sdk::DeviceGlue<chronojump_force::Driver>::kTable, std::move(owned)) {}
};

ChronojumpModel::Options resting() {
  ChronojumpModel::Options options;
  options.automatic = false;
  return options;
}
}  // namespace

TEST_CASE("samples of the modelled sensor: rate, spacing and force are the device's") {
  Band band(resting());
  REQUIRE(band.bench.run_until([&] { return band.bench.state() == PATELLA_DEVICE_LIVE; }, 10 * kS));
  band.bench.act({Gesture::load, 60, 0, 0});
  band.bench.run_for_us(10 * kS);
  const auto samples = band.bench.samples_of("force");
  REQUIRE(samples.size() > 800);
  CHECK(samples.back().value == Approx(60).margin(6));
  const auto& first = samples[samples.size() - 500];
  const double rate_hz = 499 * 1e6 / static_cast<double>(samples.back().t_us - first.t_us);
  CHECK(rate_hz == Approx(88.2).epsilon(0.01));
  CHECK(samples.back().at_us - samples.back().t_us < 100'000);
  CHECK(band.bench.violations() == std::vector<std::string>{});
}

TEST_CASE("the roll-over of the device's microseconds leaves no gap") {
  ChronojumpModel::Options options = resting();
  options.first_stamp_us = 0xFFFFFFFFu - 5'000'000u;
  Band band(options);
  band.bench.run_for_us(20 * kS);
  const auto samples = band.bench.samples_of("force");
  REQUIRE(samples.size() > 1000);
  for (std::size_t i = 10; i < samples.size(); ++i)
    if (samples[i].t_us - samples[i - 1].t_us > 50'000) FAIL("a gap of " << samples[i].t_us - samples[i - 1].t_us << " us");
}

TEST_CASE("tare of the modelled sensor removes its drift, and the capture goes on") {
  Band band(resting());
  REQUIRE(band.bench.run_until([&] { return band.bench.state() == PATELLA_DEVICE_LIVE; }, 10 * kS));
  band.bench.act({Gesture::drift, -4.4, 0, 0});
  band.bench.run_for_us(2 * kS);
  CHECK(band.bench.samples_of("force").back().value == Approx(-4.4).margin(1));
  REQUIRE(band.bench.command("tare"));
  REQUIRE(band.bench.run_until([&] { return !band.bench.commands_done().empty(); }, 10 * kS));
  CHECK(band.bench.commands_done()[0].ok);
  REQUIRE(band.bench.run_until([&] { return band.bench.state() == PATELLA_DEVICE_LIVE; }, 10 * kS));
  band.bench.run_for_us(1 * kS);
  CHECK(band.bench.samples_of("force").back().value == Approx(0).margin(1));
  CHECK(band.bench.violations() == std::vector<std::string>{});
}
