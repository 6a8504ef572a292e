#include "driver.hpp"

#include <patella/testing.hpp>

#include <algorithm>
#include <map>
#include <random>

#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::go_link;
using patella::testing::ScriptedDriverHost;

namespace {

constexpr int64_t kMs = 1000, kS = 1'000'000;

/// A Go!Link with a probe without memory, calibrated by the site, that answers 10 ms later.
struct Link {
  explicit Link(const std::map<std::string_view, double>& params = {{"force_per_volt_n", 100}, {"force_at_0_v_n", -50}})
      : rig(patella::sdk::DeviceGlue<Driver>::kTable, patella::testing::preset_values(Driver::kParams, params)) {}
  ScriptedDriverHost rig;
  std::size_t seen = 0;
  bool silent = false, strict = false, start_answer_lost = false;
  int busy_inits = 0;
  uint8_t probe = 12, refuse = 0, refuse_code = 0x36, counter = 0;
  int64_t period_us = 0, next_us = INT64_MAX;
  int raw = 0;
  Bytes asked;  ///< commands in order

  void send(Bytes packet) {
    packet.resize(8, 0);
    rig.receive(packet);
  }
  void answer(const ScriptedDriverHost::Control& control) {
    const uint8_t code = control.data.at(0);
    if (strict && control.value == 0x0100) return rig.end_control(control.tag, -32);
    rig.end_control(control.tag, 0);
    asked.push_back(code);
    if (silent) return;
    rig.run_for(10 * kMs);
    if (code == refuse) return send({0x7A, code, refuse_code});
    switch (code) {
      case 0x1A:
        next_us = INT64_MAX;
        if (busy_inits-- > 0) return send({0xBA, 0x1A, 0x40});
        return send({0x9A, 0x1A, 0});
      case 0x10:
        return send({0x5E, 0x10, 0, 0x61, 0x01, 0, 0});
      case 0x17:
        return send({0x7A, 0x17, 0x31});
      case 0x28:
        return send({0x5F, 0x28, probe, 0, 0, 0, 0, 0});
      case 0x27:
        return send({0x7A, 0x27, 0x31});
      case 0x1B:
        period_us = (control.data[1] | control.data[2] << 8) * kMs;
        return send({0x5A, 0x1B, 0});
      case 0x18:
        next_us = rig.now_us + period_us;
        if (start_answer_lost) return;
        return send({0x5A, 0x18, 0});
      default:
        return send({0x5A, code, 0});
    }
  }
  void serve() {
    while (seen < rig.controls.size()) answer(ScriptedDriverHost::Control(rig.controls[seen++]));
  }
  void run_to(int64_t end_us) {
    serve();
    while (rig.now_us < end_us) {
      rig.run_to(std::min({end_us, std::max(rig.now_us, next_us), rig.now_us + 50 * kMs}));
      if (rig.now_us >= next_us) {
        next_us += period_us;
        if (!silent) send({1, counter++, static_cast<uint8_t>(raw), static_cast<uint8_t>(raw >> 8)});
      }
      serve();
    }
  }
  void run_for(int64_t us) { run_to(rig.now_us + us); }
  void start() {
    rig.connect();
    run_for(2 * kS);
    REQUIRE(rig.state() == PATELLA_DEVICE_LIVE);
  }
};

}  // namespace

TEST_CASE("start-up: init, status, own memory, probe, input, period, start, all as SET_REPORT of eight bytes") {
  Link link;
  link.rig.connect();
  CHECK(link.rig.state() == PATELLA_DEVICE_STARTING);
  link.run_for(2 * kS);
  CHECK(link.asked == Bytes{0x1A, 0x10, 0x17, 0x28, 0x29, 0x1B, 0x18});
  for (const auto& control : link.rig.controls) {
    CHECK(control.type == 0x21);
    CHECK(control.request == 0x09);
    CHECK(control.value == 0x0100);
    CHECK(control.index == 0);
    CHECK(control.data.size() == 8);
  }
  CHECK(link.rig.controls[0].data == Bytes{0x1A, 1, 0, 0, 0, 0, 0, 0});
  CHECK(link.rig.controls[4].data == Bytes{0x29, 2, 0, 0, 0, 0, 0, 0});
  CHECK(link.rig.controls[5].data == Bytes{0x1B, 0x14, 0, 0, 0, 0, 0, 0});
  CHECK(link.rig.controls[6].data == Bytes{0x18, 0, 0, 0, 0, 0, 0, 0});
  CHECK(link.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(link.rig.last(Driver::kVoltage) == Approx(2.5));
  CHECK(link.rig.last(Driver::kForce) == Approx(200));
  CHECK(link.rig.violations.empty());
}

TEST_CASE("a device that refuses the report as input gets it as output, from then on") {
  Link link;
  link.strict = true;
  link.start();
  CHECK(link.rig.controls[0].value == 0x0100);
  for (std::size_t i = 1; i < link.rig.controls.size(); ++i) CHECK(link.rig.controls[i].value == 0x0200);
}

TEST_CASE("while it powers up it is asked every 400 ms; old packets are no samples") {
  Link link;
  link.busy_inits = 4;
  link.rig.connect();
  link.send({1, 9, 0x34, 0x12});
  link.send({3, 10, 0x34, 0x12, 0x34, 0x12, 0x34, 0x12});
  link.run_for(4 * kS);
  CHECK(link.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(std::count(link.asked.begin(), link.asked.end(), 0x1A) == 5);
  CHECK(link.rig.controls[1].t_us - link.rig.controls[0].t_us == 400 * kMs);
  for (const double voltage : link.rig.values(Driver::kVoltage)) CHECK(voltage == Approx(2.5));
}

TEST_CASE("no answer for 6 s is told; it goes on asking without haste and comes back") {
  Link link;
  link.silent = true;
  link.rig.connect();
  link.run_for(5'900 * kMs);
  CHECK(link.rig.state() == PATELLA_DEVICE_STARTING);
  link.run_for(500 * kMs);
  CHECK(link.rig.state() == PATELLA_DEVICE_SILENT);
  const std::size_t before = link.asked.size();
  link.run_for(20 * kS);
  CHECK(link.asked.size() - before <= 11);
  link.silent = false;
  link.run_for(5 * kS);
  CHECK(link.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("samples are a period apart; a jump of the counter leaves room for the lost ones") {
  Link link;
  link.start();
  link.run_for(2 * kS);
  link.rig.samples.clear();
  link.run_for(1 * kS);
  link.rig.run_for(3 * link.period_us);
  link.next_us += 3 * link.period_us;
  link.counter = static_cast<uint8_t>(link.counter + 3);
  link.run_for(1 * kS);
  std::vector<int64_t> times;
  for (const auto& sample : link.rig.samples)
    if (sample.channel == Driver::kForce) times.push_back(sample.t_us);
  REQUIRE(times.size() > 80);
  int gaps = 0;
  for (std::size_t i = 1; i < times.size(); ++i) {
    const double step = static_cast<double>(times[i] - times[i - 1]);
    if (step > 30e3) {
      ++gaps;
      CHECK(step == Approx(80e3).margin(1500));
    } else {
      CHECK(step == Approx(20e3).margin(1500));
    }
  }
  CHECK(gaps == 1);
}

TEST_CASE("without a calibration there are volts, no newtons, and a word to staff") {
  Link link(std::map<std::string_view, double>{});
  link.rig.connect();
  link.run_for(3 * kS);
  CHECK(link.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(link.rig.text().find("force_per_volt_n") != std::string::npos);
  CHECK(link.rig.values(Driver::kForce).empty());
  CHECK(link.rig.values(Driver::kVoltage).size() > 50);
  CHECK_FALSE(link.rig.command("tare"));
}

TEST_CASE("no probe: told, asked again every few seconds, read once it is there") {
  Link link(std::map<std::string_view, double>{});
  link.probe = 0;
  link.rig.connect();
  link.run_for(10 * kS);
  CHECK(link.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(link.rig.text() == "No probe is plugged into the Go!Link");
  CHECK(std::count(link.asked.begin(), link.asked.end(), 0x28) <= 6);
  Link calibrated;
  calibrated.probe = 0;
  calibrated.start();
  CHECK(calibrated.rig.last(Driver::kForce) == Approx(200));
}

TEST_CASE("the kind of probe set by the site decides the input") {
  Link link({{"force_per_volt_n", 100}, {"input", 2}});
  link.raw = 16384;
  link.start();
  CHECK(link.rig.controls[4].data[1] == 1);
  CHECK(link.rig.last(Driver::kVoltage) == Approx(5));
  CHECK(link.rig.last(Driver::kForce) == Approx(500));
}

TEST_CASE("a refused setting is told and tried again") {
  Link link;
  link.refuse = 0x1B;
  link.rig.connect();
  link.run_for(20 * kS);
  CHECK(link.rig.state() == PATELLA_DEVICE_SILENT);
  CHECK(link.rig.text().find("code {54}") != std::string::npos);
  CHECK(std::count(link.asked.begin(), link.asked.end(), 0x1B) < 12);
  link.refuse = 0;
  link.run_for(5 * kS);
  CHECK(link.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("the answer to START is lost: the samples say as well that it measures") {
  Link link;
  link.start_answer_lost = true;
  link.rig.connect();
  link.run_for(10 * kS);
  CHECK(link.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK_FALSE(link.rig.was(PATELLA_DEVICE_SILENT));
  CHECK(std::count(link.asked.begin(), link.asked.end(), 0x18) == 1);
  CHECK(link.rig.values(Driver::kForce).size() > 450);
  link.silent = true;
  link.run_for(4 * kS);
  CHECK(link.rig.state() == PATELLA_DEVICE_SILENT);
}

TEST_CASE("silence while measuring: told after 3 s, then all from the start") {
  Link link;
  link.start();
  link.silent = true;
  link.asked.clear();
  link.run_for(3'100 * kMs);
  CHECK(link.rig.state() == PATELLA_DEVICE_SILENT);
  CHECK(link.asked[0] == 0x1A);
  link.silent = false;
  link.run_for(3 * kS);
  CHECK(link.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("the end of the converter is told while it lasts, and makes no sample: a loose plug is no 858 N") {
  Link link;
  link.start();
  link.rig.samples.clear();
  link.raw = GENERATE(32767, -32768, 32751);
  link.run_for(500 * kMs);
  CHECK(link.rig.state() == PATELLA_DEVICE_NOTICE);
  for (const double force_n : link.rig.values(Driver::kForce)) CHECK(force_n == Approx(200));
  CHECK(link.rig.values(Driver::kForce).size() <= 1);
  CHECK(link.rig.values(Driver::kVoltage).size() <= 1);
  link.raw = 0;
  link.run_for(2 * kS);
  CHECK(link.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(link.rig.values(Driver::kForce).size() > 90);
}

TEST_CASE("tare, at rest and unloaded only") {
  Link link({{"force_per_volt_n", 100}, {"force_at_0_v_n", -240}});
  link.start();
  CHECK(link.rig.command("tare"));
  REQUIRE(link.rig.done.size() == 1);
  CHECK(link.rig.done[0].ok);
  link.run_for(100 * kMs);
  CHECK(link.rig.last(Driver::kForce) == Approx(0).margin(1e-6));
  link.raw = 8'000;
  link.run_for(2 * kS);
  const double held_n = link.rig.last(Driver::kForce);
  CHECK(held_n == Approx(61).margin(1));
  CHECK(link.rig.command("tare"));
  CHECK_FALSE(link.rig.done.back().ok);
  link.run_for(100 * kMs);
  CHECK(link.rig.last(Driver::kForce) == Approx(held_n));
}

TEST_CASE("closed in good order it is stopped; nothing to one that is gone or was never started") {
  for (const uint32_t reason : {PATELLA_DISCONNECT_CLOSED, PATELLA_DISCONNECT_UNPLUGGED}) {
    Link link;
    link.start();
    const auto before = link.rig.controls.size();
    link.rig.disconnect(reason);
    CHECK(link.rig.violations.empty());
    if (reason == PATELLA_DISCONNECT_UNPLUGGED) {
      CHECK(link.rig.controls.size() == before);
      continue;
    }
    REQUIRE(link.rig.controls.size() == before + 1);
    CHECK(link.rig.controls.back().data == Bytes{0x19, 0, 0, 0, 0, 0, 0, 0});
  }
  Link early;
  early.rig.connect();
  const auto before = early.rig.controls.size();
  early.rig.disconnect(PATELLA_DISCONNECT_CLOSED);
  CHECK(early.rig.controls.size() == before);
}

TEST_CASE("a full queue is no end") {
  Link link;
  link.rig.refuse_writes = true;
  link.rig.connect();
  link.run_for(3 * kS);
  link.rig.refuse_writes = false;
  link.run_for(5 * kS);
  CHECK(link.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("any packets at any time are survived, and the rules of the host are kept") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Link link;
  link.start();
  int accepted = link.rig.command("tare");
  for (int round = 0; round < patella::test::fuzz_rounds(); ++round) {
    Bytes packet = {static_cast<uint8_t>(1 + random() % 3), static_cast<uint8_t>(round)};
    while (packet.size() < 8) packet.push_back(static_cast<uint8_t>(random()));
    if (random() % 6 == 0) packet[0] = static_cast<uint8_t>(random());
    if (random() % 8 == 0) packet.resize(1 + random() % 8);
    link.rig.receive(packet);
    if (random() % 50 == 0) accepted += link.rig.command("tare");
    if (random() % 50 == 0) link.rig.end_control(static_cast<uint32_t>(random() % 100), random() % 2 ? 0 : -32);
    link.rig.run_for(random() % (random() % 20 == 0 ? 4000 * kMs : 30 * kMs));
    if (!link.rig.violations.empty()) FAIL(link.rig.violations.front());
    if (random() % 30 == 0) link.serve();
    link.rig.samples.clear();
    link.rig.states.clear();
  }
  link.rig.disconnect(PATELLA_DISCONNECT_UNPLUGGED);
  CHECK(accepted > 0);
  CHECK(static_cast<int>(link.rig.done.size()) == accepted);
}
