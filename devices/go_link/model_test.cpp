// The driver against the device model, in virtual time.
#include <patella/testing.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "driver.hpp"
#include "emulator/direct_bench.hpp"
#include "emulator/go_link_model.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::emulator;

namespace {

constexpr int64_t kMs = 1000, kS = 1'000'000;

struct Probe {
  explicit Probe(const GoLinkModel::Options& options = {}, const std::map<std::string_view, double>& params = {})
      : bench(sdk::DeviceGlue<go_link::Driver>::kTable, std::make_unique<GoLinkModel>(options),
              testing::preset_values(go_link::Driver::kParams, params)) {}
  GoLinkModel& model() { return dynamic_cast<GoLinkModel&>(bench.model()); }
  void start() {
    REQUIRE(bench.run_until([&] { return bench.state() == PATELLA_DEVICE_LIVE; }, 10 * kS));
  }
  double last(const char* channel) {
    const auto samples = bench.samples_of(channel);
    return samples.empty() ? std::nan("") : samples.back().value;
  }
  /// How far a sample's time lies from the nearest moment at which the model took one, at most.
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

GoLinkModel::Options still() {
  GoLinkModel::Options options;
  options.automatic = false;
  return options;
}

}  // namespace

TEST_CASE("a probe with a memory needs no setting: its newtons come through, at 50 Hz, on its own clock") {
  Probe probe(still());
  probe.start();
  probe.bench.act({Gesture::load, 250, 0, 0});
  probe.bench.run_for_us(60 * kS);
  CHECK(probe.last("force") == Approx(250).margin(0.5));
  CHECK(probe.last("voltage") == Approx((250 + 19.3) / 175.4).margin(0.005));
  CHECK(static_cast<double>(probe.bench.samples_of("force").size()) == Approx(60 * 50 + 15).margin(10));
  CHECK(probe.worst_us() < 3 * kMs);
  const auto tells_probe = [](const std::string& line) { return line.find(", number 26, 0 to 600 N") != std::string::npos; };
  CHECK(std::any_of(probe.bench.log().begin(), probe.bench.log().end(), tells_probe));
  CHECK(probe.bench.violations() == std::vector<std::string>{});
}

TEST_CASE("three samples a packet, output reports, no time to power up, a slow clock") {
  GoLinkModel::Options options = still();
  options.per_packet = 3;
  options.as_output = true;
  options.power_up_us = 0;
  options.clock_ppm = 200;
  Probe probe(options, {{"period_ms", 10}});
  probe.start();
  probe.bench.act({Gesture::load, 100, 0, 0});
  probe.bench.run_for_us(300 * kS);
  CHECK(probe.last("force") == Approx(100).margin(0.5));
  CHECK(probe.worst_us() < 4 * kMs);
}

TEST_CASE("lost packets are gaps of the right length") {
  Probe probe(still());
  probe.start();
  probe.bench.run_for_us(2 * kS);
  for (int i = 0; i < 20; ++i) {
    probe.bench.act({Gesture::miss, 0, 0, 0});
    probe.bench.run_for_us(500 * kMs);
  }
  CHECK(probe.model().dropped() == 20);
  CHECK(probe.worst_us() < 3 * kMs);
  const auto force = probe.bench.samples_of("force");
  int gaps = 0;
  for (std::size_t i = 1; i < force.size(); ++i) gaps += force[i].t_us - force[i - 1].t_us > 30 * kMs;
  CHECK(gaps == 20);
}

TEST_CASE("a probe without memory is calibrated by the site, with two points") {
  GoLinkModel::Options options = still();
  options.probe = GoLinkModel::ProbeKind::plain;
  Probe unknown(options);
  unknown.bench.run_for_us(10 * kS);
  CHECK(unknown.bench.state() == PATELLA_DEVICE_NOTICE);
  CHECK(unknown.bench.samples_of("force").empty());
  Probe known(options, {{"force_per_volt_n", options.b_n_per_v}, {"force_at_0_v_n", options.a_n}});
  known.start();
  known.bench.act({Gesture::load, 80, 0, 0});
  known.bench.run_for_us(5 * kS);
  CHECK(known.last("force") == Approx(80).margin(0.5));
}

TEST_CASE("no probe, another probe, then the right one") {
  GoLinkModel::Options options = still();
  options.probe = GoLinkModel::ProbeKind::none;
  Probe probe(options);
  probe.bench.run_for_us(10 * kS);
  CHECK(probe.bench.state() == PATELLA_DEVICE_NOTICE);
  probe.model().plug_probe(GoLinkModel::ProbeKind::thermometer);
  probe.bench.run_for_us(5 * kS);
  CHECK(probe.bench.statuses().back().text.find("measures no force") != std::string::npos);
  probe.model().plug_probe(GoLinkModel::ProbeKind::dynamometer);
  probe.start();
  CHECK(probe.bench.violations() == std::vector<std::string>{});
}

TEST_CASE("tare, stalls, noise, silence, a device that forgets: it measures again and keeps the contract") {
  Probe probe(still());
  probe.start();
  probe.bench.act({Gesture::drift, 12, 0, 0});
  probe.bench.run_for_us(1 * kS);
  REQUIRE(probe.bench.command("tare"));
  REQUIRE(probe.bench.run_until([&] { return !probe.bench.commands_done().empty(); }, 4 * kS));
  CHECK(probe.bench.commands_done()[0].ok);
  auto& fault = probe.bench.usb()->fault(GoLinkModel::kIn);
  for (int round = 0; round < 7; ++round) {
    if (round == 0) fault.wrong_checksums = 20;
    if (round == 1) fault.cut_to = 3;
    if (round == 2) fault.garbage = true;
    if (round == 3) fault.silent = true;
    if (round == 4) fault.burst = 12;
    if (round == 5) fault.delay_us = 700'000;
    if (round == 6) probe.model().forget();
    probe.bench.run_for_us(round == 3 ? 30 * kS : 5 * kS);
    fault = {};
    INFO("round " << round);
    const std::size_t before = probe.bench.samples_of("force").size();
    REQUIRE(probe.bench.run_until([&] { return probe.bench.samples_of("force").size() > before + 50; }, 30 * kS));
    probe.bench.run_for_us(6 * kS);
    CHECK(probe.bench.now_us() - probe.bench.samples_of("force").back().t_us < 80 * kMs);
  }
  CHECK(probe.last("force") == Approx(0).margin(0.5));
  CHECK(probe.bench.state() == PATELLA_DEVICE_LIVE);
  CHECK(probe.bench.violations() == std::vector<std::string>{});
}
