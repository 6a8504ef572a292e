// The drivers as they are shipped against the device models, for half an hour of device time each. Hours can
// be had by PATELLA_VIRTUAL_MINUTES.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "emulator/ant_model.hpp"
#include "emulator/cadence_board_model.hpp"
#include "emulator/catalog.hpp"
#include "emulator/chronojump_model.hpp"
#include "emulator/direct_bench.hpp"
#include "emulator/go_direct_model.hpp"
#include "emulator/go_link_model.hpp"
#include "emulator/kettler_model.hpp"
#include "emulator/linescale3_model.hpp"
#include "emulator/openscale_model.hpp"
#include "emulator/phidget_bridge_model.hpp"
#include "emulator/pm5_model.hpp"
#include "emulator/scale_model.hpp"
#include "emulator/tacx_model.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::emulator;

namespace {

constexpr int64_t kSecond = 1'000'000;

int64_t long_run_us() {
  const char* minutes = std::getenv("PATELLA_VIRTUAL_MINUTES");
  return (minutes ? std::atoll(minutes) : 30) * 60 * kSecond;
}

LoadedDriver driver(const std::string& name) {
  auto loaded = load_driver(std::string(PATELLA_BUILD_DIR) + "/plugins/" + name + "/" + name + ".so");
  REQUIRE(loaded);
  return *loaded;
}

/// A stick needs to be told which sensors are meant, and the key of their network.
std::vector<patella_value> ant_values(const LoadedDriver& d) {
  std::vector<patella_value> values = d.defaults;
  for (patella_value& value : values) {
    const std::string key = value.key;
    if (key == "network_key") value.text = "0000000000000000";
    if (key == "speed_cadence" || key == "power" || key == "heart_rate") value.number = 0;
  }
  return values;
}

double mean(const std::vector<BenchSample>& samples, int64_t from_us) {
  double sum = 0;
  int count = 0;
  for (const BenchSample& sample : samples)
    if (sample.t_us >= from_us) sum += sample.value, ++count;
  return count ? sum / count : std::nan("");
}

int reps_over(const std::vector<BenchSample>& samples, double high_n, double low_n) {
  int reps = 0;
  bool up = false;
  for (const BenchSample& sample : samples) {
    if (!up && sample.value > high_n) ++reps, up = true;
    if (up && sample.value < low_n) up = false;
  }
  return reps;
}

}  // namespace

TEST_CASE("half an hour on the bike: cadence, power, heart rate, distance and time are the rider's") {
  const LoadedDriver d = driver("concept2_pm5");
  DirectBench bench(*d.table, std::make_unique<Pm5Model>(), d.defaults);
  const int64_t run_us = long_run_us();
  bench.run_for_us(run_us);
  const auto cadence = bench.samples_of("cadence");
  const double seconds = static_cast<double>(run_us) * 1e-6;
  CHECK(static_cast<double>(cadence.size()) > seconds * 8);
  CHECK(mean(cadence, 20 * kSecond) == Approx(80).margin(1));
  for (const BenchSample& sample : cadence)
    if (sample.t_us > 20 * kSecond) REQUIRE(std::abs(sample.value - 80) < 8);
  CHECK(mean(bench.samples_of("power"), 20 * kSecond) == Approx(109).margin(4));
  CHECK(bench.samples_of("heart_rate").back().value == Approx(78 + 0.5 * 109).margin(4));
  const auto& model = dynamic_cast<const Pm5Model&>(bench.model());
  CHECK(bench.samples_of("distance").back().value == Approx(model.rider().distance_m()).margin(10));
  CHECK(bench.samples_of("time").back().value == Approx(seconds - 3).margin(3));
  CHECK(bench.state() == PATELLA_DEVICE_LIVE);
  CHECK(bench.violations() == std::vector<std::string>{});
}

TEST_CASE("half an hour with three ANT+ sensors: cadence, power, heart rate and way are the rider's") {
  const LoadedDriver d = driver("ant_plus");
  Result<Made> made = make_model(*parse_wish("ant_plus:neighbours=79+0b+78"), 1);
  REQUIRE(made);
  std::vector<patella_value> values = ant_values(d);
  for (patella_value& value : values)  // the neighbours have the same kinds of sensors
    if (value.number == 0 && !value.text)
      value.number = value.key == std::string("power") ? 12346 : value.key == std::string("heart_rate") ? 12347 : 12345;
  DirectBench bench(*d.table, std::move(made->usb), values);
  const int64_t run_us = long_run_us();
  bench.run_for_us(run_us);
  const auto cadence = bench.samples_of("cadence");
  CHECK(static_cast<double>(cadence.size()) == Approx(static_cast<double>(run_us) * 1e-6 * 80 / 60).epsilon(0.03));
  CHECK(mean(cadence, 20 * kSecond) == Approx(80).margin(1));
  for (const BenchSample& sample : cadence)
    if (sample.t_us > 20 * kSecond) REQUIRE(std::abs(sample.value - 80) < 9);
  CHECK(mean(bench.samples_of("power"), 20 * kSecond) == Approx(109).margin(4));
  const auto& model = dynamic_cast<const AntModel&>(bench.model());
  CHECK(bench.samples_of("heart_rate").back().value == Approx(model.rider().pedalling.heart_bpm()).margin(3));
  CHECK(bench.samples_of("distance").back().value == Approx(model.rider().wheel_m).margin(30));
  CHECK(bench.state() == PATELLA_DEVICE_LIVE);
  CHECK(bench.violations() == std::vector<std::string>{});
}

TEST_CASE("half an hour of band pulls: every rep is there, at 88.2 samples a second of device time") {
  const LoadedDriver d = driver("chronojump_force");
  DirectBench bench(*d.table, std::make_unique<ChronojumpModel>(ChronojumpModel::Options{}), d.defaults);
  REQUIRE(bench.run_until([&] { return !bench.samples().empty(); }, 60 * kSecond));
  const int64_t start_us = bench.now_us();
  bench.run_for_us(long_run_us());
  const auto force = bench.samples_of("force");
  const double rate = static_cast<double>(force.size() - 1) * 1e6 / static_cast<double>(force.back().t_us - force.front().t_us);
  CHECK(rate == Approx(88.2).epsilon(0.005));
  const double minutes = static_cast<double>(bench.now_us() - start_us) / 60e6;
  CHECK(reps_over(force, 45, 12) == Approx(minutes * 60 / 6).epsilon(0.05));
  const auto highest = std::max_element(force.begin(), force.end(), [](auto& a, auto& b) { return a.value < b.value; });
  CHECK(highest->value < 72);
  CHECK(bench.state() == PATELLA_DEVICE_LIVE);
  CHECK(bench.violations() == std::vector<std::string>{});
}

TEST_CASE(
    "a constant load is measured as it is, before and after a tare, and over the roll-over of the device's "
    "clock") {
  const LoadedDriver d = driver("chronojump_force");
  ChronojumpModel::Options options{.automatic = false};
  options.first_stamp_us = 0xFFFFFFFFu - 30'000'000u;
  DirectBench bench(*d.table, std::make_unique<ChronojumpModel>(options), d.defaults);
  REQUIRE(bench.run_until([&] { return !bench.samples().empty(); }, 60 * kSecond));
  bench.act({Gesture::load, 15, 0, 0});
  bench.run_for_us(60 * kSecond);
  CHECK(mean(bench.samples_of("force"), bench.now_us() - 50 * kSecond) == Approx(15).margin(0.1));
  const auto all = bench.samples_of("force");
  for (std::size_t i = 1; i < all.size(); ++i) REQUIRE(all[i].t_us - all[i - 1].t_us < 100'000);
  REQUIRE(bench.command("tare"));
  REQUIRE(bench.run_until([&] { return !bench.commands_done().empty(); }, 30 * kSecond));
  CHECK(bench.commands_done().back().ok);
  bench.run_for_us(10 * kSecond);
  CHECK(mean(bench.samples_of("force"), bench.now_us() - 3 * kSecond) == Approx(0).margin(0.2));
  CHECK(bench.violations() == std::vector<std::string>{});
}

TEST_CASE("half an hour on the scale: pushes are measured in newtons, whatever the unit on the wire") {
  const auto unit = GENERATE(ScaleModel::Unit::gram, ScaleModel::Unit::ounce);
  const LoadedDriver d = driver("hid_scale");
  DirectBench bench(*d.table, std::make_unique<ScaleModel>(ScaleModel::Options{.unit = unit}), d.defaults);
  const int64_t end_us = bench.now_us() + long_run_us();
  for (double load_n = 5; bench.now_us() < end_us; load_n = load_n < 80 ? load_n + 7.3 : 5) {
    bench.act({Gesture::load, load_n, 0, 0});
    bench.run_for_us(20 * kSecond);
    REQUIRE(mean(bench.samples_of("force"), bench.now_us() - 15 * kSecond) == Approx(load_n).margin(0.03));
  }
  CHECK(bench.violations() == std::vector<std::string>{});
}

TEST_CASE("half an hour of grips with stalls: every pull is there, at 100 samples a second of device time") {
  const LoadedDriver d = driver("go_direct");
  GoDirectModel::Options options;
  options.stall_every_s = 37;
  DirectBench bench(*d.table, std::make_unique<GoDirectModel>(options), d.defaults);
  REQUIRE(bench.run_until([&] { return !bench.samples_of("force").empty(); }, 60 * kSecond));
  const int64_t start_us = bench.now_us();
  bench.run_for_us(long_run_us());
  const auto force = bench.samples_of("force");
  const auto& model = dynamic_cast<const GoDirectModel&>(bench.model());
  const double rate =
      static_cast<double>(force.size() - 1 + model.dropped()) * 1e6 / static_cast<double>(force.back().t_us - force.front().t_us);
  CHECK(rate == Approx(100 / (1 + 30e-6)).epsilon(1e-4));
  const double minutes = static_cast<double>(bench.now_us() - start_us) / 60e6;
  CHECK(reps_over(force, 45, 12) == Approx(minutes * 60 / 6).epsilon(0.05));
  CHECK(bench.samples_of("battery").back().value == 87);
  CHECK(bench.state() == PATELLA_DEVICE_LIVE);
  CHECK(bench.violations() == std::vector<std::string>{});
}

TEST_CASE("half an hour of loads on a probe with its own calibration, and on a load cell with the site's") {
  const bool link = GENERATE(true, false);
  LoadedDriver d = driver(link ? "go_link" : "phidget_bridge");
  for (patella_value& value : d.defaults) {
    if (std::string(value.key) == "force_per_mv_v_n_0") value.number = 490.3325;
    if (std::string(value.key) == "zero_mv_v_0") value.number = 0.05;
  }
  GoLinkModel::Options probe;
  PhidgetBridgeModel::Options cell;
  probe.automatic = cell.automatic = false;
  std::unique_ptr<UsbModel> model = std::make_unique<GoLinkModel>(probe);
  if (!link) model = std::make_unique<PhidgetBridgeModel>(cell);
  DirectBench bench(*d.table, std::move(model), d.defaults);
  REQUIRE(bench.run_until([&] { return !bench.samples_of("force").empty(); }, 60 * kSecond));
  const int64_t end_us = bench.now_us() + long_run_us();
  for (double load_n = 5; bench.now_us() < end_us; load_n = load_n < 300 ? load_n + 37.3 : 5) {
    bench.act({Gesture::load, load_n, 0, 0});
    bench.run_for_us(20 * kSecond);
    INFO((link ? "go_link " : "phidget_bridge ") << load_n);
    REQUIRE(mean(bench.samples_of("force"), bench.now_us() - 15 * kSecond) == Approx(load_n).margin(0.1));
  }
  const auto force = bench.samples_of("force");
  const double rate = static_cast<double>(force.size() - 1) * 1e6 / static_cast<double>(force.back().t_us - force.front().t_us);
  CHECK(rate == Approx(link ? 50 / (1 + 40e-6) : 62.5).epsilon(1e-4));
  CHECK(bench.state() == PATELLA_DEVICE_LIVE);
  CHECK(bench.violations() == std::vector<std::string>{});
}

TEST_CASE("half an hour on the load cell: every pull is there, at the rate of the cell's slow clock") {
  const LoadedDriver d = driver("linescale3");
  DirectBench bench(*d.table, std::make_unique<LineScale3Model>(LineScale3Model::Options{}), d.defaults);
  REQUIRE(bench.run_until([&] { return !bench.samples().empty(); }, 60 * kSecond));
  const int64_t start_us = bench.now_us();
  bench.run_for_us(long_run_us());
  const auto force = bench.samples_of("force");
  const double rate = static_cast<double>(force.size() - 1) * 1e6 / static_cast<double>(force.back().t_us - force.front().t_us);
  CHECK(rate == Approx(40 * 0.898).epsilon(0.005));
  const double minutes = static_cast<double>(bench.now_us() - start_us) / 60e6;
  CHECK(reps_over(force, 45, 12) == Approx(minutes * 60 / 6).epsilon(0.05));
  CHECK(bench.samples_of("battery").back().value == 100);
  CHECK(bench.state() == PATELLA_DEVICE_LIVE);
  CHECK(bench.violations() == std::vector<std::string>{});
}

TEST_CASE("half an hour on the load cell board: two readings a second by its own clock") {
  const LoadedDriver d = driver("openscale");
  OpenScaleModel::Options options{.automatic = false};
  options.first_stamp_ms = 0xFFFFFFFFu - 60'000u;
  DirectBench bench(*d.table, std::make_unique<OpenScaleModel>(options), d.defaults);
  REQUIRE(bench.run_until([&] { return !bench.samples().empty(); }, 60 * kSecond));
  const int64_t end_us = bench.now_us() + long_run_us();
  for (double load_n = 5; bench.now_us() < end_us; load_n = load_n < 180 ? load_n + 17.3 : 5) {
    bench.act({Gesture::load, load_n, 0, 0});
    bench.run_for_us(20 * kSecond);
    REQUIRE(mean(bench.samples_of("force"), bench.now_us() - 15 * kSecond) == Approx(load_n).margin(0.1));
  }
  const auto force = bench.samples_of("force");
  for (std::size_t i = 1; i < force.size(); ++i)
    REQUIRE(std::abs(static_cast<double>(force[i].t_us - force[i - 1].t_us) - 500'000) < 10'000);
  CHECK(bench.violations() == std::vector<std::string>{});
}

TEST_CASE("half an hour with a switch at the crank: cadence is the rider's, over the roll-over of the board's clock") {
  const LoadedDriver d = driver("cadence_board");
  CadenceBoardModel::Options options;
  options.first_stamp_us = 0xFFFFFFFFu - 300'000'000u;
  DirectBench bench(*d.table, std::make_unique<CadenceBoardModel>(options), d.defaults);
  bench.run_for_us(long_run_us());
  CHECK(mean(bench.samples_of("cadence"), 20 * kSecond) == Approx(80).margin(1));
  for (const BenchSample& sample : bench.samples_of("cadence"))
    if (sample.t_us > 20 * kSecond) REQUIRE(std::abs(sample.value - 80) < 8);
  CHECK(bench.state() == PATELLA_DEVICE_LIVE);
  CHECK(bench.violations() == std::vector<std::string>{});
}

TEST_CASE("half an hour on a Kettler bike: all that it shows is the rider's") {
  const LoadedDriver d = driver("kettler");
  DirectBench bench(*d.table, std::make_unique<KettlerModel>(KettlerModel::Options{}), d.defaults);
  bench.run_for_us(long_run_us());
  CHECK(mean(bench.samples_of("cadence"), 20 * kSecond) == Approx(80).margin(1));
  CHECK(mean(bench.samples_of("power"), 20 * kSecond) == Approx(109).margin(4));
  const auto& model = dynamic_cast<const KettlerModel&>(bench.model());
  CHECK(bench.samples_of("heart_rate").back().value == Approx(model.rider().heart_bpm()).margin(1));
  CHECK(bench.samples_of("distance").back().value == Approx(model.rider().distance_m()).margin(110));
  CHECK(static_cast<double>(bench.samples_of("cadence").size()) > static_cast<double>(bench.now_us()) * 1e-6 * 1.7);
  CHECK(bench.state() == PATELLA_DEVICE_LIVE);
  CHECK(bench.violations() == std::vector<std::string>{});
}

TEST_CASE("half an hour on a Tacx trainer: all that it shows is the rider's") {
  const LoadedDriver d = driver("tacx_1932");
  DirectBench bench(*d.table, std::make_unique<TacxModel>(TacxModel::Options{}), d.defaults);
  bench.run_for_us(long_run_us());
  CHECK(mean(bench.samples_of("cadence"), 20 * kSecond) == Approx(80).margin(1));
  CHECK(mean(bench.samples_of("power"), 20 * kSecond) == Approx(109).margin(4));
  for (const BenchSample& sample : bench.samples_of("cadence")) REQUIRE(sample.value < 100);
  CHECK(static_cast<double>(bench.samples_of("cadence").size()) > static_cast<double>(bench.now_us()) * 1e-6 * 3.5);
  CHECK(bench.state() == PATELLA_DEVICE_LIVE);
  CHECK(bench.violations() == std::vector<std::string>{});
}

TEST_CASE("whatever a device does, a driver keeps the contract and recovers") {
  const auto name =
      GENERATE(values<std::string>({"concept2_pm5", "ant_plus", "chronojump_force", "go_direct", "go_link", "hid_scale",
                                    "linescale3", "openscale", "cadence_board", "kettler", "phidget_bridge", "tacx_1932"}));
  const LoadedDriver d = driver(name);
  Result<Made> model = make_model(*parse_wish(name), 1);
  REQUIRE(model);
  const std::vector<patella_value> values = name == "ant_plus" ? ant_values(d) : d.defaults;
  const bool serial = model->serial != nullptr;
  const auto made = serial ? std::make_unique<DirectBench>(*d.table, std::move(model->serial), values)
                           : std::make_unique<DirectBench>(*d.table, std::move(model->usb), values);
  DirectBench& bench = *made;
  Random random(11);
  const auto each = [&](auto change) {
    if (serial) return change(bench.serial()->fault());
    for (const Endpoint& endpoint : bench.usb()->descriptors().endpoints)
      if (endpoint.address & 0x80) change(bench.usb()->fault(endpoint.address));
  };
  for (int round = 0; round < 60; ++round) {
    const uint64_t what = random.next() % 6;
    each([&](auto& fault) {
      if (what == 0) fault.silent = true;
      if (what == 1) fault.garbage = true;
      if (what == 2) fault.delay_us = 700'000;
      if (what == 3) fault.cut_to = 3;
      if (what == 4) fault.wrong_checksums = 20;
      if (what == 5) fault.burst = 15;
    });
    bench.run_for_us(static_cast<int64_t>(random.between(0.1, 8) * 1e6));
    each([](auto& fault) { fault = {}; });
    const std::size_t before = bench.samples().size();
    INFO(name << ", round " << round << ", fault " << what);
    REQUIRE(bench.is_connected());
    REQUIRE(bench.run_until([&] { return bench.samples().size() > before + 5; }, 60 * kSecond));
  }
  bench.unplug();
  CHECK(bench.violations() == std::vector<std::string>{});
}
