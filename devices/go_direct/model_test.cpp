// The driver against the device model, in virtual time: what a real one did in recordings, and worse.
#include <patella/testing.hpp>

#include <cmath>
#include <cstdlib>

#include "driver.hpp"
#include "emulator/direct_bench.hpp"
#include "emulator/go_direct_model.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::emulator;

namespace {

constexpr int64_t kMs = 1000, kS = 1'000'000;

struct Grip {
  explicit Grip(const GoDirectModel::Options& options = {}, double period_ms = 10, bool acceleration = false)
      : bench(sdk::DeviceGlue<go_direct::Driver>::kTable, std::make_unique<GoDirectModel>(options),
              testing::preset_values(go_direct::Driver::kParams,
                                     {{"period_ms", period_ms}, {"acceleration", acceleration ? 1.0 : 0.0}})) {}
  GoDirectModel& model() { return dynamic_cast<GoDirectModel&>(bench.model()); }
  void start() {
    REQUIRE(bench.run_until([&] { return bench.state() == PATELLA_DEVICE_LIVE; }, 10 * kS));
  }
  /// How far the times of the samples lie from when the model took them, at most. Each sample is matched with
  /// the nearest moment of the model's grid: what matters is that no time is between two.
  int64_t worst_us() {
    const double period_us = static_cast<double>(model().taken_us(1'000'000) - model().taken_us(0)) * 1e-6;
    int64_t worst = 0;
    for (const BenchSample& sample : bench.samples_of("force")) {
      const auto n = static_cast<int64_t>(std::llround(static_cast<double>(sample.t_us - model().taken_us(0)) / period_us));
      worst = std::max(worst, std::abs(sample.t_us - model().taken_us(n)));
    }
    return worst;
  }
  DirectBench bench;
};

}  // namespace

TEST_CASE("the queued first samples get the times at which they were taken") {
  for (const double period_ms : {100.0, 20.0, 10.0}) {
    Grip grip({}, period_ms);
    grip.start();
    grip.bench.run_for_us(20 * kS);
    const auto force = grip.bench.samples_of("force");
    INFO(period_ms << " ms");
    CHECK(std::abs(force[0].t_us - grip.model().taken_us(0)) < 3 * kMs);
    CHECK(force[0].at_us - force[0].t_us > 100 * kMs);
    CHECK(static_cast<double>(force.size()) == Approx((20e6 + 3e5) / (period_ms * 1000)).epsilon(0.03));
    CHECK(grip.worst_us() < 3 * kMs);
    CHECK(grip.bench.violations() == std::vector<std::string>{});
  }
}

TEST_CASE("stalls of 1.18 s with five samples kept: the gap is in the times, told by the device or not") {
  for (const bool tells : {true, false}) {
    for (const double period_ms : {100.0, 10.0}) {
      GoDirectModel::Options options;
      options.automatic = false;
      options.stall_every_s = 10;
      options.tells_drops = tells;
      Grip grip(options, period_ms);
      grip.start();
      grip.bench.run_for_us(65 * kS);
      INFO((tells ? "told, " : "not told, ") << period_ms << " ms");
      const auto force = grip.bench.samples_of("force");
      CHECK(grip.model().dropped() > 30);
      CHECK(grip.worst_us() <= 4 * kMs);
      CHECK(static_cast<double>(force.size() + grip.model().dropped()) ==
            Approx(static_cast<double>(force.back().t_us - force.front().t_us) / (period_ms * 1000) + 1).margin(7));
      CHECK(grip.bench.now_us() - force.back().t_us < 1300 * kMs);
      CHECK(grip.bench.state() == PATELLA_DEVICE_LIVE);
      CHECK(grip.bench.violations() == std::vector<std::string>{});
    }
  }
}

TEST_CASE("a clock 200 ppm off, several samples a frame, no counter, no checksums: the load is read as it is") {
  GoDirectModel::Options options;
  options.automatic = false;
  options.clock_ppm = 200;
  options.rows = 3;
  options.counts_frames = false;
  options.fills_checksums = false;
  Grip grip(options);
  grip.start();
  grip.bench.act({Gesture::load, 120, 0, 0});
  grip.bench.run_for_us(600 * kS);
  CHECK(grip.worst_us() < 4 * kMs);
  CHECK(grip.bench.samples_of("force").back().value == Approx(120).margin(0.5));
  CHECK(grip.bench.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("acceleration comes with the force when it is wanted") {
  Grip grip({}, 20, true);
  grip.start();
  grip.bench.run_for_us(2 * kS);
  CHECK(grip.bench.samples_of("acceleration_z").back().value == Approx(9.81).margin(0.2));
  CHECK(grip.bench.samples_of("acceleration_x").size() == grip.bench.samples_of("force").size());
  CHECK(grip.bench.samples_of("battery").size() == 1);
}

TEST_CASE("single drops, told by the device, are gaps of one sample") {
  GoDirectModel::Options options;
  options.automatic = false;
  Grip grip(options);
  grip.start();
  grip.bench.run_for_us(2 * kS);
  for (int i = 0; i < 10; ++i) {
    grip.bench.act({Gesture::miss, 0, 0, 0});
    grip.bench.run_for_us(1 * kS);
  }
  CHECK(grip.model().dropped() == 10);
  CHECK(grip.worst_us() <= 3 * kMs);
  const auto force = grip.bench.samples_of("force");
  int gaps = 0;
  for (std::size_t i = 1; i < force.size(); ++i) gaps += force[i].t_us - force[i - 1].t_us > 15 * kMs;
  CHECK(gaps == 10);
}

TEST_CASE("a device that forgets to measure is set up again; one without force is given back") {
  Grip grip;
  grip.start();
  grip.model().forget();
  grip.bench.run_for_us(4 * kS);
  CHECK(grip.bench.state() == PATELLA_DEVICE_LIVE);
  CHECK(grip.model().is_measuring());
  bool told = false;
  for (const BenchStatus& status : grip.bench.statuses()) told = told || status.state == PATELLA_DEVICE_SILENT;
  CHECK(told);
  CHECK(grip.bench.violations() == std::vector<std::string>{});
  GoDirectModel::Options thermometer;
  thermometer.product = GoDirectModel::Product::temperature;
  Grip other(thermometer);
  other.bench.run_for_us(5 * kS);
  CHECK(other.bench.state() == PATELLA_DEVICE_NOT_MINE);
}

TEST_CASE("a value that cannot be true is left out; the force sensor's own range is told") {
  GoDirectModel::Options options;
  options.product = GoDirectModel::Product::force;
  options.automatic = false;
  Grip grip(options);
  grip.start();
  grip.bench.act({Gesture::spike, 0, 0, 0});
  grip.bench.run_for_us(1 * kS);
  for (const BenchSample& sample : grip.bench.samples_of("force")) CHECK(std::abs(sample.value) < 5);
  grip.bench.act({Gesture::load, 60, 0, 0});
  grip.bench.run_for_us(2 * kS);
  CHECK(grip.bench.state() == PATELLA_DEVICE_NOTICE);
}

TEST_CASE("spoilt checksums, cut reports, noise, a silent minute: it measures again and keeps the contract") {
  Grip grip;
  grip.start();
  auto& fault = grip.bench.usb()->fault(GoDirectModel::kIn);
  for (int round = 0; round < 6; ++round) {
    if (round == 0) fault.wrong_checksums = 30;
    if (round == 1) fault.cut_to = 7;
    if (round == 2) fault.garbage = true;
    if (round == 3) fault.silent = true;
    if (round == 4) fault.burst = 40;
    if (round == 5) fault.delay_us = 900'000;
    grip.bench.run_for_us(round == 3 ? 60 * kS : 5 * kS);
    fault = {};
    INFO("round " << round);
    const std::size_t before = grip.bench.samples_of("force").size();
    REQUIRE(grip.bench.run_until([&] { return grip.bench.samples_of("force").size() > before + 50; }, 20 * kS));
    grip.bench.run_for_us(6 * kS);
    CHECK(grip.bench.now_us() - grip.bench.samples_of("force").back().t_us < 50 * kMs);
  }
  CHECK(grip.bench.state() == PATELLA_DEVICE_LIVE);
  CHECK(grip.bench.violations() == std::vector<std::string>{});
}
