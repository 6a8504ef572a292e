#include "driver_kit/lines.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace patella::driver_kit;

namespace {

std::span<const uint8_t> bytes_of(std::string_view text) { return {reinterpret_cast<const uint8_t*>(text.data()), text.size()}; }

std::vector<std::string> cut(LineCutter& cutter, std::string_view text) {
  std::vector<std::string> lines;
  cutter.feed(bytes_of(text), [&](std::string_view line) { lines.emplace_back(line); });
  return lines;
}

}  // namespace

TEST_CASE("lines are cut the same however the bytes are sliced") {
  const std::string text = "Starting capture...\r\n0;52.52\r\n968;52.77\r\n\r\n3324;R\n14628;-1.5\r\nrest";
  LineCutter whole;
  const auto expected = cut(whole, text);
  REQUIRE(expected == std::vector<std::string>{"Starting capture...", "0;52.52", "968;52.77", "3324;R", "14628;-1.5"});
  for (std::size_t slice = 1; slice < text.size(); ++slice) {
    LineCutter cutter;
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size(); at += slice)
      for (auto& line : cut(cutter, std::string_view(text).substr(at, slice))) lines.push_back(line);
    CHECK(lines == expected);
  }
}

TEST_CASE("an endless line is dropped up to its end and counted; the next one is read") {
  LineCutter cutter;
  CHECK(cut(cutter, std::string(100'000, 'x')).empty());
  CHECK(cutter.overlong() == 0);
  CHECK(cut(cutter, "\n1;2.5\n") == std::vector<std::string>{"1;2.5"});
  CHECK(cutter.overlong() == 1);
}

TEST_CASE("the version behind a name") {
  CHECK(version_after("junkForce_Sensor-0.6", "Force_Sensor-") == "0.6");
  CHECK(version_after("Force_Sensor-1.12a3", "Force_Sensor-") == "1.12");
  CHECK(version_after("Force_Sensor-", "Force_Sensor-") == "");
}

TEST_CASE("unsigned numbers: digits only, 32 bits") {
  CHECK(read_unsigned("0") == 0u);
  CHECK(read_unsigned("4294967295") == 4294967295u);
  for (const char* text : {"", "-1", "+1", " 1", "1 ", "4294967296", "00000000001", "1a", "0x1"}) {
    INFO(text);
    CHECK_FALSE(read_unsigned(text));
  }
}

TEST_CASE("decimal numbers: a point, no exponent, no words") {
  CHECK(*read_decimal("-4.40") == Approx(-4.4));
  CHECK(*read_decimal("52") == 52);
  CHECK(*read_decimal("999999999.999999999") == Approx(1e9));
  for (const char* text : {"", "-", ".5", "5.", "1,5", "--1", "+1", "1e3", "nan", "inf", "1.0.0", " 1", "1234567890"}) {
    INFO(text);
    CHECK_FALSE(read_decimal(text));
  }
}

TEST_CASE("what a stranger said can be logged, whatever it was") {
  CHECK(printable("id 7 ~") == "id 7 ~");
  CHECK(printable("\xFF\x01\tok\x7F") == "???ok?");
}
