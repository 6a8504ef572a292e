#include "crank.hpp"

#include <cmath>
#include <random>

#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::cadence_board;

namespace {

constexpr uint32_t kS = 1'000'000;

/// Turns at an even cadence; a heartbeat every half second. Gives the last cadence told, −1 = none.
struct Board {
  Crank crank;
  uint32_t now_us = 5 * kS, count = 0;
  double told = -1;
  void turn(int revolutions, double rpm) {
    for (int i = 0; i < revolutions; ++i) {
      now_us += static_cast<uint32_t>(60e6 / rpm);
      if (const auto seen = crank.revolution(now_us, ++count); seen.rpm) told = *seen.rpm;
    }
  }
  void stand(double seconds) {
    for (int i = 0; i < seconds * 2; ++i)
      if (const auto rpm = crank.heartbeat(now_us += kS / 2)) told = *rpm;
  }
};

}  // namespace

TEST_CASE("lines: revolution, heartbeat, version") {
  CHECK(read_line("1234567;42").kind == Line::revolution);
  CHECK(read_line("1234567;42").device_us == 1234567);
  CHECK(read_line("1234567;42").revolutions == 42);
  CHECK(read_line("4294967295;4294967295").revolutions == 4294967295u);
  CHECK(read_line("1500000;=").kind == Line::heartbeat);
  CHECK(read_line("1500000;=").device_us == 1500000);
  CHECK(read_line("Cadence_Sensor-1.0").firmware == "1.0");
  CHECK(read_line("\x01;Cadence_Sensor-1.2").firmware == "1.2");
}

TEST_CASE("a line in any other form is ignored") {
  for (const char* text : {"", ";", "12;", ";=", "12;==", "12; =", "-12;3", "12;-3", "12;52.77", "12;R", "4294967296;1",
                           "1;4294967296", "a;=", "12,3", "12;3;4", "Force_Sensor-0.6"}) {
    INFO(text);
    CHECK(read_line(text).kind == Line::unknown);
  }
}

TEST_CASE("cadence is 60 s by the time of a revolution") {
  Board board;
  board.turn(1, 90);
  CHECK(board.told == -1);
  board.turn(1, 90);
  CHECK(board.told == Approx(90).epsilon(1e-4));
  board.turn(1, 4.01);
  CHECK(board.told == Approx(4.01).epsilon(1e-4));
  board.turn(1, 219);
  CHECK(board.told == Approx(219).epsilon(1e-4));
  board.told = -1;
  board.turn(1, 3.9);
  CHECK(board.told == -1);
}

TEST_CASE("the roll-over of the board's clock is no gap") {
  Board board;
  board.now_us = 0xFFFFFFFFu - 2 * kS;
  for (int i = 0; i < 10; ++i) {
    board.turn(1, 80);
    if (i > 0) CHECK(board.told == Approx(80).epsilon(1e-4));
  }
}

TEST_CASE("a lost line is seen in the count") {
  Board board;
  board.turn(3, 80);
  board.count += 2;
  board.now_us += 2 * 750'000;
  board.turn(1, 80);
  CHECK(board.told == Approx(80).epsilon(1e-4));
}

TEST_CASE("a contact that bounces is no revolution, and the next one is right") {
  Board board;
  board.turn(3, 80);
  board.told = -1;
  const auto bounced = board.crank.revolution(board.now_us + 20'000, ++board.count);
  CHECK(bounced.bounce);
  CHECK_FALSE(bounced.rpm);
  board.turn(1, 80);
  CHECK(board.told == Approx(80).epsilon(1e-4));
  CHECK(board.crank.revolution(board.now_us + 100'000, ++board.count).bounce);
  CHECK(board.crank.revolution(board.now_us + 130'000, ++board.count).bounce);
  board.turn(1, 80);
  CHECK(board.told == Approx(80).epsilon(1e-4));
}

TEST_CASE("the same line twice says nothing new") {
  Board board;
  board.turn(3, 80);
  CHECK_FALSE(board.crank.revolution(board.now_us, board.count).rpm);
  CHECK_FALSE(board.crank.revolution(board.now_us + 700'000, board.count).rpm);
  board.told = -1;
  board.turn(1, 80);
  CHECK(board.told == Approx(80).epsilon(1e-4));
}

TEST_CASE("no revolution any more: a silence is no measurement; after 4 s it is 0") {
  Board board;
  board.turn(3, 80);
  board.told = -1;
  board.stand(3.5);
  CHECK(board.told == -1);
  board.stand(0.5);
  CHECK(board.told == 0);
  board.stand(3'600);
  CHECK(board.told == 0);
  board.turn(1, 80);
  CHECK(board.told == 0);
  board.turn(1, 80);
  CHECK(board.told == Approx(80).epsilon(1e-4));
}

TEST_CASE("ten turns a minute are ten turns a minute, with a heartbeat every half second between them") {
  Board board;
  board.turn(4, 10);
  for (int turn = 0; turn < 6; ++turn) {
    board.told = -1;
    board.stand(5.5);
    CHECK(board.told == -1);
    board.now_us += kS / 2;
    board.told = board.crank.revolution(board.now_us, ++board.count).rpm.value_or(-2);
    CHECK(board.told == Approx(10).epsilon(1e-4));
  }
  board.stand(7.5);
  CHECK(board.told == Approx(10).epsilon(1e-4));
  board.stand(0.5);
  CHECK(board.told == 0);  // 1.3 times the six seconds
}

TEST_CASE("a board on which nobody has pedalled says 0 after 4.5 s") {
  Board board;
  board.stand(4.5);
  CHECK(board.told == -1);
  board.stand(0.5);
  CHECK(board.told == 0);
}

TEST_CASE("a revolution 71 min 35.5 s after the last one is not taken for one after half a second") {
  Board board;
  board.turn(3, 80);
  board.stand(4295);
  board.told = -1;
  board.turn(1, 120);
  CHECK(board.told == -1);
}

TEST_CASE("any times and counts: the cadence told is between 0 and 220") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Crank crank;
  uint32_t now_us = 0, count = 0;
  for (int round = 0; round < patella::test::fuzz_rounds(); ++round) {
    now_us = random() % 50 == 0 ? static_cast<uint32_t>(random()) : now_us + static_cast<uint32_t>(random() % 3'000'000);
    count = random() % 50 == 0 ? static_cast<uint32_t>(random()) : count + static_cast<uint32_t>(random() % 3);
    const auto told = random() % 3 ? crank.revolution(now_us, count).rpm : crank.heartbeat(now_us);
    if (told && (!std::isfinite(*told) || *told < 0 || *told > 220)) FAIL("cadence " << *told);
  }
}
