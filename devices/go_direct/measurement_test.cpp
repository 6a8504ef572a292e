#include "measurement.hpp"

#include <utility>

#include "support/catch.hpp"

using namespace patella::go_direct;
using Kind = Measurement::Kind;

namespace {

/// A frame that lives as long as what was read from it.
struct Read {
  explicit Read(Bytes bytes) : frame(std::move(bytes)), got(read_measurement(frame)) {}
  Bytes frame;
  std::optional<Measurement> got;
};

}  // namespace

TEST_CASE("three values of sensor 1 in a normal float frame") {
  const Bytes frame = {0x20, 0x15, 0x10, 0xF7, 0x06, 0x02, 0x00, 0x03, 0x00, 0x00, 0x00,
                       0x48, 0x41, 0x00, 0x00, 0x4C, 0x41, 0x00, 0x00, 0x50, 0x41};
  CHECK(checksum(frame) == frame[3]);
  const auto got = read_measurement(frame);
  REQUIRE(got);
  CHECK(got->kind == Kind::periodic);
  CHECK(got->counter == 0x10);
  CHECK(got->mask == 2);
  CHECK(got->rows == 3);
  CHECK(got->value(0, 1) == 12.5);
  CHECK(got->value(1, 1) == 12.75);
  CHECK(got->value(2, 1) == 13.0);
  CHECK_FALSE(got->value(3, 1));
  CHECK_FALSE(got->value(0, 0));
  CHECK_FALSE(got->value(0, -1));
}

TEST_CASE("each row holds the sensors from the lowest bit on; the wide frame has 32 of them") {
  const Bytes normal = {0x20, 0x19, 0,    0,    0x06, 0x12, 0x00, 2,    0, 0, 0,    0x80, 0x3F,
                        0,    0,    0x00, 0x40, 0,    0,    0x40, 0x40, 0, 0, 0x80, 0x40};  // sensors 1 and 4: 1, 2, 3, 4
  const auto two = read_measurement(normal);
  REQUIRE(two);
  CHECK(two->value(0, 1) == 1.0);
  CHECK(two->value(0, 4) == 2.0);
  CHECK(two->value(1, 1) == 3.0);
  CHECK(two->value(1, 4) == 4.0);
  const Bytes wide = {0x20, 0x13, 0, 0, 0x07, 0x02, 0, 0, 0x80, 1, 0, 0, 0, 0x80, 0x3F, 0, 0, 0x00, 0x40};
  const auto sensors = read_measurement(wide);
  REQUIRE(sensors);
  CHECK(sensors->mask == 0x80000002u);
  CHECK(sensors->value(0, 1) == 1.0);
  CHECK(sensors->value(0, 31) == 2.0);
}

TEST_CASE("one sensor by number, as float or as integer, periodic or not") {
  const Read real({0x20, 0x0C, 0, 0, 0x08, 0, 3, 1, 0, 0, 0x48, 0x41});
  REQUIRE(real.got);
  CHECK(real.got->kind == Kind::periodic);
  CHECK(real.got->value(0, 3) == 12.5);
  const Read whole({0x20, 0x10, 0, 0, 0x09, 0, 3, 2, 0xFE, 0xFF, 0xFF, 0xFF, 7, 0, 0, 0});
  REQUIRE(whole.got);
  CHECK(whole.got->is_int);
  CHECK(whole.got->value(0, 3) == -2.0);
  CHECK(whole.got->value(1, 3) == 7.0);
  CHECK(read_measurement(Bytes{0x20, 0x0C, 0, 0, 0x0A, 0, 3, 1, 0, 0, 0x48, 0x41})->kind == Kind::aperiodic);
  CHECK(read_measurement(Bytes{0x20, 0x0C, 0, 0, 0x0B, 0, 3, 1, 7, 0, 0, 0})->kind == Kind::aperiodic);
}

TEST_CASE("notices carry no rows") {
  CHECK(read_measurement(Bytes{0x20, 0x05, 0, 0, 0x0C})->kind == Kind::start_time);
  CHECK(read_measurement(Bytes{0x20, 0x09, 0, 0, 0x0D, 1, 2, 3, 4})->kind == Kind::dropped);
  CHECK(read_measurement(Bytes{0x20, 0x05, 0, 0, 0x0E})->kind == Kind::new_period);
  CHECK(read_measurement(Bytes{0x20, 0x05, 0, 0, 0x33})->kind == Kind::unknown);
}

TEST_CASE("a value that is no number is missing; a frame that promises too much is refused") {
  const Read nan({0x20, 0x0D, 0, 0, 0x06, 2, 0, 1, 0, 0, 0, 0xC0, 0x7F});
  REQUIRE(nan.got);
  CHECK_FALSE(nan.got->value(0, 1));
  CHECK_FALSE(read_measurement(Bytes{0x20, 0x0D, 0, 0, 0x06, 2, 0, 2, 0, 0, 0, 0xC0, 0x7F}));
  CHECK_FALSE(read_measurement(Bytes{0x20, 0x0D, 0, 0, 0x06, 0, 0, 1, 0, 0, 0, 0xC0, 0x7F}));
  CHECK_FALSE(read_measurement(Bytes{0x20, 0x0D, 0, 0, 0x06, 2, 0, 0, 0, 0, 0, 0xC0, 0x7F}));
  CHECK_FALSE(read_measurement(Bytes{0x20, 0x07, 0, 0, 0x06, 2, 0}));
  CHECK_FALSE(read_measurement(Bytes{0x20, 0x0C, 0, 0, 0x08, 0, 32, 1, 0, 0, 0, 0}));
  CHECK_FALSE(read_measurement(Bytes{0x98, 0x05, 0, 0, 0x06}));
}
