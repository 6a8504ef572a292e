#include "probe.hpp"

#include <cmath>
#include <cstring>

#include "support/catch.hpp"

using namespace patella::go_link;

namespace {

void put(Bytes& record, std::size_t at, float value) { std::memcpy(record.data() + at, &value, 4); }
void put(Bytes& record, std::size_t at, const char* text) { std::memcpy(record.data() + at, text, std::strlen(text)); }
void seal(Bytes& record) {
  record[127] = 0;
  for (std::size_t i = 0; i < 127; ++i) record[127] = static_cast<uint8_t>(record[127] ^ record[i]);
}

Bytes dynamometer() {
  Bytes record(128, 0);
  record[1] = 26;
  put(record, 8, "Hand Dynamometer");
  record[57] = 14;
  record[58] = 1;
  put(record, 63, 600.0f);
  record[68] = 1;
  record[69] = 1;
  put(record, 70, 1.0f);  // page 0 is not the active one
  put(record, 89, -19.25f);
  put(record, 93, 175.5f);
  put(record, 101, "(N)");
  seal(record);
  return record;
}

Bytes flash(int16_t ten, int16_t five, float slope_ten, float slope_five) {
  Bytes record(20, 0);
  record[1] = 0x9C;
  const auto word = [&](std::size_t at, int16_t value) {
    record[at] = static_cast<uint8_t>(static_cast<uint16_t>(value) >> 8);
    record[at + 1] = static_cast<uint8_t>(value);
  };
  const auto real = [&](std::size_t at, float value) {
    uint32_t bits = 0;
    std::memcpy(&bits, &value, 4);
    for (std::size_t i = 0; i < 4; ++i) record[at + i] = static_cast<uint8_t>(bits >> (24 - 8 * i));
  };
  word(4, ten);
  word(6, five);
  real(8, slope_ten);
  real(12, slope_five);
  return record;
}

}  // namespace

TEST_CASE("volts of both kinds of input") {
  CHECK(volts(16384, Input::ten_volt, {}) == Approx(5.0));
  CHECK(volts(-32768, Input::ten_volt, {}) == Approx(-10.0));
  CHECK(volts(0, Input::five_volt, {}) == Approx(2.5));
  CHECK(volts(-32768, Input::five_volt, {}) == Approx(0.0));
  CHECK(volts(16384, Input::five_volt, {}) == Approx(3.75));
}

TEST_CASE("the Go!Link's own record corrects the counts of each input") {
  const Bytes record = flash(-10, 20, 1.01f, 0.99f);
  const Correction ten = read_correction(record, Input::ten_volt);
  CHECK(ten.offset == -10);
  CHECK(ten.slope == Approx(1.01));
  const Correction five = read_correction(record, Input::five_volt);
  CHECK(five.offset == 20);
  CHECK(five.slope == Approx(0.99));
  CHECK(volts(16384, Input::ten_volt, ten) == Approx((16384 - 10) * 1.01 * 10 / 32768));
}

TEST_CASE("a record that was never written corrects nothing") {
  Bytes record = flash(-10, 20, 1.01f, 0.99f);
  record[1] = 0xFF;
  CHECK(read_correction(record, Input::ten_volt).slope == 1);
  CHECK(read_correction(flash(5, 5, 1e30f, 1e30f), Input::ten_volt).offset == 0);
  CHECK(read_correction(Bytes(19, 0x9C), Input::ten_volt).offset == 0);
  CHECK(read_correction({}, Input::five_volt).slope == 1);
}

TEST_CASE("a probe says its name, input, unit, range and the active page of its calibration") {
  const auto probe = read_probe(dynamometer());
  REQUIRE(probe);
  CHECK(probe->number == 26);
  CHECK(probe->name == "Hand Dynamometer");
  CHECK(probe->input == Input::five_volt);
  CHECK(probe->is_force);
  CHECK(probe->a == -19.25);
  CHECK(probe->b == 175.5);
  CHECK(probe->c == 0);
  CHECK(probe->max_n == 600);
}

TEST_CASE("other units and equations") {
  Bytes record = dynamometer();
  record[57] = 2;
  put(record, 101, "(lb)");
  record[58] = 2;
  put(record, 97, 0.5f);
  seal(record);
  const auto probe = read_probe(record);
  REQUIRE(probe);
  CHECK(probe->input == Input::ten_volt);
  CHECK(probe->b == Approx(175.5 * 4.448222));
  CHECK(probe->c == Approx(0.5 * 4.448222));
  put(record, 101, "(C)\0");
  record[104] = 0;
  seal(record);
  REQUIRE(read_probe(record));
  CHECK_FALSE(read_probe(record)->is_force);
  record[58] = 12;
  seal(record);
  CHECK_FALSE(read_probe(record));
}

TEST_CASE("wrong checksums are refused, but for the two ways in which makers wrote them") {
  Bytes record = dynamometer();
  const uint8_t right = record[127];
  record[127] = static_cast<uint8_t>(~right);
  CHECK(read_probe(record));
  uint8_t reversed = 0;
  for (unsigned bit = 0; bit < 8; ++bit) reversed = static_cast<uint8_t>(reversed | (right >> bit & 1u) << (7 - bit));
  record[127] = reversed;
  CHECK(read_probe(record));
  int accepted = 0;
  for (int sum = 0; sum < 256; ++sum) {
    record[127] = static_cast<uint8_t>(sum);
    accepted += read_probe(record).has_value();
  }
  CHECK(accepted <= 3);
}

TEST_CASE("a blank memory, pages that do not exist, a coefficient that is no number, another length") {
  CHECK_FALSE(read_probe(Bytes(128, 0xFF)));
  CHECK_FALSE(read_probe(Bytes(128, 0)));
  Bytes record = dynamometer();
  record[69] = 2;
  seal(record);
  CHECK_FALSE(read_probe(record));
  record = dynamometer();
  record[68] = record[69] = 3;
  seal(record);
  CHECK_FALSE(read_probe(record));
  record = dynamometer();
  put(record, 93, std::nanf(""));
  seal(record);
  CHECK_FALSE(read_probe(record));
  record = dynamometer();
  record.pop_back();
  CHECK_FALSE(read_probe(record));
}
