#include "reply.hpp"

#include <cstring>

#include "support/catch.hpp"

using namespace patella::go_direct;

namespace {

void put(Bytes& out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<uint8_t>(value >> (8 * i)));
}
void put(Bytes& out, double value) {
  uint64_t bits = 0;
  std::memcpy(&bits, &value, 8);
  put(out, bits, 8);
}
void put(Bytes& out, const std::string& text, std::size_t room) {
  for (std::size_t i = 0; i < room; ++i) out.push_back(i < text.size() ? static_cast<uint8_t>(text[i]) : 0);
}

Bytes force_info(double min, double max) {
  Bytes bytes = {1, 0};
  put(bytes, 0x0102, 4);
  put(bytes, 0, 1);
  put(bytes, 0, 1);
  put(bytes, "Force", 60);
  put(bytes, "N", 32);
  put(bytes, 0.5);
  put(bytes, min);
  put(bytes, max);
  put(bytes, 10'000, 4);
  put(bytes, 86'400'000'000u, 8);
  put(bytes, 50'000, 4);
  put(bytes, 1000, 4);
  put(bytes, 0x1C, 4);
  return bytes;
}

}  // namespace

TEST_CASE("an answer echoes command and counter; a measurement is not an answer") {
  const Bytes frame = {0x98, 0x07, 0x33, 0x00, 0x18, 0xF6, 0x00};
  const auto reply = read_reply(frame);
  REQUIRE(reply);
  CHECK(reply->command == 0x18);
  CHECK(reply->counter == 0xF6);
  CHECK(read_code(reply->payload) == uint8_t{0});
  CHECK_FALSE(read_reply(Bytes{0x20, 0x07, 0x33, 0x00, 0x18, 0xF6, 0x00}));
  CHECK_FALSE(read_reply(Bytes{0x98, 0x05, 0x33, 0x00, 0x18}));
  CHECK_FALSE(read_code({}));
}

TEST_CASE("a mask of sensors") {
  CHECK(read_mask(Bytes{0x1E, 0x00, 0x00, 0x80}) == 0x8000001Eu);
  CHECK_FALSE(read_mask(Bytes{0x1E, 0, 0}));
}

TEST_CASE("battery, charger, firmware") {
  const auto power = read_power(Bytes{0, 0, 1, 8, 0x0C, 0, 1, 5, 3, 0, 87, 1});
  REQUIRE(power);
  CHECK(power->battery_percent == 87);
  CHECK(power->charger == Power::Charger::charging);
  CHECK(power->firmware == "1.8");
  CHECK(read_power(Bytes{0, 0, 1, 8, 0x0C, 0, 1, 5, 3, 0, 255, 9})->battery_percent == 100);
  CHECK_FALSE(read_power(Bytes(11, 0)));
}

TEST_CASE("who it is") {
  Bytes payload;
  put(payload, "GDX-HD", 16);
  put(payload, "155003H9", 16);
  put(payload, "GDX-HD 155003H9", 32);
  CHECK(read_name(payload) == "GDX-HD 155003H9");
  payload.pop_back();
  CHECK_FALSE(read_name(payload));
}

TEST_CASE("a sensor says its name, unit, range and periods itself") {
  const auto info = read_sensor_info(force_info(-50, 50));
  REQUIRE(info);
  CHECK(info->number == 1);
  CHECK(info->id == 0x0102);
  CHECK(info->is_periodic);
  CHECK(info->name == "Force");
  CHECK(info->unit == "N");
  CHECK(info->min == -50);
  CHECK(info->max == 50);
  CHECK(info->min_period_us == 10'000);
  CHECK(info->typical_period_us == 50'000);
  CHECK(info->granularity_us == 1000);
  CHECK(info->excludes == 0x1C);
}

TEST_CASE("an invalid range, a number beyond 31, a short answer") {
  const auto none = read_sensor_info(force_info(50, -50));
  REQUIRE(none);
  CHECK(none->min == none->max);
  Bytes bytes = force_info(0, 600);
  bytes[0] = 32;
  CHECK_FALSE(read_sensor_info(bytes));
  bytes[0] = 1;
  bytes.pop_back();
  CHECK_FALSE(read_sensor_info(bytes));
}

TEST_CASE("control characters in a name are left out, a unit keeps its UTF-8") {
  Bytes bytes = force_info(0, 1);
  bytes[8] = 0x07;
  const std::string unit = "m/s\xC2\xB2";
  std::copy(unit.begin(), unit.end(), bytes.begin() + 68);
  const auto info = read_sensor_info(bytes);
  REQUIRE(info);
  CHECK(info->name == "orce");
  CHECK(info->unit == unit);
}
