#include "driver.hpp"

#include <patella/testing.hpp>

#include <algorithm>
#include <functional>
#include <random>
#include <vector>

#include "csafe.hpp"
#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::concept2_pm5;
using patella::testing::ScriptedDriverHost;
using Bytes = std::vector<uint8_t>;

namespace {

constexpr int64_t kMs = 1000, kS = 1'000'000;

/// A monitor that answers each request 10 ms later.
struct Monitor {
  ScriptedDriverHost rig{patella::sdk::DeviceGlue<Driver>::kTable};
  bool toggle = false, flips = true, silent = false, refuses_machine_type = false;
  uint8_t state = 5, workout = 1, heart_rate = 126, maker = 22, machine = 0xC0;
  uint16_t cadence = 88, power = 145;
  uint32_t distance_dm = 7110, moves_dm = 1;
  std::size_t answered = 0;

  Bytes answer_to(const Bytes& request) {
    if (flips) toggle = !toggle;
    Bytes contents = {static_cast<uint8_t>((toggle ? 0x80 : 0) | state)};
    const auto add = [&](std::initializer_list<int> bytes) {
      for (int byte : bytes) contents.push_back(static_cast<uint8_t>(byte));
    };
    switch (request.at(0)) {
      case 0x91:
        add({0x91, 7, maker, 2, 5, 1, 0, 2, 0});
        break;
      case 0x94:
        add({0x94, 9, '1', '2', '3', '4', '5', '6', '7', '8', '9'});
        break;
      case 0x7E:
        if (!refuses_machine_type) add({0x7E, 3, 0xED, 1, machine});
        break;
      case 0x80:
        break;
      default:
        distance_dm += moves_dm;
        add({0xA7, 3, cadence & 0xFF, cadence >> 8, 0x54, 0xB4, 3, power & 0xFF, power >> 8, 0x58, 0xB0, 1, heart_rate});
        add({0x1A, 17, 0x8D, 1, workout, 0xA0, 5, 0x10, 0x27, 0, 0, 0});
        add({0xA3, 5, static_cast<int>(distance_dm & 0xFF), static_cast<int>(distance_dm >> 8 & 0xFF),
             static_cast<int>(distance_dm >> 16 & 0xFF), 0, 0});
    }
    return encode_report(contents);
  }
  /// Answers what is asked until `end_us`.
  void run_to(int64_t end_us) {
    while (rig.now_us < end_us) {
      if (!silent && answered < rig.writes.size()) {
        const Bytes request = decode_report(rig.writes.back().bytes).contents;
        answered = rig.writes.size();
        rig.run_for(10 * kMs);
        rig.receive(answer_to(request));
      }
      rig.run_to(std::min(end_us, rig.now_us + 5 * kMs));
    }
  }
  void run_for(int64_t us) { run_to(rig.now_us + us); }
};

}  // namespace

TEST_CASE("start-up: version, serial, machine type, status, then the poll every 100 ms, never under 50") {
  Monitor monitor;
  monitor.rig.connect();
  CHECK(monitor.rig.state() == PATELLA_DEVICE_STARTING);
  monitor.run_for(2 * kS);
  const auto& writes = monitor.rig.writes;
  REQUIRE(writes.size() > 10);
  CHECK(decode_report(writes[0].bytes).contents == Bytes{0x91});
  CHECK(decode_report(writes[1].bytes).contents == Bytes{0x94});
  CHECK(decode_report(writes[2].bytes).contents == Bytes{0x7E, 0x01, 0xED});
  CHECK(decode_report(writes[3].bytes).contents == Bytes{0x80});
  CHECK(decode_report(writes[4].bytes).contents == ask_values());
  for (std::size_t i = 0; i < writes.size(); ++i) {
    CHECK(writes[i].bytes.size() == 121);
    if (i) CHECK(writes[i].t_us - writes[i - 1].t_us >= 100 * kMs);
    if (i) CHECK(writes[i].t_us - writes[i - 1].t_us <= 110 * kMs);
  }
  CHECK(monitor.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(monitor.rig.violations.empty());
}

TEST_CASE("values reach their channels; heart rate once a second") {
  Monitor monitor;
  monitor.rig.connect();
  monitor.run_for(5 * kS);
  CHECK(monitor.rig.last(Driver::kCadence) == 88);
  CHECK(monitor.rig.last(Driver::kPower) == 145);
  CHECK(monitor.rig.last(Driver::kTime) == Approx(100.0));
  CHECK(monitor.rig.last(Driver::kState) == 1);
  CHECK(monitor.rig.last(Driver::kDistance) == Approx(monitor.distance_dm / 10.0));
  CHECK(monitor.rig.values(Driver::kCadence).size() >= 40);
  const auto beats = monitor.rig.values(Driver::kHeartRate).size();
  CHECK(beats >= 4);
  CHECK(beats <= 5);
}

TEST_CASE("heart rate 0 means no belt: nothing is emitted") {
  Monitor monitor;
  monitor.heart_rate = 0;
  monitor.rig.connect();
  monitor.run_for(3 * kS);
  CHECK(monitor.rig.values(Driver::kHeartRate).empty());
  CHECK(monitor.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("cadence and power are zero 2 s after the distance stopped, and come back with it") {
  Monitor monitor;
  monitor.rig.connect();
  monitor.run_for(2 * kS);
  monitor.moves_dm = 0;
  monitor.run_for(1500 * kMs);
  CHECK(monitor.rig.last(Driver::kCadence) == 88);
  monitor.run_for(1 * kS);
  CHECK(monitor.rig.last(Driver::kCadence) == 0);
  CHECK(monitor.rig.last(Driver::kPower) == 0);
  monitor.moves_dm = 1;
  monitor.run_for(300 * kMs);
  CHECK(monitor.rig.last(Driver::kCadence) == 88);
  CHECK(monitor.rig.last(Driver::kPower) == 145);
}

TEST_CASE("cadence and power are zero when the monitor says that nobody works") {
  struct Case {
    uint8_t state, workout;
    bool turning;
  };
  for (const Case& one : {Case{5, 1, true}, Case{1, 1, true}, Case{8, 1, true}, Case{2, 1, false}, Case{6, 1, false},
                          Case{7, 1, false}, Case{9, 1, false}, Case{5, 0, false}, Case{5, 3, true}, Case{5, 10, false},
                          Case{5, 11, false}, Case{5, 12, false}, Case{5, 13, true}}) {
    Monitor monitor;
    monitor.state = one.state;
    monitor.workout = one.workout;
    monitor.rig.connect();
    monitor.run_for(1 * kS);
    INFO("state " << int(one.state) << " workout " << int(one.workout));
    CHECK(monitor.rig.last(Driver::kCadence) == (one.turning ? 88 : 0));
    CHECK(monitor.rig.last(Driver::kPower) == (one.turning ? 145 : 0));
  }
}

TEST_CASE(
    "no answer: once again the same after 0.5 s, then every 2 s, SILENT after five, LIVE with the first "
    "answer") {
  Monitor monitor;
  monitor.rig.connect();
  monitor.run_for(1 * kS);
  monitor.silent = true;
  const std::size_t before = monitor.rig.writes.size();
  monitor.run_for(8'300 * kMs);
  CHECK(monitor.rig.state() == PATELLA_DEVICE_LIVE);
  monitor.run_for(400 * kMs);
  CHECK(monitor.rig.state() == PATELLA_DEVICE_SILENT);
  CHECK_FALSE(monitor.rig.text().empty());
  const auto& writes = monitor.rig.writes;
  CHECK(writes.size() - before <= 6);
  CHECK(writes.back().t_us - writes[writes.size() - 2].t_us == 2 * kS);
  monitor.silent = false;
  monitor.run_for(2500 * kMs);
  CHECK(monitor.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("one frame that is lost or spoilt on the way leaves no gap that anybody sees") {
  const bool spoilt = GENERATE(false, true);
  INFO((spoilt ? "spoilt" : "lost"));
  Monitor monitor;
  monitor.rig.connect();
  monitor.run_for(1'050 * kMs);  // between two requests
  const std::size_t before = monitor.rig.writes.size();
  monitor.silent = true;
  while (monitor.rig.writes.size() == before) monitor.rig.run_for(5 * kMs);
  monitor.rig.run_for(10 * kMs);
  Bytes answer = monitor.answer_to(decode_report(monitor.rig.writes.back().bytes).contents);
  answer[3] = static_cast<uint8_t>(answer[3] ^ 0x40);
  monitor.answered = monitor.rig.writes.size();
  if (spoilt) monitor.rig.receive(answer);
  monitor.silent = false;
  const int64_t from_us = monitor.rig.samples.back().t_us;
  monitor.run_for(2 * kS);
  int64_t next_us = 0;
  for (const auto& sample : monitor.rig.samples)
    if (next_us == 0 && sample.t_us > from_us) next_us = sample.t_us;
  CHECK(next_us - from_us <= (spoilt ? 200 : 650) * kMs);  // stale is 1 s
  CHECK(monitor.rig.state() == PATELLA_DEVICE_LIVE);
  for (std::size_t i = 1; i < monitor.rig.writes.size(); ++i)
    CHECK(monitor.rig.writes[i].t_us - monitor.rig.writes[i - 1].t_us >= 50 * kMs);
}

TEST_CASE(
    "a monitor whose answers can never be read: told as that, asked on without haste, and live when they "
    "can") {
  Monitor monitor;
  monitor.rig.connect();
  monitor.run_for(1 * kS);
  const auto spoil_for = [&](int64_t us) {
    const int64_t end_us = monitor.rig.now_us + us;
    while (monitor.rig.now_us < end_us) {
      if (monitor.answered < monitor.rig.writes.size()) {
        monitor.answered = monitor.rig.writes.size();
        monitor.rig.receive(Bytes{0x02, 0xF1, 0x81, 0x80, 0xF2});
      }
      monitor.rig.run_for(10 * kMs);
    }
  };
  spoil_for(3 * kS);
  CHECK(monitor.rig.state() == PATELLA_DEVICE_SILENT);
  CHECK(monitor.rig.text() == "The monitor's answers cannot be read. Check its USB cable, or use another one");
  const std::size_t before = monitor.rig.writes.size();
  spoil_for(10 * kS);
  CHECK(monitor.rig.writes.size() - before <= 101);
  monitor.run_for(1 * kS);
  CHECK(monitor.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("a distance in whole kilometres says nothing of a standstill") {
  Monitor monitor;
  monitor.rig.connect();
  monitor.run_for(1 * kS);
  for (int i = 0; i < 50; ++i) {
    while (monitor.answered == monitor.rig.writes.size()) monitor.rig.run_for(5 * kMs);
    monitor.answered = monitor.rig.writes.size();
    monitor.toggle = !monitor.toggle;
    monitor.rig.receive(encode_report(Bytes{static_cast<uint8_t>(monitor.toggle ? 0x85 : 0x05), 0xA1, 3, 2, 0, 0x21, 0xA7, 3, 88,
                                            0, 0x54, 0x1A, 3, 0x8D, 1, 1}));
  }
  CHECK(monitor.rig.last(Driver::kCadence) == 88);
}

TEST_CASE("a start-up step without an answer is asked twice, then left out") {
  Monitor monitor;
  monitor.silent = true;
  monitor.rig.connect();
  monitor.run_for(7 * kS);
  const auto& writes = monitor.rig.writes;
  REQUIRE(writes.size() == 4);
  CHECK(writes[0].bytes == writes[1].bytes);
  CHECK(writes[2].bytes == writes[3].bytes);
  CHECK(decode_report(writes[2].bytes).contents == Bytes{0x94});
}

TEST_CASE("firmware that refuses the machine type does not hold the start up") {
  Monitor monitor;
  monitor.refuses_machine_type = true;
  monitor.rig.connect();
  monitor.run_for(1 * kS);
  CHECK(monitor.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("an unchanged toggle bit is an old report: dropped") {
  Monitor monitor;
  monitor.rig.connect();
  monitor.run_for(1 * kS);
  monitor.flips = false;
  monitor.cadence = 99;
  const auto before = monitor.rig.samples.size();
  monitor.run_for(450 * kMs);  // until it is asked again
  CHECK(monitor.rig.samples.size() == before);
  CHECK(monitor.rig.last(Driver::kCadence) == 88);
}

TEST_CASE("after a faulty frame the next good one is taken whatever its toggle bit") {
  Monitor monitor;
  monitor.rig.connect();
  monitor.run_for(1 * kS);
  Bytes faulty = monitor.answer_to({0xA0});
  faulty[3] = static_cast<uint8_t>(faulty[3] ^ 0x40);
  const auto before = monitor.rig.samples.size();
  monitor.rig.receive(faulty);
  CHECK(monitor.rig.samples.size() == before);
  CHECK(monitor.rig.logs.back().find("faulty") != std::string::npos);
  monitor.run_for(300 * kMs);
  CHECK(monitor.rig.samples.size() > before);
}

TEST_CASE("another maker's monitor is given back; it is not asked any more") {
  Monitor monitor;
  monitor.maker = 21;
  monitor.rig.connect();
  monitor.run_for(1 * kS);
  CHECK(monitor.rig.state() == PATELLA_DEVICE_NOT_MINE);
  CHECK(monitor.rig.writes.size() == 1);
  CHECK(monitor.rig.samples.empty());
}

TEST_CASE("a rower is named to staff, since its cadence means something else") {
  Monitor monitor;
  monitor.machine = 0;
  monitor.rig.connect();
  monitor.run_for(1 * kS);
  CHECK(monitor.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(monitor.rig.text().find("strokes") != std::string::npos);
}

TEST_CASE("an error state of the monitor is shown and goes away with it") {
  Monitor monitor;
  monitor.rig.connect();
  monitor.run_for(1 * kS);
  monitor.state = 0;
  monitor.run_for(300 * kMs);
  CHECK(monitor.rig.state() == PATELLA_DEVICE_NOTICE);
  monitor.state = 5;
  monitor.run_for(300 * kMs);
  CHECK(monitor.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("a full write queue is no end: the request is sent again") {
  Monitor monitor;
  monitor.rig.refuse_writes = true;
  monitor.rig.connect();
  monitor.run_for(3 * kS);
  monitor.rig.refuse_writes = false;
  monitor.run_for(8 * kS);
  CHECK(monitor.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("any reports at any time are survived, and the rules of the host are kept") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Monitor monitor;
  monitor.rig.connect();
  for (int round = 0; round < patella::test::fuzz_rounds(); ++round) {
    Bytes report = monitor.answer_to({static_cast<uint8_t>(random() % 2 ? 0xA0 : 0x91)});
    report.resize(60);
    for (unsigned i = 0; i < random() % 3; ++i) report[random() % report.size()] = static_cast<uint8_t>(random());
    report.resize(1 + random() % report.size());
    monitor.rig.receive(report);
    monitor.rig.run_for(random() % (50 * kMs));
    if (!monitor.rig.violations.empty()) FAIL(monitor.rig.violations.front());
    monitor.rig.samples.clear();
    monitor.rig.writes.clear();
  }
}
