// The driver against the device model of a LineScale 3, in virtual time.
#include "driver.hpp"
#include "emulator/direct_bench.hpp"
#include "emulator/linescale3_model.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::emulator;

namespace {
constexpr int64_t kS = 1'000'000;

using Options = LineScale3Model::Options;

struct Cell {
  LineScale3Model* model;
  DirectBench bench;
  explicit Cell(const Options& options, int rate = 1, int unit = 0)
      : Cell(std::make_unique<LineScale3Model>(options),
             {{"rate", -1, double(rate), nullptr}, {"unit", -1, double(unit), nullptr}}) {}
  bool live() {
    return bench.run_until([&] { return bench.state() == PATELLA_DEVICE_LIVE; }, 10 * kS);
  }
  /// Of the last half second at 40 Hz.
  double mean_n() const {
    const auto samples = bench.samples_of("force");
    double sum_n = 0;
    for (std::size_t i = samples.size() - 18; i < samples.size(); ++i) sum_n += samples[i].value;
    return sum_n / 18;
  }

 private:
  Cell(std::unique_ptr<LineScale3Model> owned, const std::vector<patella_value>& values)
      : model(owned.get()), bench(sdk::DeviceGlue<linescale3::Driver>::kTable, std::move(owned), values) {}
};

Options resting() {
  Options options;
  options.automatic = false;
  return options;
}

double rate_hz(const std::vector<BenchSample>& samples, std::size_t last) {
  const auto& from = samples[samples.size() - 1 - last];
  return static_cast<double>(last) * 1e6 / static_cast<double>(samples.back().t_us - from.t_us);
}
}  // namespace

TEST_CASE("every rate: set, and timed as slowly as the cell's clock makes it") {
  const int rate = GENERATE(0, 1, 2);
  const double clock = GENERATE(0.898, 0.97);
  Options options = resting();
  options.clock = clock;
  Cell cell(options, rate);
  REQUIRE(cell.live());
  cell.bench.act({Gesture::load, 600, 0, 0});
  cell.bench.run_for_us(40 * kS);
  const int set_hz = linescale3::kRatesHz[rate];
  CHECK(cell.model->set_rate_hz() == set_hz);
  const auto samples = cell.bench.samples_of("force");
  const std::size_t last = static_cast<std::size_t>(set_hz) * 20;
  REQUIRE(samples.size() > last);
  CHECK(samples.back().value == Approx(600).margin(15));
  const double real_hz = set_hz * clock;
  CHECK(rate_hz(samples, last) == Approx(real_hz).epsilon(0.005));
  for (std::size_t i = samples.size() - last; i < samples.size(); ++i)
    if (std::abs(static_cast<double>(samples[i].t_us - samples[i - 1].t_us) - 1e6 / real_hz) > 0.05e6 / real_hz + 3)
      FAIL("step " << samples[i].t_us - samples[i - 1].t_us << " us");
  CHECK(cell.bench.violations() == std::vector<std::string>{});
}

TEST_CASE("1280 Hz at this line speed: half of the frames are lost, the rest is timed as it comes") {
  Cell cell(resting(), 3);
  REQUIRE(cell.live());
  cell.bench.run_for_us(40 * kS);
  CHECK(cell.model->set_rate_hz() == 1280);
  CHECK(rate_hz(cell.bench.samples_of("force"), 5000) == Approx(1280 * 0.898 / 2).epsilon(0.005));
  CHECK(cell.bench.violations() == std::vector<std::string>{});
}

TEST_CASE("every unit gives newtons; kilogram-force has finer steps than kilonewton") {
  const int unit = GENERATE(1, 2, 3);
  Cell cell(resting(), 1, unit);
  REQUIRE(cell.live());
  cell.bench.act({Gesture::load, 63, 0, 0});
  cell.bench.run_for_us(10 * kS);
  CHECK(static_cast<int>(cell.model->unit()) == unit - 1);
  double sum = 0;
  const auto samples = cell.bench.samples_of("force");
  for (std::size_t i = samples.size() - 200; i < samples.size(); ++i) sum += samples[i].value / 200;
  CHECK(sum == Approx(63).margin(unit == 1 ? 4 : 0.5));
}

TEST_CASE("the cell was streaming when the port was opened: half a frame first") {
  Options options = resting();
  options.streaming = true;
  Cell cell(options);
  REQUIRE(cell.live());
  CHECK(cell.bench.now_us() < 2 * kS);
}

TEST_CASE("start is not heard three times: it is asked again") {
  Options options = resting();
  options.deaf = 3;
  Cell cell(options);
  REQUIRE(cell.live());
  CHECK(cell.model->set_rate_hz() == 40);
}

TEST_CASE("switched off, it is silent and asked on; switched on half a minute later it is live") {
  Cell cell(resting());
  const auto off = linescale3::command('O');
  cell.bench.serial()->received(off, cell.bench.now_us());
  REQUIRE_FALSE(cell.model->is_on());
  REQUIRE(cell.bench.run_until([&] { return cell.bench.state() == PATELLA_DEVICE_SILENT; }, 5 * kS));
  cell.bench.run_for_us(25 * kS);
  CHECK(cell.bench.state() == PATELLA_DEVICE_SILENT);
  CHECK(cell.bench.violations() == std::vector<std::string>{});
}

TEST_CASE(
    "tare removes the drift that the kiosk lets through; while the screen is locked it is said to have "
    "failed") {
  Options options = resting();
  const bool locked = GENERATE(false, true);
  const int unit = GENERATE(1, 2);
  const double drift_n = GENERATE(-15.0, 15.0);
  options.locked = locked;
  options.unit = unit == 1 ? LineScale3Model::Unit::kilonewton : LineScale3Model::Unit::kilogram_force;
  Cell cell(options, 1, unit);
  REQUIRE(cell.live());
  cell.bench.act({Gesture::drift, drift_n, 0, 0});
  cell.bench.run_for_us(2 * kS);
  CHECK(cell.mean_n() == Approx(drift_n).margin(4));
  REQUIRE(cell.bench.command("tare"));
  REQUIRE(cell.bench.run_until([&] { return !cell.bench.commands_done().empty(); }, 5 * kS));
  INFO((locked ? "locked, unit " : "unit ") << unit << ", " << drift_n << " N");
  CHECK(cell.bench.commands_done()[0].ok == !locked);
  cell.bench.run_for_us(kS);
  CHECK(cell.mean_n() == Approx(locked ? drift_n : 0).margin(4));
}

TEST_CASE("harder than it can measure: told, no sample of it, and over when it is let go") {
  Cell cell(resting());
  REQUIRE(cell.live());
  cell.bench.act({Gesture::load, 31'500, 0, 0});
  REQUIRE(cell.bench.run_until([&] { return cell.bench.state() == PATELLA_DEVICE_NOTICE; }, 5 * kS));
  cell.bench.run_for_us(kS);
  for (const BenchSample& sample : cell.bench.samples_of("force")) CHECK(sample.value <= LineScale3Model::kMaxN);
  CHECK(cell.bench.now_us() - cell.bench.samples_of("force").back().t_us > kS / 2);
  cell.bench.act({Gesture::slack, 0, 0, 0});
  REQUIRE(cell.live());
}

TEST_CASE("noise on the line loses frames, not the time") {
  Cell cell(resting());
  REQUIRE(cell.live());
  cell.bench.run_for_us(20 * kS);
  cell.bench.serial()->fault().wrong_checksums = 3;
  cell.bench.run_for_us(2 * kS);
  const auto samples = cell.bench.samples_of("force");
  int wide = 0;
  for (std::size_t i = samples.size() - 70; i < samples.size(); ++i) {
    const double steps = static_cast<double>(samples[i].t_us - samples[i - 1].t_us) * 1e-6 * 40 * 0.898;
    CHECK(steps == Approx(std::round(steps)).margin(0.1));
    wide += steps > 3.5;
  }
  CHECK(wide == 1);
  CHECK(cell.bench.violations() == std::vector<std::string>{});
}
