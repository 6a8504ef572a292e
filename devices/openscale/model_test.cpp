// The driver against the device model of an OpenScale, in virtual time.
#include "driver.hpp"
#include "emulator/direct_bench.hpp"
#include "emulator/openscale_model.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::emulator;

namespace {
constexpr int64_t kS = 1'000'000;

using Options = OpenScaleModel::Options;

struct Scale {
  OpenScaleModel* model;
  DirectBench bench;
  explicit Scale(const Options& options) : Scale(std::make_unique<OpenScaleModel>(options)) {}
  bool live() {
    return bench.run_until([&] { return bench.state() == PATELLA_DEVICE_LIVE; }, 15 * kS);
  }
  double force_n() { return bench.samples_of("force").back().value; }

 private:
  explicit Scale(std::unique_ptr<OpenScaleModel> owned)
      : model(owned.get()), bench(sdk::DeviceGlue<openscale::Driver>::kTable, std::move(owned)) {}
};

Options resting() {
  Options options;
  options.automatic = false;
  return options;
}
}  // namespace

TEST_CASE("any settings of the board: newtons, at its rate") {
  Options options = resting();
  options.pounds = GENERATE(true, false);
  options.timestamp = GENERATE(true, false);
  options.raw = options.temperature = GENERATE(true, false);
  options.report_ms = GENERATE(500, 110);
  Scale scale(options);
  REQUIRE(scale.live());
  scale.bench.act({Gesture::load, 60, 0, 0});
  scale.bench.run_for_us(20 * kS);
  CHECK(scale.force_n() == Approx(60).margin(0.3));
  const auto samples = scale.bench.samples_of("force");
  REQUIRE(samples.size() > 35);
  const double rate = 30 * 1e6 / static_cast<double>(samples.back().t_us - samples[samples.size() - 31].t_us);
  CHECK(rate == Approx(1000.0 / options.report_ms).epsilon(0.02));
  CHECK(scale.bench.written().empty());
  CHECK(scale.bench.violations() == std::vector<std::string>{});
}

TEST_CASE("opening the port does not reset it: found by its readings, without boot text") {
  Options options = resting();
  options.resets = false;
  auto model = std::make_unique<OpenScaleModel>(options);
  model->opened(1 * kS);
  model->tick(10 * kS);
  model->closed(10 * kS);
  DirectBench bench(sdk::DeviceGlue<openscale::Driver>::kTable, std::move(model), {}, 20 * kS);
  // Less than a boot takes.
  CHECK(bench.run_until([&] { return bench.state() == PATELLA_DEVICE_LIVE; }, OpenScaleModel::kBootUs - 1));
}

TEST_CASE("a board in trigger mode is read, too") {
  Options options = resting();
  options.trigger = true;
  Scale scale(options);
  REQUIRE(scale.live());
  scale.bench.act({Gesture::load, 40, 0, 0});
  scale.bench.run_for_us(2 * kS);  // it is found out that no reading comes by itself
  const std::size_t before = scale.bench.samples().size();
  scale.bench.run_for_us(10 * kS);
  CHECK(scale.bench.samples().size() - before == Approx(50).margin(3));
  CHECK(scale.force_n() == Approx(40).margin(0.3));
}

TEST_CASE("tare removes the drift, and the measuring goes on") {
  Options options = resting();
  options.trigger = GENERATE(false, true);
  Scale scale(options);
  REQUIRE(scale.live());
  scale.bench.act({Gesture::drift, -4.4, 0, 0});
  scale.bench.run_for_us(3 * kS);
  CHECK(scale.force_n() == Approx(-4.4).margin(0.3));
  REQUIRE(scale.bench.command("tare"));
  REQUIRE(scale.bench.run_until([&] { return !scale.bench.commands_done().empty(); }, 20 * kS));
  CHECK(scale.bench.commands_done()[0].ok);
  CHECK(scale.model->tares() == 1);
  scale.bench.run_for_us(3 * kS);
  CHECK_FALSE(scale.model->is_in_menu());
  CHECK(scale.force_n() == Approx(0).margin(0.3));
  CHECK(scale.bench.state() == PATELLA_DEVICE_LIVE);
  CHECK(scale.bench.violations() == std::vector<std::string>{});
}

TEST_CASE("a board that hangs in its menu is led out of it") {
  Scale scale(resting());
  REQUIRE(scale.live());
  const Bytes menu = {'x'};
  scale.bench.serial()->received(menu, scale.bench.now_us());
  REQUIRE(scale.model->is_in_menu());
  const std::size_t before = scale.bench.samples().size();
  REQUIRE(scale.bench.run_until([&] { return scale.bench.samples().size() > before + 2; }, 20 * kS));
  CHECK_FALSE(scale.model->is_in_menu());
}

TEST_CASE("the line falls silent in mid-tare: the tare fails, and all is well again afterwards") {
  Scale scale(resting());
  REQUIRE(scale.live());
  REQUIRE(scale.bench.command("tare"));
  scale.bench.serial()->fault().silent = true;
  scale.bench.run_for_us(30 * kS);
  REQUIRE(scale.bench.commands_done().size() == 1);
  CHECK_FALSE(scale.bench.commands_done()[0].ok);
  CHECK(scale.bench.state() == PATELLA_DEVICE_SILENT);
  scale.bench.serial()->fault().silent = false;
  REQUIRE(scale.live());
  CHECK_FALSE(scale.model->is_in_menu());
}
