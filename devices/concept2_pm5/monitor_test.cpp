#include "monitor.hpp"

#include <random>

#include "csafe.hpp"
#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::concept2_pm5;
using Bytes = std::vector<uint8_t>;

namespace {

/// 0:01:45, 710 m, 88 rpm, 145 W, 126 bpm, working, 105.00 s, 711.0 m.
const Bytes kWorked = {0xF1, 0x85, 0xA0, 0x03, 0x00, 0x01, 0x2D, 0xA1, 0x03, 0xC6, 0x02, 0x24, 0xA7, 0x03, 0x58, 0x00,
                       0x54, 0xB4, 0x03, 0x91, 0x00, 0x58, 0xB0, 0x01, 0x7E, 0x1A, 0x11, 0x8D, 0x01, 0x01, 0xA0, 0x05,
                       0x04, 0x29, 0x00, 0x00, 0x32, 0xA3, 0x05, 0xC6, 0x1B, 0x00, 0x00, 0x03, 0x15, 0xF2};

Answer answer_of(const Bytes& contents) {
  const auto answer = read_answer(contents);
  REQUIRE(answer);
  return *answer;
}

}  // namespace

TEST_CASE("the requests are those of the start-up sequence and the poll") {
  CHECK(ask_version() == Bytes{0x91});
  CHECK(ask_serial() == Bytes{0x94});
  CHECK(ask_machine_type() == Bytes{0x7E, 0x01, 0xED});
  CHECK(ask_status() == Bytes{0x80});
  CHECK(ask_values() == Bytes{0xA0, 0xA1, 0xA7, 0xB4, 0xB0, 0x1A, 0x06, 0x8D, 0xA0, 0xA3, 0xBF, 0x89, 0x8E});
}

TEST_CASE("the worked answer") {
  const Frame frame = decode_frame(kWorked);
  REQUIRE(frame.fault == FrameFault::none);
  const Answer answer = answer_of(frame.contents);
  CHECK(answer.toggle);
  CHECK(answer.previous == 0);
  CHECK(answer.state == 5);
  CHECK(answer.cadence_rpm == 88);
  CHECK(answer.power_w == 145);
  CHECK(answer.heart_rate_bpm == 126);
  CHECK(answer.workout_state == 1);
  CHECK(*answer.time_s == Approx(105.0));
  CHECK(*answer.distance_m == Approx(711.0));
  CHECK(answer.has_values());
}

TEST_CASE("answers of a real monitor") {
  const Bytes serial = {0xF1, 0x81, 0x94, 0x09, 0x34, 0x33, 0x30, 0x32, 0x32, 0x38, 0x35, 0x32, 0x35, 0x21, 0xF2};
  CHECK(answer_of(decode_frame(serial).contents).serial == "430228525");
  const Bytes distance = {0xF1, 0x81, 0x1A, 0x0A, 0xA3, 0x05, 0, 0, 0, 0, 0, 0x89, 0x01, 0x08, 0xB7, 0xF2};
  const Answer answer = answer_of(decode_frame(distance).contents);
  CHECK(answer.distance_m == 0.0);
  CHECK(answer.state == 1);
}

TEST_CASE("version and machine type") {
  const Answer version = answer_of({0x01, 0x91, 0x07, 0x16, 0x02, 0x05, 0x90, 0x01, 0xAC, 0x00});
  REQUIRE(version.version);
  CHECK(version.version->manufacturer == 22);
  CHECK(version.version->model == 5);
  CHECK(version.version->hardware == 400);
  CHECK(version.version->software == 172);
  CHECK(answer_of({0x01, 0x7E, 0x03, 0xED, 0x01, 0xC0}).machine_type == 0xC0);
}

TEST_CASE("time and distance in whole seconds and metres serve when the fine ones are missing") {
  const Answer coarse = answer_of({0x05, 0xA0, 0x03, 0x01, 0x02, 0x03, 0xA1, 0x03, 0x10, 0x27, 0x24});
  CHECK(coarse.time_s == 3723.0);
  CHECK(coarse.distance_m == 10000.0);
  CHECK_FALSE(coarse.distance_is_coarse);
  CHECK(answer_of({0x05, 0xA1, 0x03, 0x03, 0x00, 0x21}).distance_m == 3000.0);
  CHECK(answer_of({0x05, 0xA1, 0x03, 0x03, 0x00, 0x21}).distance_is_coarse);
  CHECK_FALSE(answer_of({0x05, 0xA1, 0x03, 0x03, 0x00, 0x99}).distance_m);
}

TEST_CASE("a power in another unit than watts is no power") {
  const Answer answer = answer_of({0x05, 0xB4, 0x03, 0x91, 0x00, 0x59});
  CHECK_FALSE(answer.power_w);
  CHECK(answer.power_in_other_unit);
}

TEST_CASE("blocks that do not fit the length make the whole answer void") {
  CHECK_FALSE(read_answer({}));
  CHECK_FALSE(read_answer(Bytes{0x81, 0xA7}));
  CHECK_FALSE(read_answer(Bytes{0x81, 0xA7, 0x03, 0x58, 0x00}));
  CHECK_FALSE(read_answer(Bytes{0x81, 0x1A, 0x03, 0x8D, 0x02, 0x01}));
}

TEST_CASE("a block of another length than documented is left out, the others stay") {
  const Answer answer = answer_of({0x81, 0xA7, 0x02, 0x58, 0x00, 0xB4, 0x03, 0x91, 0x00, 0x58});
  CHECK_FALSE(answer.cadence_rpm);
  CHECK(answer.power_w == 145);
}

TEST_CASE("any contents are survived") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const Bytes good = decode_frame(kWorked).contents;
  for (int round = 0; round < patella::test::fuzz_rounds(); ++round) {
    Bytes contents = good;
    for (unsigned i = 0; i < random() % 6; ++i) contents[random() % contents.size()] = static_cast<uint8_t>(random());
    contents.resize(random() % (contents.size() + 1));
    const auto answer = read_answer(contents);
    if (answer && answer->distance_m && !(*answer->distance_m >= 0 && *answer->distance_m < 5e8))
      FAIL("distance " << *answer->distance_m);
    if (answer && answer->cadence_rpm && !(*answer->cadence_rpm >= 0 && *answer->cadence_rpm <= 65535)) FAIL("cadence");
  }
}
