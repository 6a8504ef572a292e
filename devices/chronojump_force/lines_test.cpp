#include "lines.hpp"

#include <cmath>
#include <random>

#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::chronojump_force;

namespace {

std::span<const uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::vector<std::string> cut(LineCutter& cutter, std::string_view text) {
  std::vector<std::string> lines;
  cutter.feed(bytes_of(text), [&](std::string_view line) { lines.emplace_back(line); });
  return lines;
}

}  // namespace

TEST_CASE("data lines") {
  const Line line = read_line("128340;52.77");
  CHECK(line.kind == Line::sample);
  CHECK(line.device_us == 128340);
  CHECK(line.force_n == Approx(52.77));
  CHECK(read_line("4294967295;-4.40").force_n == Approx(-4.40));
  CHECK(read_line("0;0").kind == Line::sample);
  CHECK(read_line("7;-0.05").force_n == Approx(-0.05));
}

TEST_CASE("what is not exactly a data line is none") {
  for (const char* text : {"",
                           ";",
                           "12",
                           "12;",
                           ";5.0",
                           "12;5,0",
                           "12;5.",
                           "12;.5",
                           "12;--5.0",
                           "12;5.0.0",
                           "12;5e3",
                           "12;nan",
                           "12;inf",
                           "-12;5.0",
                           "12 ;5.0",
                           "12; 5.0",
                           "4294967296;1.0",
                           "99999999999;1.0",
                           "12;5.0;",
                           "1a;5.0",
                           "12;1234567890.0",
                           "12;1.1234567890"}) {
    INFO(text);
    CHECK(read_line(text).kind == Line::unknown);
  }
}

TEST_CASE("triggers are told apart from samples") {
  CHECK(read_line("12345;R").kind == Line::trigger);
  CHECK(read_line("12345;r").kind == Line::trigger);
  CHECK(read_line("12345;R5").kind == Line::unknown);
  CHECK(read_line("x;R").kind == Line::unknown);
}

TEST_CASE("answers are found behind junk") {
  CHECK(read_line("Force_Sensor-0.6").firmware == "0.6");
  const std::string junk = std::string("\0;", 2) + "Force_Sensor-0.3";
  CHECK(read_line(junk).kind == Line::version);
  CHECK(read_line(junk).firmware == "0.3");
  CHECK(read_line("Starting capture...").kind == Line::capturing);
  CHECK(read_line("Capture ended").kind == Line::capture_ended);
  CHECK(read_line("Capture ended:").kind == Line::capture_ended);
  CHECK(read_line("Taring OK").kind == Line::tared);
  CHECK(read_line("Taring OK:84213").kind == Line::tared);
  CHECK(read_line("Not a valid command").kind == Line::not_valid);
  CHECK(read_line("Race_Analyzer-0.3").kind == Line::unknown);
}

TEST_CASE("lines are cut the same however the bytes are sliced") {
  const std::string text = "Starting capture...\r\n0;52.52\r\n968;52.77\r\n\r\n3324;R\n14628;-1.5\r\nrest";
  LineCutter whole;
  const auto expected = cut(whole, text);
  REQUIRE(expected ==
          std::vector<std::string>{"Starting capture...", "0;52.52", "968;52.77", "3324;R", "14628;-1.5"});
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

TEST_CASE("any bytes are survived; what counts as a sample is finite") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  LineCutter cutter;
  const std::string good = "128340;52.77\r\nTaring OK:12\r\n12345;R\r\n";
  for (int round = 0; round < patella::test::fuzz_rounds(); ++round) {
    std::string text = good;
    for (unsigned i = 0; i < random() % 8; ++i)
      text[random() % text.size()] = static_cast<char>(random() % 2 ? random() : '0' + random() % 14);
    cutter.feed(bytes_of(text), [&](std::string_view line) {
      if (line.size() > LineCutter::kLongestLine) FAIL("line too long");
      const Line read = read_line(line);
      if (read.kind == Line::sample && !std::isfinite(read.force_n)) FAIL("not finite: " << line);
    });
  }
}
