#include "lines.hpp"

#include <cmath>
#include <random>

#include "driver_kit/lines.hpp"
#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::chronojump_force;
using patella::driver_kit::LineCutter;

namespace {

std::span<const uint8_t> bytes_of(std::string_view text) { return {reinterpret_cast<const uint8_t*>(text.data()), text.size()}; }

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

TEST_CASE("a line in any other form is not a data line") {
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
                           "12;nano",
                           "12;in",
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

TEST_CASE("a sensor that is not calibrated sends no number: a data line without a force") {
  for (const char* text : {"12;nan", "12;inf", "12;-inf", "12;ovf", "12;NAN"}) {
    CHECK(read_line(text).kind == Line::no_force);
    CHECK(read_line(text).device_us == 12);
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
      if (line.size() > LineCutter::kMaxLine) FAIL("line too long");
      const Line read = read_line(line);
      if (read.kind == Line::sample && !std::isfinite(read.force_n)) FAIL("not finite: " << line);
    });
  }
}
