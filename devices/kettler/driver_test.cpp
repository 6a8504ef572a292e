#include "driver.hpp"

#include <patella/testing.hpp>

#include <random>

#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::kettler;
using patella::testing::ScriptedDriverHost;

namespace {

constexpr int64_t kMs = 1000, kS = 1'000'000;
constexpr const char* kStatus = "101\t047\t074\t002\t025\t0312\t01:12\t025\r\n";

struct Bike {
  ScriptedDriverHost rig{patella::sdk::DeviceGlue<Driver>::kTable};
  std::size_t answered = 0;
  bool answers = true;
  std::string status = kStatus;
  /// Answers what is asked 40 ms later, in the letters it is asked in.
  void run(double seconds) {
    for (const int64_t end_us = rig.now_us + static_cast<int64_t>(seconds * 1e6); rig.now_us < end_us;) {
      rig.run_for(40 * kMs);
      while (answered < rig.writes.size()) {
        const std::string asked = rig.written(answered++);
        if (!answers) continue;
        if (asked == "ID\r\n") rig.receive("FX1S\r\n");
        if (asked == "CM\r\n") rig.receive("ACK\r\n");
        if (asked == "ST\r\n") rig.receive(status);
      }
    }
  }
};

}  // namespace

TEST_CASE("start: listen, ID, CM, then a status every half second") {
  Bike bike;
  bike.rig.connect();
  bike.rig.run_for(1'499 * kMs);
  CHECK(bike.rig.writes.empty());
  CHECK(bike.rig.state() == PATELLA_DEVICE_STARTING);
  bike.run(1);
  CHECK(bike.rig.written(0) == "ID\r\n");
  CHECK(bike.rig.written(1) == "CM\r\n");
  CHECK(bike.rig.written(2) == "ST\r\n");
  CHECK(bike.rig.state() == PATELLA_DEVICE_LIVE);
  bike.run(60);
  CHECK(bike.rig.values(Driver::kCadence).size() == Approx(120).margin(5));
  CHECK(bike.rig.last(Driver::kCadence) == 47);
  CHECK(bike.rig.last(Driver::kPower) == 25);
  CHECK(bike.rig.last(Driver::kHeartRate) == 101);
  CHECK(bike.rig.last(Driver::kSpeed) == Approx(7.4 / 3.6));
  CHECK(bike.rig.last(Driver::kDistance) == 200);
  CHECK(bike.rig.last(Driver::kTime) == 72);
  CHECK(bike.rig.last(Driver::kTarget) == 25);
  CHECK(bike.rig.last(Driver::kEnergy) == 312);
  // Only questions and the PC mode: nothing that would set the bike.
  for (std::size_t i = 0; i < bike.rig.writes.size(); ++i) {
    const std::string asked = bike.rig.written(i);
    if (asked != "ID\r\n" && asked != "CM\r\n" && asked != "ST\r\n") FAIL(asked);
  }
  CHECK(bike.rig.violations.empty());
}

TEST_CASE("without a belt there is no heart rate") {
  Bike bike;
  bike.rig.connect();
  bike.run(2);
  const auto before = bike.rig.values(Driver::kHeartRate).size();
  bike.rig.receive("000\t052\t095\t000\t030\t0001\t00:12\t030\r\n");
  CHECK(bike.rig.last(Driver::kCadence) == 52);
  CHECK(bike.rig.values(Driver::kHeartRate).size() == before);
}

TEST_CASE("a bike that knows small letters only") {
  Bike bike;
  bike.rig.connect();
  bike.rig.run_for(1'500 * kMs);
  CHECK(bike.rig.last_written() == "ID\r\n");
  bike.rig.receive("ERROR\r\n");
  bike.rig.run_for(700 * kMs);
  CHECK(bike.rig.last_written() == "ID\r\n");
  bike.rig.run_for(700 * kMs);
  CHECK(bike.rig.last_written() == "id\r\n");
  bike.rig.receive("sf1b1706\r\n");
  CHECK(bike.rig.last_written() == "cm\r\n");
  bike.rig.run_for(200 * kMs);
  CHECK(bike.rig.last_written() == "st\r\n");
  bike.rig.receive(kStatus);
  CHECK(bike.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("what talks unasked is given back at once, and nothing was written to it") {
  Bike bike;
  bike.rig.connect();
  for (int i = 0; i < 5; ++i) {
    bike.rig.receive("123456,13.50,lbs,24.56,0.00,\r\n");
    bike.rig.run_for(100 * kMs);
  }
  CHECK(bike.rig.state() == PATELLA_DEVICE_NOT_MINE);
  bike.rig.run_for(60 * kS);
  CHECK(bike.rig.writes.empty());
}

TEST_CASE("a bike of the same kind that fills no field with zeros is live with its values") {
  Bike bike;
  bike.status = "98\t62\t201\t0\t025\t1\t00:04\t25\r\n";
  bike.rig.connect();
  bike.run(5);
  CHECK(bike.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(bike.rig.last(Driver::kCadence) == 62);
  CHECK(bike.rig.last(Driver::kHeartRate) == 98);
  CHECK(bike.rig.last(Driver::kPower) == 25);
}

TEST_CASE(
    "values that cannot be are no other product and no silence: told, asked on in its time, live when they "
    "can be") {
  Bike bike;
  bike.status = "101\t999\t074\t002\t025\t0312\t01:12\t025\r\n";
  bike.rig.connect();
  bike.run(30);
  CHECK(bike.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(bike.rig.text() == "The bike answers, but its values cannot be read. Switch it off and on");
  CHECK(bike.rig.samples.empty());
  std::size_t entered = 0;
  for (std::size_t i = 0; i < bike.rig.writes.size(); ++i) entered += bike.rig.written(i) == "CM\r\n";
  CHECK(entered == 1);
  bike.status = kStatus;
  bike.run(2);
  CHECK(bike.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("a known bike that left PC mode and answers ERROR is put into it again") {
  Bike bike;
  bike.rig.connect();
  bike.run(10);
  bike.status = "ERROR\r\n";
  const auto before = bike.rig.writes.size();
  bike.run(2.6);
  bool entered = false;
  for (std::size_t i = before; i < bike.rig.writes.size(); ++i) entered |= bike.rig.written(i) == "CM\r\n";
  CHECK(entered);
  bike.status = kStatus;
  bike.run(2);
  CHECK(bike.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("a bike that is switched on long after the kiosk is found; until then it is asked gently") {
  Bike bike;
  bike.answers = false;
  bike.rig.connect();
  bike.run(5);
  CHECK(bike.rig.state() == PATELLA_DEVICE_SILENT);
  CHECK(bike.rig.text().find("switched on") != std::string::npos);
  bike.run(20);
  CHECK(bike.rig.writes.size() <= 16);
  CHECK_FALSE(bike.rig.was(PATELLA_DEVICE_NOT_MINE));
  bike.rig.receive(std::string("\xFF\x00\xF0", 3));  // the spike of a switch
  bike.answers = true;
  bike.answered = bike.rig.writes.size();
  bike.run(10);
  CHECK(bike.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(bike.rig.last(Driver::kCadence) == 47);
}

TEST_CASE("what answers no status is given back within 9 s") {
  Bike bike;
  bike.rig.connect();
  for (int i = 0; i < 90; ++i) {
    bike.rig.run_for(100 * kMs);
    if (i > 15) bike.rig.receive("Not a valid command\r\n");
  }
  CHECK(bike.rig.state() == PATELLA_DEVICE_NOT_MINE);
  bike.rig.receive(kStatus);
  bike.rig.run_for(60 * kS);
  CHECK(bike.rig.samples.empty());
  CHECK(bike.rig.state() == PATELLA_DEVICE_NOT_MINE);
}

TEST_CASE("no answer for 2 s: PC mode again; then SILENT; then it comes back") {
  Bike bike;
  bike.rig.connect();
  bike.run(10);
  bike.answers = false;
  bike.rig.logs.clear();
  const auto before = bike.rig.writes.size();
  bike.run(2.6);
  bool entered = false;
  for (std::size_t i = before; i < bike.rig.writes.size(); ++i) entered |= bike.rig.written(i) == "CM\r\n";
  CHECK(entered);
  CHECK(bike.rig.state() == PATELLA_DEVICE_LIVE);
  bike.run(6);
  CHECK(bike.rig.state() == PATELLA_DEVICE_SILENT);
  CHECK_FALSE(bike.rig.text().empty());
  bike.run(600);
  CHECK(bike.rig.state() == PATELLA_DEVICE_SILENT);
  bike.answers = true;
  bike.run(5);
  CHECK(bike.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(bike.rig.violations.empty());
}

TEST_CASE("it knows no commands") {
  Bike bike;
  bike.rig.connect();
  bike.run(5);
  CHECK_FALSE(bike.rig.command("tare"));
}

TEST_CASE("any bytes at any time are survived, and the rules of the host are kept") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Bike bike;
  bike.rig.connect();
  bike.run(3);
  const std::vector<std::string> words = {kStatus, "ACK\r\n", "ERROR\r\n", "FX1S\r\n", "\t", "\r\n", "\xFF"};
  for (int round = 0; round < patella::test::fuzz_rounds(); ++round) {
    std::string text = words[random() % words.size()];
    if (random() % 4 == 0) text[random() % text.size()] = static_cast<char>(random());
    bike.rig.receive(text);
    bike.rig.run_for(random() % (300 * kMs));
    if (!bike.rig.violations.empty()) FAIL(bike.rig.violations.front());
    bike.rig.samples.clear();
    bike.rig.writes.clear();
    bike.rig.states.clear();
  }
  // And after all that it still is a bike.
  bike.answered = bike.rig.writes.size();
  bike.rig.receive("\r\n");
  bike.run(60);
  CHECK(bike.rig.last(Driver::kCadence) == 47);
  CHECK(bike.rig.now_us - bike.rig.samples.back().t_us < 2 * kS);
}
