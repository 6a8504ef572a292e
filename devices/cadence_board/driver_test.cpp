#include "driver.hpp"

#include <patella/testing.hpp>

#include <algorithm>
#include <random>

#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::cadence_board;
using patella::testing::ScriptedDriverHost;

namespace {

constexpr int64_t kMs = 1000;

/// A board that turns evenly and beats twice a second.
struct Board {
  ScriptedDriverHost rig{patella::sdk::DeviceGlue<Driver>::kTable};
  uint32_t count = 0;
  int64_t boot_us = 0, next_beat_us = 0;
  void boot() {
    boot_us = rig.now_us;
    count = 0;
    next_beat_us = 0;
  }
  void run(double seconds, double rpm) {
    const int64_t end_us = rig.now_us + static_cast<int64_t>(seconds * 1e6);
    const auto turn_us = rpm > 0 ? static_cast<int64_t>(60e6 / rpm) : patella::sdk::kNever / 4;
    int64_t next_turn_us = rig.now_us + turn_us;
    if (next_beat_us <= 0) next_beat_us = rig.now_us + 500 * kMs;
    while (std::min(next_turn_us, next_beat_us) <= end_us) {
      const bool turns = next_turn_us <= next_beat_us;
      rig.run_to(turns ? next_turn_us : next_beat_us);
      const std::string stamp = std::to_string(static_cast<uint32_t>(rig.now_us - boot_us)) + ";";
      rig.receive(stamp + (turns ? std::to_string(++count) : "=") + "\n");
      (turns ? next_turn_us : next_beat_us) += turns ? turn_us : 500 * kMs;
    }
    rig.run_to(end_us);
  }
  void start() {
    rig.connect();
    rig.run_for(1'700 * kMs);
    boot();
    rig.receive("\xFEoot\r\n");
    run(5, 0);
  }
};

}  // namespace

TEST_CASE("it is found by its heartbeat: nothing is written to it; it stands, then it turns") {
  Board board;
  board.rig.connect();
  board.rig.run_for(1'700 * kMs);
  board.boot();
  board.run(0.6, 0);
  CHECK(board.rig.state() == PATELLA_DEVICE_LIVE);
  board.run(5, 0);
  CHECK(board.rig.last(0) == 0);
  board.run(20, 80);
  CHECK(board.rig.last(0) == Approx(80).epsilon(1e-3));
  CHECK(board.rig.writes.empty());
  CHECK(board.rig.violations.empty());
}

TEST_CASE("a board that says nothing by itself is asked for its version") {
  Board board;
  board.rig.connect();
  board.rig.run_for(3'499 * kMs);
  CHECK(board.rig.writes.empty());
  board.rig.run_for(2 * kMs);
  CHECK(board.rig.last_written() == "version:");
  board.rig.receive("Cadence_Sensor-1.0\r\n");
  board.run(1, 0);
  CHECK(board.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(board.rig.writes.size() == 1);
}

TEST_CASE("a board that answers but has no heartbeat any more is SILENT, and the log names its version once") {
  Board board;
  board.start();
  board.run(5, 80);
  std::size_t answered = board.rig.writes.size();
  for (int i = 0; i < 600; ++i) {
    board.rig.run_for(100 * kMs);
    for (; answered < board.rig.writes.size(); ++answered) board.rig.receive("Cadence_Sensor-1.0\r\n");
    if (i > 46) CHECK(board.rig.state() == PATELLA_DEVICE_SILENT);
  }
  CHECK(board.rig.text().find("no heartbeat") != std::string::npos);
  const auto names = [](const std::string& line) { return line.find("firmware 1.0") != std::string::npos; };
  CHECK(std::count_if(board.rig.logs.begin(), board.rig.logs.end(), names) == 1);
  board.run(2, 80);
  CHECK(board.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("a board that comes long after the kiosk began is found; until then its port is asked gently") {
  Board board;
  board.rig.connect();
  board.rig.run_for(5'100 * kMs);
  CHECK(board.rig.state() == PATELLA_DEVICE_SILENT);
  board.rig.run_for(25'000 * kMs);
  CHECK(board.rig.writes.size() <= 6);
  CHECK_FALSE(board.rig.was(PATELLA_DEVICE_NOT_MINE));
  board.run(5, 80);
  CHECK(board.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(board.rig.last(0) == Approx(80).epsilon(0.01));
}

TEST_CASE("lines of a known board that cannot be read are no silence: nothing is written, and it is told") {
  Board board;
  board.start();
  for (int i = 0; i < 60; ++i) {
    board.rig.run_for(500 * kMs);
    board.rig.receive("1\xFE;\xFF\n");
  }
  CHECK(board.rig.writes.empty());
  CHECK(board.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(board.rig.text().find("cannot be read") != std::string::npos);
  board.boot();
  board.run(5, 80);
  CHECK(board.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("spikes that add up over hours are no other product") {
  Board board;
  board.rig.connect();
  for (int i = 0; i < 100; ++i) {
    board.rig.receive("\xFF\n");
    board.rig.run_for(20'000 * kMs);
  }
  CHECK(board.rig.state() == PATELLA_DEVICE_SILENT);
  board.boot();
  board.run(5, 80);
  CHECK(board.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("what does not answer like it is given back within 8 s") {
  Board board;
  board.rig.connect();
  for (int i = 0; i < 81; ++i) {
    if (i % 10 == 0) board.rig.receive("Not a valid command\r\n12;34\r\n");
    board.rig.run_for(100 * kMs);
  }
  CHECK(board.rig.state() == PATELLA_DEVICE_NOT_MINE);
  CHECK(board.rig.writes.size() == 3);
  board.run(20, 80);
  CHECK(board.rig.samples.empty());
  CHECK(board.rig.state() == PATELLA_DEVICE_NOT_MINE);
}

TEST_CASE("somebody else's stream is given back before anything is written") {
  Board board;
  board.rig.connect();
  for (int i = 0; i < 30; ++i) {
    board.rig.receive(std::to_string(i * 11333) + ";52.77\r\n");
    board.rig.run_for(11 * kMs);
  }
  CHECK(board.rig.state() == PATELLA_DEVICE_NOT_MINE);
  CHECK(board.rig.writes.empty());
}

TEST_CASE("times are the board's, not those of the port") {
  Board board;
  board.start();
  board.run(20, 80);
  const auto before = board.rig.samples.size();
  const auto now = static_cast<uint32_t>(board.rig.now_us - board.boot_us);
  std::string lump;
  board.rig.run_for(1'600 * kMs);
  for (uint32_t i = 1; i <= 2; ++i) lump += std::to_string(now + i * 750'000) + ";" + std::to_string(++board.count) + "\n";
  board.rig.receive(lump);
  REQUIRE(board.rig.samples.size() == before + 2);
  CHECK(board.rig.samples.back().t_us - board.rig.samples[before].t_us == Approx(750'000).margin(8'000));
}

TEST_CASE("a revolution that is printed after a younger heartbeat counts all the same") {
  Board board;
  board.start();
  board.run(20, 80);
  const auto logs = board.rig.logs.size();
  for (int i = 0; i < 8; ++i) {
    board.rig.run_for(750 * kMs);
    const auto now = static_cast<uint32_t>(board.rig.now_us - board.boot_us);
    board.rig.receive(std::to_string(now) + ";=\n" + std::to_string(now - 40) + ";" + std::to_string(++board.count) + "\n" +
                      std::to_string(now - 60) + ";=\n");
    if (i > 0) CHECK(board.rig.last(0) == Approx(80).epsilon(0.02));
  }
  CHECK(board.rig.logs.size() == logs);
  CHECK(board.rig.violations.empty());
}

TEST_CASE("the rider stops: no value that was not measured, 0 after 4 s") {
  Board board;
  board.start();
  board.run(20, 80);
  board.run(3, 0);
  CHECK(board.rig.last(0) == Approx(80).epsilon(0.01));
  board.run(1.6, 0);
  CHECK(board.rig.last(0) == 0);
  CHECK(board.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("2 s of silence: asked; still nothing: SILENT; it comes back, even when it restarted") {
  Board board;
  board.start();
  board.run(10, 80);
  const auto before = board.rig.writes.size();
  board.rig.run_for(1'400 * kMs);
  CHECK(board.rig.writes.size() == before);
  board.rig.run_for(700 * kMs);
  CHECK(board.rig.last_written() == "version:");
  board.rig.run_for(2'500 * kMs);
  CHECK(board.rig.state() == PATELLA_DEVICE_SILENT);
  CHECK_FALSE(board.rig.text().empty());
  board.boot();
  board.run(6, 80);
  CHECK(board.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(board.rig.last(0) == Approx(80).epsilon(1e-3));
  CHECK(board.rig.violations.empty());
}

TEST_CASE("it knows no commands") {
  Board board;
  board.start();
  CHECK_FALSE(board.rig.command("tare"));
}

TEST_CASE("any bytes at any time are survived, and the rules of the host are kept") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Board board;
  board.start();
  const std::vector<std::string> words = {"Cadence_Sensor-1.0\r\n", "12;=\n", "4294967295;3\n", ";", "\r\n", "\xFF"};
  for (int round = 0; round < patella::test::fuzz_rounds(); ++round) {
    std::string text = random() % 3 ? words[random() % words.size()]
                                    : std::to_string(random() % 4294967296u) + ";" + std::to_string(random() % 9) + "\n";
    if (random() % 4 == 0) text[random() % text.size()] = static_cast<char>(random());
    board.rig.receive(text);
    board.rig.run_for(random() % (50 * kMs));
    if (!board.rig.violations.empty()) FAIL(board.rig.violations.front());
    for (const auto& sample : board.rig.samples)
      if (sample.value < 0 || sample.value > 220) FAIL("cadence " << sample.value);
    board.rig.samples.clear();
    board.rig.writes.clear();
    board.rig.states.clear();
  }
}
