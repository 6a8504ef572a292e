// The driver against the device model, in virtual time.
#include <patella/testing.hpp>

#include <cmath>
#include <cstdlib>
#include <map>

#include "driver.hpp"
#include "emulator/direct_bench.hpp"
#include "emulator/phidget_bridge_model.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::emulator;

namespace {

constexpr int64_t kMs = 1000, kS = 1'000'000;
using Params = std::map<std::string_view, double>;
const Params kCell = {{"force_per_mv_v_n_0", 490.3325}, {"zero_mv_v_0", 0.05}};

struct Bridge {
  explicit Bridge(const PhidgetBridgeModel::Options& options, const Params& params = kCell)
      : bench(sdk::DeviceGlue<phidget_bridge::Driver>::kTable, std::make_unique<PhidgetBridgeModel>(options),
              testing::preset_values(phidget_bridge::Driver::kParams, params)) {}
  PhidgetBridgeModel& model() { return dynamic_cast<PhidgetBridgeModel&>(bench.model()); }
  void start() {
    REQUIRE(bench.run_until([&] { return bench.state() == PATELLA_DEVICE_LIVE; }, 10 * kS));
  }
  double last(const char* channel) {
    const auto samples = bench.samples_of(channel);
    return samples.empty() ? std::nan("") : samples.back().value;
  }
  DirectBench bench;
};

PhidgetBridgeModel::Options still() {
  PhidgetBridgeModel::Options options;
  options.automatic = false;
  return options;
}

}  // namespace

TEST_CASE("the load on a 100 kg cell of 2 mV/V, at 62.5 and at 125 samples a second") {
  for (const double interval_ms : {16.0, 8.0}) {
    Params params = kCell;
    params["interval_ms"] = interval_ms;
    Bridge bridge(still(), params);
    bridge.start();
    bridge.bench.act({Gesture::load, 300, 0, 0});
    bridge.bench.run_for_us(20 * kS);
    CHECK(bridge.last("force") == Approx(300).margin(0.5));
    CHECK(bridge.last("ratio") == Approx(0.05 + 300 / 490.3325).margin(0.002));
    CHECK(static_cast<double>(bridge.bench.samples_of("force").size()) == Approx(20e3 / interval_ms).epsilon(0.05));
    const auto force = bridge.bench.samples_of("force");
    for (std::size_t i = 60; i < force.size(); ++i)
      REQUIRE(force[i].t_us - force[i - 1].t_us == Approx(interval_ms * 1000).margin(500));
    CHECK(bridge.model().settings_length() == PhidgetBridgeModel::kOutBytes);
    CHECK(bridge.bench.violations() == std::vector<std::string>{});
  }
}

TEST_CASE("no OUT endpoint; the gain fault of old firmware; two cells, none on input 0") {
  PhidgetBridgeModel::Options options = still();
  options.has_out = false;
  options.gain_bug = true;
  Bridge bridge(options, {{"input_0", 0},
                          {"input_1", 1},
                          {"input_3", 1},
                          {"force_per_mv_v_n_1", 490.3325},
                          {"force_per_mv_v_n_3", 490.3325},
                          {"zero_mv_v_1", 0.05},
                          {"zero_mv_v_3", 0.05}});
  bridge.start();
  CHECK(bridge.model().enabled() == 0b1010);
  bridge.bench.act({Gesture::load, 200, 0, 0});
  bridge.bench.run_for_us(5 * kS);
  CHECK(bridge.last("force_1") == Approx(100).margin(0.5));
  CHECK(bridge.last("force_3") == Approx(100).margin(0.5));
  CHECK(bridge.bench.samples_of("force").empty());
  CHECK(bridge.bench.violations() == std::vector<std::string>{});
}

TEST_CASE("the value from before an input was switched on is no sample") {
  for (const int factor : {1, 5}) {  // the slow board's first interval is not over before it has settled
    Params params = kCell;
    params["interval_ms"] = factor == 1 ? 16 : 160;
    PhidgetBridgeModel::Options options = still();
    options.interval_factor = factor;
    Bridge bridge(options, params);
    bridge.start();
    bridge.bench.run_for_us(5 * kS);
    CHECK(bridge.bench.samples_of("force").size() >= 4);
    for (const BenchSample& sample : bridge.bench.samples_of("force")) CHECK(std::abs(sample.value) < 2);
  }
}

TEST_CASE("a board that measures half as often as it was told: its own pace is found out") {
  PhidgetBridgeModel::Options options = still();
  options.interval_factor = 2;
  Bridge bridge(options);
  bridge.start();
  bridge.bench.run_for_us(30 * kS);
  const auto force = bridge.bench.samples_of("force");
  for (std::size_t i = force.size() - 200; i < force.size(); ++i)
    REQUIRE(force[i].t_us - force[i - 1].t_us == Approx(32 * kMs).margin(kMs));
  CHECK(bridge.bench.now_us() - force.back().t_us < 50 * kMs);
}

TEST_CASE("overload and spike") {
  Bridge bridge(still());
  bridge.start();
  bridge.bench.act({Gesture::spike, 0, 0, 0});
  bridge.bench.run_for_us(200 * kMs);
  CHECK(bridge.bench.state() == PATELLA_DEVICE_NOTICE);
  bridge.bench.run_for_us(3 * kS);
  CHECK(bridge.bench.state() == PATELLA_DEVICE_LIVE);
  for (const BenchSample& sample : bridge.bench.samples_of("force")) CHECK(std::abs(sample.value) < 5);
}

TEST_CASE("lost settings, noise, cuts, silence, bursts: it measures again and keeps the contract") {
  Bridge bridge(still());
  bridge.start();
  auto& fault = bridge.bench.usb()->fault(PhidgetBridgeModel::kIn);
  for (int round = 0; round < 7; ++round) {
    if (round == 0) fault.wrong_checksums = 20;
    if (round == 1) fault.cut_to = 9;
    if (round == 2) fault.garbage = true;
    if (round == 3) fault.silent = true;
    if (round == 4) fault.burst = 12;
    if (round == 5) fault.delay_us = 700'000;
    if (round == 6) bridge.model().forget();
    bridge.bench.run_for_us(round == 3 ? 30 * kS : 5 * kS);
    fault = {};
    INFO("round " << round);
    const std::size_t before = bridge.bench.samples_of("force").size();
    REQUIRE(bridge.bench.run_until([&] { return bridge.bench.samples_of("force").size() > before + 50; }, 30 * kS));
    bridge.bench.run_for_us(6 * kS);
    CHECK(bridge.bench.now_us() - bridge.bench.samples_of("force").back().t_us < 60 * kMs);
  }
  CHECK(bridge.last("force") == Approx(0).margin(1));
  CHECK(bridge.bench.state() == PATELLA_DEVICE_LIVE);
  CHECK(bridge.bench.violations() == std::vector<std::string>{});
}
