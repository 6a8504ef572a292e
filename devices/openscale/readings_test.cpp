#include "readings.hpp"

#include <cmath>
#include <random>
#include <string>

#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::openscale;

TEST_CASE("a reading with the preset fields: millis, value, unit, temperatures") {
  const Line line = read_line("123456,13.50,lbs,24.56,0.00,");
  CHECK(line.kind == Line::reading);
  CHECK(line.device_ms == 123456u);
  CHECK(line.force_n == Approx(13.5 * 4.448222));
}

TEST_CASE("whatever fields the board is set to") {
  CHECK(read_line("6.12,kg,").force_n == Approx(6.12 * 9.80665));
  CHECK_FALSE(read_line("6.12,kg,").device_ms);
  CHECK(read_line("-0.45,lbs,").force_n == Approx(-0.45 * 4.448222));
  CHECK(read_line("4294967295,0,kg,8388607,24.56,-3.50,").device_ms == 4294967295u);
  CHECK(read_line("12,6.12,kg,-130000,").force_n == Approx(6.12 * 9.80665));
  CHECK(read_line("6.12,kg,24.56,").kind == Line::reading);
}

TEST_CASE("a line in any other form is not a reading") {
  for (const char* text : {"",
                           ",",
                           ",,",
                           "6.12,kg",
                           "6.12,g,",
                           "6.12,KG,",
                           "kg,6.12,",
                           "x,6.12,kg,",
                           "1.5,6.12,kg,",
                           "-12,6.12,kg,",
                           "12,6,12,kg,",
                           "6.1.2,kg,",
                           "6.12,kg,abc,",
                           "1,6.12,kg,2,3,4,5,",
                           "4294967296,6.12,kg,",
                           "6.12,kg,,",
                           "nan,",
                           "nan,g,",
                           "nano,kg,",
                           "6.12 ,kg,",
                           "128340;52.77"}) {
    INFO(text);
    CHECK(read_line(text).kind == Line::unknown);
  }
}

TEST_CASE("a board that is not calibrated prints no number: a reading without a weight") {
  for (const char* text : {"nan,kg,", "inf,lbs,", "-inf,kg,", "ovf,kg,", "1982,inf,lbs,164148,24.31,0,", "12,NAN,kg,8388607,"})
    CHECK(read_line(text).kind == Line::no_weight);
  CHECK(read_line("12,6.12,kg,nan,").kind == Line::reading);  // a temperature that nobody needs
}

TEST_CASE("boot text is told from anything else") {
  CHECK(read_line("Serial Load Cell Converter version 1.2").kind == Line::boot_text);
  CHECK(read_line("By SparkFun Electronics").kind == Line::boot_text);
  CHECK(read_line("Press x to bring up settings").kind == Line::boot_text);
  CHECK(read_line("Minimum time between reports: 460").kind == Line::unknown);
  CHECK(read_line("Force_Sensor-0.6").kind == Line::unknown);
  CHECK(read_line("Readings:").kind == Line::unknown);
}

TEST_CASE("any text is survived; what counts as a reading is finite") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  int readings = 0;
  for (int round = 0; round < patella::test::fuzz_rounds(); ++round) {
    std::string text = "123456,13.50,lbs,24.56,0.00,";
    for (unsigned i = random() % 4; i > 0; --i)
      text[random() % text.size()] = static_cast<char>(random() % 2 ? random() : ',' + random() % 14);
    const Line line = read_line(text);
    readings += line.kind == Line::reading;
    if (line.kind == Line::reading && !std::isfinite(line.force_n)) FAIL("not finite: " << text);
  }
  CHECK(readings > 0);
}
