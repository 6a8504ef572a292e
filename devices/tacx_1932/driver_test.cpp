#include "driver.hpp"

#include <patella/testing.hpp>

#include <algorithm>
#include <random>
#include <vector>

#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::tacx_1932;
using patella::testing::ScriptedDriverHost;

namespace {

constexpr int64_t kMs = 1000, kS = 1'000'000;

using Packet = std::vector<uint8_t>;

Packet version_packet() {
  Packet packet(64, 0);
  const Packet from_24 = {0x03, 0x0C, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0xBA, 0xC4, 0x77, 0x18};
  std::copy(from_24.begin(), from_24.end(), packet.begin() + 24);
  return packet;
}

Packet data_packet(uint8_t rpm, uint8_t bpm = 121) {
  Packet packet(64, 0);
  packet[24] = 0x03;
  packet[25] = 0x13;
  packet[26] = 0x02;
  packet[12] = bpm;
  packet[32] = 0xF5;  // 8693: 30 km/h
  packet[33] = 0x21;
  packet[38] = 0x07;  // 2055: 15 N
  packet[39] = 0x08;
  packet[44] = rpm;
  return packet;
}

struct Trainer {
  ScriptedDriverHost rig{patella::sdk::DeviceGlue<Driver>::kTable};
  void start() {
    rig.connect();
    rig.receive(version_packet());
  }
  void ride(double seconds, uint8_t rpm) {
    for (const int64_t end_us = rig.now_us + static_cast<int64_t>(seconds * 1e6); rig.now_us < end_us;) {
      rig.run_for(50 * kMs);
      rig.receive(data_packet(rpm));
      rig.run_for(200 * kMs);
    }
  }
};

}  // namespace

TEST_CASE("the version is asked for first, then data four times a second") {
  Trainer trainer;
  trainer.rig.connect();
  REQUIRE(trainer.rig.writes.size() == 1);
  CHECK(trainer.rig.writes[0].bytes == Packet{2, 0, 0, 0});
  trainer.rig.receive(data_packet(80));
  CHECK(trainer.rig.samples.empty());
  trainer.rig.receive(version_packet());
  REQUIRE(trainer.rig.writes.size() == 2);
  CHECK(trainer.rig.writes[1].bytes == Packet{1, 8, 1, 0, 0, 0, 0, 0, 0, 0x52, 0x10, 4});
  CHECK(trainer.rig.state() == PATELLA_DEVICE_STARTING);
  trainer.ride(10, 80);
  CHECK(trainer.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(trainer.rig.writes.size() == Approx(42).margin(1));
  CHECK(trainer.rig.last(Driver::kCadence) == 80);
  CHECK(trainer.rig.last(Driver::kSpeed) * 3.6 == Approx(30).margin(0.01));
  CHECK(trainer.rig.last(Driver::kBrakeForce) == Approx(15));
  CHECK(trainer.rig.last(Driver::kPower) == Approx(125).margin(0.1));
  CHECK(trainer.rig.last(Driver::kHeartRate) == 121);
  CHECK(trainer.rig.violations.empty());
}

TEST_CASE("a pedal event is echoed once for each") {
  Trainer trainer;
  trainer.start();
  Packet packet = data_packet(80);
  packet[42] = 1;
  trainer.rig.receive(packet);
  trainer.rig.run_for(250 * kMs);
  CHECK(trainer.rig.writes.back().bytes[6] == 1);
  trainer.rig.receive(data_packet(80));
  trainer.rig.run_for(250 * kMs);
  CHECK(trainer.rig.writes.back().bytes[6] == 0);
}

TEST_CASE("137 rpm at the start is left out, 24 bytes are nothing new, a driving motor is no power") {
  Trainer trainer;
  trainer.start();
  for (const uint8_t rpm : Packet{0, 137, 60, 62}) trainer.rig.receive(data_packet(rpm));
  CHECK(trainer.rig.values(Driver::kCadence) == std::vector<double>{0, 62});
  const auto before = trainer.rig.samples.size();
  trainer.rig.receive(Packet(24, 0));
  CHECK(trainer.rig.samples.size() == before);
  CHECK(trainer.rig.logs.size() == 1);
  Packet packet = data_packet(62, 0);
  packet[39] = 0xF8;
  const auto belts = trainer.rig.values(Driver::kHeartRate).size();
  trainer.rig.receive(packet);
  CHECK(trainer.rig.last(Driver::kBrakeForce) < 0);
  CHECK(trainer.rig.last(Driver::kPower) == 0);
  CHECK(trainer.rig.values(Driver::kHeartRate).size() == belts);
}

TEST_CASE("no answer four times: the version again; SILENT; and it comes back") {
  Trainer trainer;
  trainer.start();
  trainer.ride(5, 80);
  trainer.rig.run_for(1'200 * kMs);
  CHECK(trainer.rig.writes.back().bytes == Packet{2, 0, 0, 0});
  CHECK(trainer.rig.state() == PATELLA_DEVICE_LIVE);
  trainer.rig.run_for(2 * kS);
  CHECK(trainer.rig.state() == PATELLA_DEVICE_SILENT);
  CHECK_FALSE(trainer.rig.text().empty());
  const auto before = trainer.rig.writes.size();
  trainer.rig.run_for(600 * kS);
  CHECK(trainer.rig.writes.size() - before <= 1200);
  trainer.rig.receive(version_packet());
  trainer.ride(1, 80);
  CHECK(trainer.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE(
    "answers without anything new: no value, so SILENT after 3 s with its own words, and the log is not "
    "flooded") {
  Trainer trainer;
  trainer.start();
  trainer.ride(5, 80);
  const auto logs = trainer.rig.logs.size();
  for (int i = 0; i < 240; ++i) {
    trainer.rig.run_for(250 * kMs);
    const bool asked_version = trainer.rig.writes.back().bytes == Packet{2, 0, 0, 0};
    trainer.rig.receive(asked_version ? version_packet() : Packet(24, 0));
    if (i == 8) CHECK(trainer.rig.state() == PATELLA_DEVICE_LIVE);
    if (i > 12) CHECK(trainer.rig.state() == PATELLA_DEVICE_SILENT);
  }
  CHECK(trainer.rig.text().find("answers, but measures nothing") != std::string::npos);
  CHECK(trainer.rig.logs.size() == logs);
  trainer.rig.run_for(5 * kS);
  CHECK(trainer.rig.text().find("does not answer") != std::string::npos);
  trainer.rig.receive(version_packet());
  trainer.ride(1, 80);
  CHECK(trainer.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("closed in good order the brake is off; it knows no commands") {
  Trainer trainer;
  trainer.start();
  trainer.ride(1, 80);
  CHECK_FALSE(trainer.rig.command("tare"));
  trainer.rig.disconnect(PATELLA_DISCONNECT_CLOSED);
  CHECK(trainer.rig.writes.back().bytes == Packet{1, 8, 1, 0, 0, 0, 0, 0, 0, 0x52, 0x10, 4});
}

TEST_CASE("any packets at any time are survived, and the rules of the host are kept") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Trainer trainer;
  trainer.start();
  for (int round = 0; round < patella::test::fuzz_rounds(); ++round) {
    Packet packet = random() % 5 ? data_packet(static_cast<uint8_t>(random() % 200)) : version_packet();
    if (random() % 3 == 0) packet[random() % packet.size()] = static_cast<uint8_t>(random());
    if (random() % 8 == 0) packet.resize(1 + random() % 63);
    trainer.rig.receive(packet);
    trainer.rig.run_for(random() % (500 * kMs));
    if (!trainer.rig.violations.empty()) FAIL(trainer.rig.violations.front());
    trainer.rig.samples.clear();
    trainer.rig.writes.clear();
    trainer.rig.states.clear();
  }
  // And after all that it still is a trainer.
  trainer.rig.run_for(5 * kS);
  trainer.rig.receive(version_packet());
  trainer.ride(5, 80);
  CHECK(trainer.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(trainer.rig.last(Driver::kCadence) == 80);
}
