#include "driver.hpp"

#include <patella/testing.hpp>

#include <algorithm>
#include <cstring>
#include <limits>
#include <random>

#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::go_direct;
using patella::testing::ScriptedDriverHost;

namespace {

constexpr int64_t kMs = 1000, kS = 1'000'000;

void put_float(Bytes& out, float value) {
  uint32_t bits = 0;
  std::memcpy(&bits, &value, 4);
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<uint8_t>(bits >> (8 * i)));
}
void put_double(Bytes& out, double value) {
  uint64_t bits = 0;
  std::memcpy(&bits, &value, 8);
  for (int i = 0; i < 8; ++i) out.push_back(static_cast<uint8_t>(bits >> (8 * i)));
}

/// A hand dynamometer that answers each question 5 ms later and sends one sample each period.
struct Dynamometer {
  explicit Dynamometer(const std::vector<patella_value>& values = {}) : rig(patella::sdk::DeviceGlue<Driver>::kTable, values) {}
  ScriptedDriverHost rig;
  FrameJoiner joiner;
  std::size_t seen = 0;
  std::vector<Bytes> commands;
  bool silent = false, fills_checksums = true, right_counters = true, has_force = true, info_is_there = true;
  uint8_t battery = 80, charger = 1, counter = 0;
  uint32_t refuse_period_below_us = 0;
  uint8_t start_code = 0;
  bool start_answer_lost = false;
  uint32_t min_period_us = 10'000, typical_period_us = 0, granularity_us = 0;
  int64_t period_us = 0, next_sample_us = INT64_MAX;
  float force = 12.5f;

  void send(Bytes frame) {
    frame[1] = static_cast<uint8_t>(frame.size());
    frame[2] = counter++;
    frame[3] = fills_checksums ? checksum(frame) : 0x5A;
    for (const Bytes& report : to_reports(frame)) rig.receive(report);
  }
  void sample(float value) {
    Bytes frame = {0x20, 0, 0, 0, 0x06, 0x02, 0x00, 1, 0};
    put_float(frame, value);
    send(frame);
  }
  void dropped() { send({0x20, 0, 0, 0, 0x0D}); }

  Bytes payload_of(const Bytes& command) {
    switch (command[4]) {
      case 0x10:
        return {0, 0, 1, 8, 0, 0, 1, 5, 0, 0, battery, charger};
      case 0x51:
      case 0x56:
        return {0x02, 0, 0, 0};
      case 0x50: {
        if (!info_is_there) return {1};
        Bytes out = {command[5], 0, 1, 0, 0, 0, 0, 0};
        const std::string name = has_force ? "Force" : "Temperature", unit = has_force ? "N" : "K";
        for (std::size_t i = 0; i < 60; ++i) out.push_back(i < name.size() ? static_cast<uint8_t>(name[i]) : 0);
        for (std::size_t i = 0; i < 32; ++i) out.push_back(i < unit.size() ? static_cast<uint8_t>(unit[i]) : 0);
        put_double(out, 0.5);
        put_double(out, 0);
        put_double(out, 600);
        for (const uint32_t period : {min_period_us, 0u, 0u, typical_period_us, granularity_us})
          for (int i = 0; i < 4; ++i) out.push_back(static_cast<uint8_t>(period >> (8 * i)));
        out.resize(148, 0);
        return out;
      }
      case 0x1B: {
        const uint32_t wanted = static_cast<uint32_t>(command[7] | command[8] << 8 | command[9] << 16);
        if (wanted < refuse_period_below_us) return {1};
        period_us = wanted;
        return {0};
      }
      case 0x18:
        if (start_code == 0) next_sample_us = rig.now_us + period_us;
        return {start_code};
      case 0x1A:
      case 0x19:
        next_sample_us = INT64_MAX;
        return {0};
      default:
        return Bytes(152, 0);
    }
  }
  void serve() {
    for (; seen < rig.writes.size(); ++seen) {
      const auto frame = joiner.take(rig.writes[seen].bytes);
      if (!frame) continue;
      REQUIRE(frame->checksum_right);
      commands.push_back(frame->bytes);
      if (silent) continue;
      const Bytes payload = payload_of(frame->bytes);
      rig.run_for(5 * kMs);
      if (start_answer_lost && frame->bytes[4] == 0x18) continue;
      Bytes reply = {0x98, 0, 0, 0, frame->bytes[4], static_cast<uint8_t>(frame->bytes[2] + (right_counters ? 0 : 1))};
      reply.insert(reply.end(), payload.begin(), payload.end());
      send(reply);
    }
  }
  void run_to(int64_t end_us) {
    serve();
    while (rig.now_us < end_us) {
      rig.run_to(std::min({end_us, std::max(rig.now_us, next_sample_us), rig.now_us + 50 * kMs}));
      if (rig.now_us >= next_sample_us) {
        next_sample_us += period_us;
        if (!silent) sample(force);
      }
      serve();
    }
  }
  void run_for(int64_t us) { run_to(rig.now_us + us); }
  Bytes kinds() const {
    Bytes out;
    for (const Bytes& command : commands) out.push_back(command[4]);
    return out;
  }
  void start() {
    rig.connect();
    run_for(2 * kS);
    REQUIRE(rig.state() == PATELLA_DEVICE_LIVE);
  }
};

std::vector<patella_value> with(const char* key, double value) { return {{key, -1, value, nullptr}}; }

}  // namespace

TEST_CASE("start-up: init, status, info, sensors, period, start; the counter runs down from FE") {
  Dynamometer device;
  device.rig.connect();
  CHECK(device.rig.state() == PATELLA_DEVICE_STARTING);
  device.run_for(2 * kS);
  REQUIRE(device.kinds() == Bytes{0x1A, 0x10, 0x55, 0x51, 0x56, 0x50, 0x1B, 0x18});
  CHECK(device.commands[0] == encode(Command::init, init_data(), 0xFE));
  CHECK(device.commands[4] == Bytes{0x58, 0x05, 0xFA, 0xAD, 0x56});
  CHECK(device.commands[5] == Bytes{0x58, 0x06, 0xF9, 0xA8, 0x50, 0x01});
  CHECK(device.commands[6] == Bytes{0x58, 0x0F, 0xF8, 0xB0, 0x1B, 0xFF, 0x00, 0x10, 0x27, 0, 0, 0, 0, 0, 0});
  CHECK(device.commands[7][2] == 0xF7);
  for (const auto& write : device.rig.writes) CHECK(write.bytes.size() == 64);
  CHECK(device.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(device.rig.last(Driver::kForce) == 12.5);
  CHECK(device.rig.last(Driver::kBattery) == 80);
  CHECK(device.rig.violations.empty());
}

TEST_CASE("100 samples a second, 10 ms apart, whatever the arrival") {
  Dynamometer device;
  device.start();
  device.rig.samples.clear();
  std::mt19937 random(3);
  const int64_t begin_us = device.rig.now_us;
  for (int i = 0; i < 200; ++i) {
    device.rig.run_to(begin_us + (i + 1) * 10 * kMs + static_cast<int64_t>(random() % 3000));
    device.sample(20);
  }
  const auto& samples = device.rig.samples;
  REQUIRE(samples.size() == 200);
  for (std::size_t i = 50; i < samples.size(); ++i) CHECK(samples[i].t_us - samples[i - 1].t_us == Approx(10 * kMs).margin(500));
}

TEST_CASE("the period is the site's, or what the sensor can do") {
  Dynamometer wished(with("period_ms", 50));
  wished.start();
  CHECK(wished.period_us == 50'000);
  Dynamometer slow;
  slow.min_period_us = 25'000;
  slow.start();
  CHECK(slow.period_us == 25'000);
}

TEST_CASE("a refused period: a slower one is taken and staff are told") {
  Dynamometer device;
  device.refuse_period_below_us = 50'000;
  device.rig.connect();
  device.run_for(3 * kS);
  CHECK(device.period_us == 100'000);
  CHECK(device.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(device.rig.text() == "The force sensor refused {10 ms} between samples and takes {100 ms}\nSet period_ms to that");
  CHECK(device.rig.last(Driver::kForce) == 12.5);
  Dynamometer never;
  never.refuse_period_below_us = 1'000'000;
  never.rig.connect();
  never.run_for(60 * kS);
  CHECK(never.rig.state() == PATELLA_DEVICE_FAILED);
  CHECK(never.rig.samples.size() == 1);  // the battery
}

TEST_CASE("a refused period: what staff cannot set is not asked of them, and the device's steps are kept") {
  Dynamometer device;
  const bool typical = GENERATE(false, true);
  device.refuse_period_below_us = 50'000;
  (typical ? device.typical_period_us : device.granularity_us) = typical ? 200'000 : 12'500;
  device.rig.connect();
  device.run_for(3 * kS);
  CHECK(device.period_us == (typical ? 200'000 : 100'000));
  CHECK(device.rig.text() == (typical ? "The force sensor refused {10 ms} between samples and takes {200 ms}"
                                      : "The force sensor refused {12.5 ms} between samples and takes {100 ms}\nSet "
                                        "period_ms to that"));
  Dynamometer odd;
  odd.refuse_period_below_us = 50'000;
  odd.granularity_us = 16'000;
  odd.rig.connect();
  odd.run_for(3 * kS);
  CHECK(odd.period_us == 112'000);
  CHECK(odd.rig.text() == "The force sensor refused {16 ms} between samples and takes {112 ms}");
}

TEST_CASE("refused to measure: told, and tried again without haste") {
  Dynamometer device;
  device.start_code = 7;
  device.rig.connect();
  device.run_for(30 * kS);
  CHECK(device.rig.state() == PATELLA_DEVICE_SILENT);
  CHECK(device.rig.text().find("code {7}") != std::string::npos);
  CHECK(device.commands.size() < 70);
  device.start_code = 0;
  device.run_for(10 * kS);
  CHECK(device.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("a sensor without force is given back with what it measures") {
  Dynamometer device;
  device.has_force = false;
  device.rig.connect();
  device.run_for(20 * kS);
  CHECK(device.rig.state() == PATELLA_DEVICE_NOT_MINE);
  CHECK(device.rig.text().find("Temperature (K)") != std::string::npos);
  CHECK(device.commands.size() == 6);
}

TEST_CASE("a sensor that does not say what it is: no tight loop, and no false end") {
  Dynamometer device;
  device.info_is_there = false;
  device.rig.connect();
  device.run_for(30 * kS);
  CHECK(device.rig.state() == PATELLA_DEVICE_SILENT);
  CHECK(device.commands.size() < 60);
  device.info_is_there = true;
  device.run_for(10 * kS);
  CHECK(device.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("answers with another counter are not the answer") {
  Dynamometer device;
  device.right_counters = false;
  device.rig.connect();
  device.run_for(10 * kS);
  CHECK(device.rig.state() == PATELLA_DEVICE_SILENT);
  for (const Bytes& command : device.commands) CHECK(command[4] == 0x1A);
  device.right_counters = true;
  device.run_for(10 * kS);
  CHECK(device.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("silence is told after 3 s, and everything is set up again until it measures") {
  Dynamometer device;
  device.start();
  device.silent = true;
  device.commands.clear();
  device.run_for(2'900 * kMs);
  CHECK(device.rig.state() == PATELLA_DEVICE_LIVE);
  device.run_for(200 * kMs);
  CHECK(device.rig.state() == PATELLA_DEVICE_SILENT);
  device.run_for(20 * kS);
  REQUIRE(device.commands.size() > 3);
  CHECK(device.commands[0][4] == 0x19);
  CHECK(device.commands[1] == encode(Command::init, init_data(), 0xFE));
  device.silent = false;
  const auto before = device.rig.values(Driver::kForce).size();
  device.run_for(5 * kS);
  CHECK(device.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(device.rig.values(Driver::kForce).size() > before + 100);
  CHECK(device.rig.violations.empty());
}

TEST_CASE("a wrong checksum costs that sample and moves no other") {
  Dynamometer device;
  device.start();
  device.run_for(1 * kS);
  device.fills_checksums = false;
  const auto before = device.rig.values(Driver::kForce).size();
  device.run_for(30 * kMs);
  CHECK(device.rig.values(Driver::kForce).size() == before);
  device.fills_checksums = true;
  device.rig.samples.clear();
  device.run_for(200 * kMs);
  REQUIRE(device.rig.samples.size() >= 19);
  CHECK(device.rig.now_us - device.rig.samples.back().t_us <= 12 * kMs);
  CHECK(device.rig.logs.back().find("unreadable") != std::string::npos);
}

TEST_CASE("a device that never fills checksums in is taken all the same, with a line in the log") {
  Dynamometer device;
  device.fills_checksums = false;
  device.rig.connect();
  device.run_for(3 * kS);
  CHECK(device.rig.state() == PATELLA_DEVICE_LIVE);
  int lines = 0;
  for (const std::string& line : device.rig.logs) lines += line.find("checksums") != std::string::npos;
  CHECK(lines == 1);
}

TEST_CASE("dropped samples leave a gap of the right length") {
  Dynamometer device;
  device.start();
  device.run_for(1 * kS);
  const int64_t last_us = device.rig.samples.back().t_us;
  device.next_sample_us += 12 * 10 * kMs;
  device.rig.run_for(115 * kMs);
  device.dropped();
  device.rig.samples.clear();
  device.run_for(1 * kS);
  REQUIRE(device.rig.samples.size() > 30);
  CHECK(device.rig.samples[0].t_us - last_us == Approx(130 * kMs).margin(6 * kMs));
  CHECK(device.rig.samples[1].t_us - device.rig.samples[0].t_us == Approx(10 * kMs).margin(kMs));
}

TEST_CASE("the answer to START is lost: the samples say as well that it measures") {
  Dynamometer device;
  device.start_answer_lost = true;
  device.rig.connect();
  device.run_for(20 * kS);
  CHECK(device.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK_FALSE(device.rig.was(PATELLA_DEVICE_SILENT));
  const Bytes kinds = device.kinds();
  CHECK(std::count(kinds.begin(), kinds.end(), 0x18) == 1);
  CHECK(device.rig.values(Driver::kForce).size() > 1'900);
  CHECK(device.rig.command("tare"));
  device.silent = true;
  device.run_for(4 * kS);
  CHECK(device.rig.state() == PATELLA_DEVICE_SILENT);
}

TEST_CASE("a period that the device changes by itself is set again, so that the times stay true") {
  Dynamometer device;
  device.start();
  device.run_for(3 * kS);
  device.period_us = 50 * kMs;
  device.send({0x20, 0, 0, 0, 0x0E});
  device.run_for(3 * kS);
  CHECK(device.period_us == 10 * kMs);
  CHECK(device.rig.state() == PATELLA_DEVICE_LIVE);
  const auto& samples = device.rig.samples;
  CHECK(samples.back().t_us - samples[samples.size() - 2].t_us == Approx(10 * kMs).margin(kMs));
  // One that cannot be kept from it is not set up for ever.
  for (int i = 0; i < 10; ++i) {
    device.send({0x20, 0, 0, 0, 0x0E});
    device.run_for(3 * kS);
  }
  const Bytes kinds = device.kinds();
  CHECK(std::count(kinds.begin(), kinds.end(), 0x1B) <= 4);
}

TEST_CASE("a force that is no number: not silent, nothing is sent because of it, and it is told") {
  Dynamometer device;
  device.force = std::numeric_limits<float>::quiet_NaN();
  device.start_answer_lost = GENERATE(false, true);
  device.rig.connect();
  device.run_for(10 * kS);
  CHECK(device.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(device.rig.text().find("readings cannot be read") != std::string::npos);
  CHECK_FALSE(device.rig.was(PATELLA_DEVICE_SILENT));
  const Bytes kinds = device.kinds();
  CHECK(std::count(kinds.begin(), kinds.end(), 0x18) == 1);
  CHECK(device.rig.values(Driver::kForce).empty());
  device.force = 12.5f;
  device.run_for(1 * kS);
  CHECK(device.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("battery is asked once a minute; nearly empty and a fault of the charger are told") {
  Dynamometer device;
  device.start();
  device.battery = 6;
  device.charger = 0;
  device.run_for(61 * kS);
  CHECK(device.rig.last(Driver::kBattery) == 6);
  CHECK(device.rig.values(Driver::kBattery).size() == 2);
  CHECK(device.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(device.rig.text().find("battery") != std::string::npos);
  device.charger = 3;
  device.run_for(61 * kS);
  CHECK(device.rig.text().find("charge") != std::string::npos);
  device.charger = 1;
  device.run_for(61 * kS);
  CHECK(device.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("more than the sensor's own range is told while it lasts") {
  Dynamometer device;
  device.start();
  device.force = 700;
  device.run_for(1 * kS);
  CHECK(device.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(device.rig.last(Driver::kForce) == 700);
  device.force = 50;
  device.run_for(3 * kS);
  CHECK(device.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("tare: at rest and unloaded only; refused before samples come") {
  Dynamometer device;
  device.rig.connect();
  CHECK_FALSE(device.rig.command("tare"));
  device.run_for(2 * kS);
  CHECK_FALSE(device.rig.command("identify"));
  CHECK(device.rig.command("tare"));
  REQUIRE(device.rig.done.size() == 1);
  CHECK(device.rig.done[0].ok);
  device.run_for(100 * kMs);
  CHECK(device.rig.last(Driver::kForce) == Approx(0).margin(1e-6));
  device.force = 300;
  device.run_for(1 * kS);
  CHECK(device.rig.last(Driver::kForce) == Approx(287.5));
  device.force = 72.5f;  // a band that is held still at 60 N
  device.run_for(2 * kS);
  CHECK(device.rig.command("tare"));
  REQUIRE(device.rig.done.size() == 2);
  CHECK_FALSE(device.rig.done[1].ok);
  CHECK(device.rig.last(Driver::kForce) == Approx(60));
}

TEST_CASE("closed in good order: STOP, then DISCONNECT; nothing to a device that is gone") {
  Dynamometer device;
  device.start();
  device.commands.clear();
  device.rig.disconnect(PATELLA_DISCONNECT_CLOSED);
  device.silent = true;
  device.serve();
  CHECK(device.kinds() == Bytes{0x19, 0x54});
  Dynamometer pulled;
  pulled.start();
  const auto before = pulled.rig.writes.size();
  pulled.rig.disconnect(PATELLA_DISCONNECT_UNPLUGGED);
  CHECK(pulled.rig.writes.size() == before);
}

TEST_CASE("a full write queue is no end") {
  Dynamometer device;
  device.rig.refuse_writes = true;
  device.rig.connect();
  device.run_for(5 * kS);
  device.rig.refuse_writes = false;
  device.run_for(10 * kS);
  CHECK(device.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("any reports at any time are survived, and the rules of the host are kept") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Dynamometer device;
  device.start();
  int accepted = device.rig.command("tare");
  for (int round = 0; round < patella::test::fuzz_rounds(); ++round) {
    Bytes frame = {0x20, 0, static_cast<uint8_t>(round), 0, 0x06, 0x02, 0x00, 1, 0};
    put_float(frame, static_cast<float>(random() % 600));
    if (random() % 4 == 0) frame[random() % frame.size()] = static_cast<uint8_t>(random());
    frame[1] = static_cast<uint8_t>(frame.size());
    frame[3] = checksum(frame);
    if (random() % 6 == 0) frame[random() % frame.size()] = static_cast<uint8_t>(random());
    Bytes report = to_reports(frame)[0];
    if (random() % 8 == 0) report[0] = static_cast<uint8_t>(random());
    if (random() % 8 == 0) report.resize(1 + random() % 64);
    device.rig.receive(report);
    if (random() % 50 == 0) accepted += device.rig.command("tare");
    device.rig.run_for(random() % (random() % 20 == 0 ? 4000 * kMs : 20 * kMs));
    if (!device.rig.violations.empty()) FAIL(device.rig.violations.front());
    device.serve();
    device.rig.samples.clear();
    device.rig.states.clear();
  }
  device.rig.disconnect(PATELLA_DISCONNECT_UNPLUGGED);
  CHECK(accepted > 0);
  CHECK(static_cast<int>(device.rig.done.size()) == accepted);
}
