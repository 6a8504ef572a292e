#include "report.hpp"

#include <cmath>
#include <random>

#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::hid_scale;
using Bytes = std::vector<uint8_t>;

namespace {

Reading reading_of(const Bytes& bytes) {
  const auto reading = read_report(bytes);
  REQUIRE(reading);
  return *reading;
}

}  // namespace

TEST_CASE("reports of real scales") {
  const Reading grams = reading_of({0x03, 0x04, 0x02, 0x00, 0x6E, 0x03});
  CHECK(grams.status == ScaleStatus::stable);
  CHECK(*grams.force_n == Approx(8.610).margin(0.0005));
  CHECK(*reading_of({0x03, 0x04, 0x0B, 0xFF, 0x4E, 0x00}).force_n == Approx(2.169).margin(0.0005));
  const Reading zero = reading_of({0x03, 0x02, 0x0B, 0xFF, 0x00, 0x00});
  CHECK(zero.status == ScaleStatus::stable_at_zero);
  CHECK(zero.force_n == 0.0);
  const Reading unknown = reading_of({0x03, 0x04, 0x00, 0xFF, 0x38, 0x00});
  CHECK_FALSE(unknown.force_n);
  CHECK(unknown.raw == 56);
}

TEST_CASE("the status is the sign") {
  CHECK(*reading_of({0x03, 0x05, 0x03, 0x00, 0x02, 0x00}).force_n == Approx(-19.6133));
  const auto zero = reading_of({0x03, 0x05, 0x0B, 0xFF, 0x00, 0x00}).force_n;
  CHECK(zero == 0.0);
  CHECK_FALSE(std::signbit(*zero));
}

TEST_CASE("one kilogram in each unit") {
  struct Case {
    uint8_t unit;
    int8_t exponent;
    uint16_t raw;
  };
  for (const Case& one :
       {Case{1, 3, 1000}, Case{2, 0, 1000}, Case{3, 0, 1}, Case{4, 0, 5000}, Case{6, 0, 15432}, Case{7, -1, 6430}, Case{8, -3, 1},
        Case{9, -6, 1102}, Case{10, -3, 32151}, Case{11, -2, 3527}, Case{12, -4, 22046}}) {
    INFO("unit " << int(one.unit));
    const Reading reading = reading_of({0x03, 0x04, one.unit, static_cast<uint8_t>(one.exponent),
                                        static_cast<uint8_t>(one.raw & 0xFF), static_cast<uint8_t>(one.raw >> 8)});
    REQUIRE(reading.force_n);
    CHECK(*reading.force_n == Approx(9.80665).epsilon(0.001));
  }
  CHECK_FALSE(reading_of({0x03, 0x04, 0x05, 0, 1, 0}).force_n);
  CHECK_FALSE(reading_of({0x03, 0x04, 0x0D, 0, 1, 0}).force_n);
}

TEST_CASE("the weight is unsigned, low byte first") {
  CHECK(*reading_of({0x03, 0x04, 0x02, 0x00, 0xFF, 0xFF}).force_n == Approx(642.679));
}

TEST_CASE("what is no data report is refused") {
  CHECK(read_report(Bytes{0x04, 0x04, 0x02, 0x00, 0x6E, 0x03}));
  CHECK_FALSE(read_report({}));
  CHECK_FALSE(read_report(Bytes{0x03, 0x04, 0x02, 0x00, 0x6E}));
  CHECK_FALSE(read_report(Bytes{0x03, 0x04, 0x02, 0x00, 0x6E, 0x03, 0x00}));
  CHECK_FALSE(read_report(Bytes{0x05, 0x04, 0x02, 0x00, 0x6E, 0x03}));
  CHECK_FALSE(read_report(Bytes{0x03, 0x00, 0x02, 0x00, 0x6E, 0x03}));
  CHECK_FALSE(read_report(Bytes{0x03, 0x09, 0x02, 0x00, 0x6E, 0x03}));
  CHECK_FALSE(read_report(Bytes{0x03, 0x04, 0x02, 0x0A, 0x6E, 0x03}));
  CHECK_FALSE(read_report(Bytes{0x03, 0x04, 0x02, 0x80, 0x6E, 0x03}));
}

TEST_CASE("any bytes are survived; a force is finite") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  int read = 0;
  for (int round = 0; round < patella::test::fuzz_rounds(); ++round) {
    Bytes report = {0x03, 0x04, 0x02, 0x00, 0x6E, 0x03};
    for (unsigned i = 0; i < random() % 5; ++i) report[random() % 6] = static_cast<uint8_t>(random());
    if (random() % 8 == 0) report.resize(random() % 12);
    const auto reading = read_report(report);
    read += reading.has_value();
    if (reading && reading->force_n && !std::isfinite(*reading->force_n)) FAIL("not finite");
  }
  CHECK(read > 0);
}
