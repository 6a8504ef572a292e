#include "status.hpp"

#include <random>
#include <string>

#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::kettler;

TEST_CASE("a status line of a real bike: 101 bpm, 47 rpm, 7.4 km/h, 0.2 km, 25 W, 312 kJ, 1:12") {
  const auto status = read_status("101\t047\t074\t002\t025\t0312\t01:12\t025");
  REQUIRE(status);
  CHECK(status->heart_rate_bpm == 101);
  CHECK(status->cadence_rpm == 47);
  CHECK(status->speed_m_s == Approx(7.4 / 3.6));
  CHECK(status->distance_m == 200);
  CHECK(status->target_w == 25);
  CHECK(status->energy_kj == 312);
  CHECK(status->time_s == 72);
  CHECK(status->power_w == 25);
}

TEST_CASE("no belt; nothing at all; separated by spaces; long rides") {
  CHECK(read_status("000\t052\t095\t000\t030\t0001\t00:12\t030")->heart_rate_bpm == 0);
  CHECK(read_status("000\t052\t095\t000\t030\t0001\t00:12\t030")->cadence_rpm == 52);
  CHECK(read_status("000\t000\t000\t000\t025\t0000\t00:00\t000")->cadence_rpm == 0);
  CHECK(read_status("101 047 074 002 025 0312 01:12 025")->power_w == 25);
  CHECK(read_status("101\t047\t074\t1002\t025\t10312\t125:59\t0250")->time_s == 125 * 60 + 59);
}

TEST_CASE("a bike that fills no field with zeros but the target") {
  const auto first = read_status("0\t0\t0\t0\t025\t0\t00:00\t0");
  REQUIRE(first);
  CHECK(first->cadence_rpm == 0);
  CHECK(first->target_w == 25);
  const auto riding = read_status("99\t61\t198\t1\t025\t2\t00:05\t9");
  REQUIRE(riding);
  CHECK(riding->heart_rate_bpm == 99);
  CHECK(riding->cadence_rpm == 61);
  CHECK(riding->speed_m_s == Approx(19.8 / 3.6));
  CHECK(riding->power_w == 9);
  CHECK(read_status("101\t103\t203\t100\t125\t200\t12:05\t145"));  // none to be seen
}

TEST_CASE("an answer whose values cannot be read is known as one") {
  for (const char* text : {"999\t047\t074\t002\t025\t0312\t01:12\t025", "101\t-47\t074\t002\t025\t0312\t01:12\t025",
                           "101\t047\t074\t002\t025\t0312\t01:12\t02"}) {
    CHECK_FALSE(read_status(text));
    CHECK(looks_like_status(text));
  }
  for (const char* text : {"", "ACK", "101\t047\t074\t002\t025\t0312\t01:12", "a b c d e f g h", "Not a valid command"})
    CHECK_FALSE(looks_like_status(text));
}

TEST_CASE("a line in any other form is not a status") {
  for (const char* text : {"", "ACK", "ERROR", "101\t047\t074\t002\t025\t0312\t01:12", "101\t047\t074\t002\t025\t0312\t01:12\t02",
                           "101\t047\t074\t002\t025\t0312\t01:12\t025\t000", "101\t047\t074\t002\t025\t0312\t0112\t025",
                           "101\t047\t074\t002\t025\t0312\t01:60\t025", "101\t047\t074\t002\t025\t0312\t1:12\t025",
                           "101\t-47\t074\t002\t025\t0312\t01:12\t025", "101\t04a\t074\t002\t025\t0312\t01:12\t025",
                           "999\t047\t074\t002\t025\t0312\t01:12\t025", "101\t999\t074\t002\t025\t0312\t01:12\t025",
                           "101\t047\t074\t002\t025\t0312\t01:12\t9999", "101\t047\t074\t002\t025\t0312\t01:12:13\t025",
                           "101,047,074,002,025,0312,01:12,025"}) {
    INFO(text);
    CHECK_FALSE(read_status(text));
  }
}

TEST_CASE("other answers") {
  CHECK(read_answer("ACK") == Answer::acknowledged);
  CHECK(read_answer("RUN") == Answer::acknowledged);
  CHECK(read_answer("ERROR") == Answer::error);
  CHECK(read_answer("FX1S") == Answer::other);
  CHECK(read_answer("SF1B1706") == Answer::other);
}

TEST_CASE("any text is survived; what counts as a status is within bounds") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  int read = 0;
  for (int round = 0; round < patella::test::fuzz_rounds(); ++round) {
    std::string text = "101\t047\t074\t002\t025\t0312\t01:12\t025";
    for (unsigned i = random() % 4; i > 0; --i)
      text[random() % text.size()] = static_cast<char>(random() % 2 ? random() : '0' + random() % 11);
    const auto status = read_status(text);
    read += status.has_value();
    if (status && (status->cadence_rpm > 250 || status->power_w > 2000 || status->speed_m_s > 28)) FAIL(text);
  }
  CHECK(read > 0);
}
