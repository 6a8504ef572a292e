#include "driver.hpp"

#include <patella/testing.hpp>

#include <algorithm>
#include <map>
#include <random>

#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::phidget_bridge;
using patella::testing::ScriptedDriverHost;
using Params = std::map<std::string_view, double>;

namespace {

constexpr int64_t kMs = 1000, kS = 1'000'000;
const Params kCell = {{"force_per_mv_v_n_0", 490.3325}};

/// A board that sends a report each 8 ms, as real ones do, and follows its settings.
struct Board {
  explicit Board(const Params& params = kCell)
      : rig(patella::sdk::DeviceGlue<Driver>::kTable, patella::testing::preset_values(Driver::kParams, params)) {}
  ScriptedDriverHost rig;
  std::size_t seen = 0, seen_controls = 0;
  bool silent = false, deaf = false, has_descriptor = true;
  uint8_t enabled = 0, faulty = 0, g01 = 0, g23 = 0;
  int steps = 1, ticks = 0;
  uint32_t raw = 0x8A3D71;
  int64_t next_us = 0;
  std::vector<Bytes> settings;

  void take(const Bytes& bytes) {
    settings.push_back(bytes);
    if (deaf) return;
    enabled = bytes[0];
    g01 = bytes[1];
    g23 = bytes[2];
    steps = bytes[3] | bytes[4] << 8;
    ticks = 0;
  }
  void serve() {
    for (; seen < rig.writes.size(); ++seen) take(rig.writes[seen].bytes);
    for (; seen_controls < rig.controls.size(); ++seen_controls) {
      const auto control = rig.controls[seen_controls];
      if (control.type != 0x81) {
        rig.end_control(control.tag, 0);
        take(control.data);
        continue;
      }
      const Bytes descriptor = {0x75, 0x08, 0x95, 0x40, 0x81, 0x02, 0x95, 0x08, 0x91, 0x02};
      rig.end_control(control.tag, has_descriptor ? 0 : -32, has_descriptor ? descriptor : Bytes());
    }
  }
  void report() {
    const bool fresh = enabled != 0 && ++ticks % steps == 0;
    Bytes bytes = {static_cast<uint8_t>(enabled | (fresh ? enabled << 4 : 0)), faulty, g01, g23, 0, 0};
    for (int i = 0; i < 4; ++i)
      for (const int shift : {16, 8, 0}) bytes.push_back(static_cast<uint8_t>(raw >> shift));
    rig.receive(bytes);
  }
  void run_to(int64_t end_us) {
    if (next_us == 0) next_us = rig.now_us;
    serve();
    while (rig.now_us < end_us) {
      rig.run_to(std::min(end_us, std::max(rig.now_us, next_us)));
      if (rig.now_us >= next_us) {
        next_us += 8 * kMs;
        if (!silent) report();
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

TEST_CASE("start-up: the descriptor's length, one report, the settings, their echo, then 62.5 samples a second") {
  Board board;
  board.start();
  REQUIRE(board.settings.size() == 1);
  CHECK(board.settings[0] == Bytes{0x01, 0x77, 0x77, 0x02, 0x00, 0, 0, 0});
  CHECK(board.rig.last(Driver::kRatio) == Approx(0.625).epsilon(1e-4));
  CHECK(board.rig.last(Driver::kForce) == Approx(306.46).epsilon(1e-4));
  board.rig.samples.clear();
  board.run_for(8 * kS);
  CHECK(board.rig.values(Driver::kForce).size() == 500);
  CHECK(board.rig.violations.empty());
}

TEST_CASE("times are a whole interval apart though reports come late now and then") {
  Board board;
  board.start();
  board.rig.samples.clear();
  std::mt19937 random(5);
  for (int i = 0; i < 400; ++i) {
    board.run_for(static_cast<int64_t>(random() % 30) * kMs);
    if (random() % 4 == 0) {  // the host is late: two reports at once
      board.rig.run_for(16 * kMs);
    }
  }
  std::vector<int64_t> times;
  for (const auto& sample : board.rig.samples)
    if (sample.channel == Driver::kForce) times.push_back(sample.t_us);
  REQUIRE(times.size() > 300);
  for (std::size_t i = 20; i < times.size(); ++i) {
    REQUIRE(times[i] - times[i - 1] >= 14 * kMs);
    REQUIRE(times[i] - times[i - 1] <= 18 * kMs);
  }
}

TEST_CASE("a board without an OUT endpoint gets its settings as SET_REPORT, one without a descriptor eight bytes") {
  Board board;
  board.has_descriptor = false;
  const patella_device_identity identity{sizeof identity, 0x06c2, 0x003b, "", "", "", "usb:1-1", 64, 0};
  board.rig.connect(identity);
  board.run_for(2 * kS);
  CHECK(board.rig.writes.empty());
  REQUIRE(board.rig.controls.size() == 2);
  const auto& set = board.rig.controls[1];
  CHECK(set.type == 0x21);
  CHECK(set.request == 0x09);
  CHECK(set.value == 0x0200);
  CHECK(set.index == 0);
  CHECK(set.data == Bytes{0x01, 0x77, 0x77, 0x02, 0x00, 0, 0, 0});
  CHECK(board.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("input 0 stays on for 300 ms after a change of gain, also when it is not in use") {
  Board board({{"input_0", 0}, {"input_2", 1}, {"force_per_mv_v_n_2", 100}, {"zero_mv_v_2", 0.125}});
  board.start();
  REQUIRE(board.settings.size() == 2);
  CHECK(board.settings[0][0] == 0x05);
  CHECK(board.settings[1][0] == 0x04);
  CHECK(board.rig.writes[1].t_us - board.rig.writes[0].t_us >= 300 * kMs);
  CHECK(board.rig.values(Driver::kForce).empty());
  CHECK(board.rig.last(Driver::kForce + 2) == Approx(50).epsilon(1e-4));
}

TEST_CASE(
    "without newtons per mV/V there are ratios, no force, and a word to staff; without inputs it cannot "
    "work") {
  Board board(Params{});
  board.rig.connect();
  board.run_for(2 * kS);
  CHECK(board.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(board.rig.text().find("force_per_mv_v_n") != std::string::npos);
  CHECK(board.rig.values(Driver::kForce).empty());
  CHECK(board.rig.values(Driver::kRatio).size() > 50);
  CHECK_FALSE(board.rig.command("tare"));
  Board none({{"input_0", 0}});
  none.rig.connect();
  none.run_for(5 * kS);
  CHECK(none.rig.state() == PATELLA_DEVICE_FAILED);
  CHECK(none.settings.empty());
}

TEST_CASE("overload makes no sample and is told while it lasts") {
  Board board;
  board.start();
  const auto before = board.rig.samples.size();
  board.faulty = 1;
  board.run_for(1 * kS);
  CHECK(board.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(board.rig.text().find("Overload") != std::string::npos);
  CHECK(board.rig.samples.size() <= before);
  board.faulty = 0;
  board.run_for(2 * kS);
  CHECK(board.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("no echo: told after three tries; silence: told after 2 s; both come back") {
  Board board;
  board.deaf = true;
  board.rig.connect();
  board.run_for(4 * kS);
  CHECK(board.rig.state() == PATELLA_DEVICE_SILENT);
  CHECK(board.settings.size() <= 5);
  board.deaf = false;
  board.run_for(3 * kS);
  CHECK(board.rig.state() == PATELLA_DEVICE_LIVE);
  board.silent = true;
  board.run_for(3'200 * kMs);
  CHECK(board.rig.state() == PATELLA_DEVICE_SILENT);
  board.silent = false;
  board.run_for(3 * kS);
  CHECK(board.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("a board that lost its settings gets them again") {
  Board board;
  board.start();
  board.enabled = 0;
  board.g01 = 0;
  const auto before = board.settings.size();
  board.run_for(3 * kS);
  CHECK(board.settings.size() > before);
  CHECK(board.rig.state() == PATELLA_DEVICE_LIVE);
  const auto samples = board.rig.samples.size();
  board.run_for(1 * kS);
  CHECK(board.rig.samples.size() > samples + 100);
}

TEST_CASE("whatever interval is asked for, a value does not go stale between two samples") {
  Board board({{"force_per_mv_v_n_0", 100}, {"interval_ms", 1000}});
  board.start();
  board.run_for(10 * kS);
  CHECK((board.settings.back()[3] | board.settings.back()[4] << 8) == 20);
  const auto force = board.rig.values(Driver::kForce);
  CHECK(force.size() > 50);
  const double stale_us = Driver::kChannels[Driver::kForce].stale_after_s * 1e6;
  int64_t last_us = -1;
  for (const auto& sample : board.rig.samples) {
    if (sample.channel != Driver::kForce) continue;
    if (last_us >= 0) CHECK(static_cast<double>(sample.t_us - last_us) * 3 <= stale_us);
    last_us = sample.t_us;
  }
}

TEST_CASE("tare of all forces at once") {
  Board board(
      {{"input_1", 1}, {"force_per_mv_v_n_0", 100}, {"force_per_mv_v_n_1", 50}, {"zero_mv_v_0", 0.5}, {"zero_mv_v_1", 0.5}});
  board.start();
  board.run_for(1 * kS);
  CHECK(board.rig.last(Driver::kForce) == Approx(12.5).margin(0.1));
  CHECK(board.rig.command("tare"));
  REQUIRE(board.rig.done.size() == 1);
  CHECK(board.rig.done[0].ok);
  board.run_for(1 * kS);
  CHECK(board.rig.last(Driver::kForce) == Approx(0).margin(1e-6));
  CHECK(board.rig.last(Driver::kForce + 1) == Approx(0).margin(1e-6));
  board.raw = 0xC00000;
  board.run_for(1 * kS);
  CHECK(board.rig.last(Driver::kForce) > 300);
  CHECK(board.rig.command("tare"));
  board.run_for(1 * kS);
  CHECK_FALSE(board.rig.done.back().ok);
}

TEST_CASE("the offset of a cell whose zero was never set is not tared away; the log says what to set") {
  Board board({{"force_per_mv_v_n_0", 100}});
  board.start();
  board.run_for(1 * kS);
  CHECK(board.rig.last(Driver::kForce) == Approx(62.5).margin(0.1));
  CHECK(board.rig.command("tare"));
  REQUIRE(board.rig.done.size() == 1);
  CHECK_FALSE(board.rig.done[0].ok);
  const auto names_it = [](const std::string& line) { return line.find("set zero_mv_v_0 to 0.62500") != std::string::npos; };
  CHECK(std::count_if(board.rig.logs.begin(), board.rig.logs.end(), names_it) == 1);
  Board set({{"force_per_mv_v_n_0", 100}, {"zero_mv_v_0", 0.625}});
  set.start();
  set.run_for(1 * kS);
  CHECK(set.rig.command("tare"));
  CHECK(set.rig.done.at(0).ok);
  CHECK(std::none_of(set.rig.logs.begin(), set.rig.logs.end(), names_it));
}

TEST_CASE("any reports at any time are survived, and the rules of the host are kept") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Board board;
  board.start();
  int accepted = board.rig.command("tare");
  for (int round = 0; round < patella::test::fuzz_rounds(); ++round) {
    Bytes report = {0x11, 0, 0x77, 0x77, 0, 0};
    while (report.size() < 18) report.push_back(static_cast<uint8_t>(random()));
    if (random() % 8 == 0) report[random() % 4] = static_cast<uint8_t>(random());
    if (random() % 16 == 0) report.resize(1 + random() % 18);
    board.rig.receive(report);
    if (random() % 50 == 0) accepted += board.rig.command("tare");
    if (random() % 50 == 0) board.rig.end_control(static_cast<uint32_t>(random() % 3), random() % 2 ? 0 : -32, report);
    board.rig.run_for(random() % (random() % 20 == 0 ? 4000 * kMs : 20 * kMs));
    if (!board.rig.violations.empty()) FAIL(board.rig.violations.front());
    if (random() % 30 == 0) board.serve();
    board.rig.samples.clear();
    board.rig.states.clear();
  }
  board.rig.disconnect(PATELLA_DISCONNECT_UNPLUGGED);
  CHECK(accepted > 0);
  CHECK(static_cast<int>(board.rig.done.size()) == accepted);
}
