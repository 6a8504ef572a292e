#include "runtime/calibration_book.hpp"

#include "base/sentence.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::runtime;

namespace {
constexpr int64_t kDayUs = 86'400'000'000;

store::DeviceCalibration row(const char* id, const char* serial, int64_t day, const char* port = "") {
  store::DeviceCalibration made;
  made.id = id;
  made.driver = "org.patella.chronojump_force";
  made.serial = serial;
  made.port = port;
  made.channel = "force";
  made.made_utc_us = day * kDayUs;
  return made;
}

store::BandCheck check(const char* band, double stiffness_n_per_m, double length2_m = 1) {
  store::BandCheck made;
  made.band = band;
  made.length1_m = 0.5;
  made.length2_m = length2_m;
  made.stiffness_n_per_m = stiffness_n_per_m;
  return made;
}

std::string id_of(const store::DeviceCalibration* found) { return found ? found->id : "none"; }
}  // namespace

TEST_CASE("the newest calibration of driver, serial number and channel is in force") {
  const CalibrationBook book({row("a1", "A", 1), row("b1", "B", 2), row("a2", "A", 3), row("p1", "", 4, "usb:1-2")});
  const std::string driver = "org.patella.chronojump_force";
  CHECK(id_of(book.newest(driver, "A", "usb:1-7", "force")) == "a2");  // in whatever port
  CHECK(id_of(book.newest(driver, "B", "", "force")) == "b1");
  CHECK(id_of(book.newest(driver, "C", "", "force")) == "none");
  CHECK(id_of(book.newest(driver, "A", "", "battery")) == "none");
  CHECK(id_of(book.newest("org.patella.linescale3", "A", "", "force")) == "none");
  // Without a serial number only the port tells one from another.
  CHECK(id_of(book.newest(driver, "", "usb:1-2", "force")) == "p1");
  CHECK(id_of(book.newest(driver, "", "usb:1-3", "force")) == "none");
}

TEST_CASE("of twins with one serial number only the one in the same socket is meant") {
  const std::string driver = "org.patella.chronojump_force";
  const auto left = row("left", "A", 1, "tty:ttyUSB0@1-2.3"), right = row("right", "A", 2, "tty:ttyUSB1@1-2.4"),
             old = row("old", "A", 0);
  // A single socket so far, or none stored: the device may have moved.
  CHECK(id_of(CalibrationBook({old}).newest(driver, "A", "tty:ttyUSB0@1-2.3", "force")) == "old");
  CHECK(id_of(CalibrationBook({old, left}).newest(driver, "A", "tty:ttyUSB0@1-2.9", "force")) == "left");
  const CalibrationBook book({old, left, right});
  CHECK(id_of(book.newest(driver, "A", "tty:ttyUSB1@1-2.3", "force")) == "left");
  CHECK(id_of(book.newest(driver, "A", "tty:ttyUSB0@1-2.4", "force")) == "right");
  CHECK(id_of(book.newest(driver, "A", "tty:ttyUSB0@1-2.9", "force")) == "none");
  // Another number, another channel: nobody's twin.
  CHECK(id_of(CalibrationBook({left, row("b", "B", 2, "usb:1-7")}).newest(driver, "A", "usb:1-9", "force")) == "left");
}

TEST_CASE("a sensor without a serial number is known by its socket, whatever number its tty has today") {
  const CalibrationBook book({row("line", "", 1, "tty:ttyUSB0@1-2.3")});
  CHECK(id_of(book.newest("org.patella.chronojump_force", "", "tty:ttyUSB7@1-2.3", "force")) == "line");
  CHECK(id_of(book.newest("org.patella.chronojump_force", "", "tty:ttyUSB0@1-2.4", "force")) == "none");
  // The same socket under a new name is the same sensor: its older calibration is not due.
  const CalibrationBook again({row("line", "", 1, "tty:ttyUSB0@1-2.3"), row("again", "", 300, "tty:ttyUSB7@1-2.3")});
  CHECK(again.reminder(400 * kDayUs, 365, {}) == "");
}

TEST_CASE("each twin in use is due by itself, and a socket that a sensor has left is not") {
  const CalibrationBook book({row("left", "A", 1, "usb:1-2.3"), row("right", "A", 300, "usb:1-2.4")});
  CHECK(english(book.reminder(400 * kDayUs, 365, {})) == "");
  CHECK(english(book.reminder(400 * kDayUs, 365, {"usb:1-2.3", "usb:1-2.4"})) ==
        "Calibration is due: chronojump_force A at usb:1-2.3 (399 days old): `patella calibrate`");
}

TEST_CASE("only a sensor's newest calibration is due") {
  const CalibrationBook book({row("a1", "A", 1), row("b1", "B", 2), row("a2", "A", 300)});
  CHECK(english(book.reminder(400 * kDayUs, 0, {})) == "");
  CHECK(english(book.reminder(400 * kDayUs, 365, {})) ==
        "Calibration is due: chronojump_force B (398 days old): `patella calibrate`");
  CHECK(english(book.reminder(800 * kDayUs, 365, {})) ==
        "Calibration is due: chronojump_force B (798 days old), chronojump_force A (500 days old): `patella "
        "calibrate`");
  // What another process printed says the same.
  const std::string printed = calibrations_json({row("a1", "A", 1), row("b1", "B", 2), row("a2", "A", 300)}, 400 * kDayUs);
  CHECK(reminder_of(printed, 400 * kDayUs, 365, {}) == book.reminder(400 * kDayUs, 365, {}));
  CHECK(reminder_of("no JSON", 400 * kDayUs, 365, {}) == "");
}

TEST_CASE("a band is compared with its own first check at the same lengths") {
  CHECK(band_notices({check("green", 120), check("red", 200), check("green", 100)}, 0).empty());
  CHECK(band_notices({check("green", 120), check("red", 200), check("green", 100)}, 20).empty());
  CHECK(band_notices({check("green", 120), check("red", 200), check("green", 100)}, 10).size() == 1);
  // Renewed, or measured right again: the newest one counts.
  CHECK(band_notices({check("green", 120), check("green", 100), check("green", 118)}, 10).empty());
  CHECK(band_notices({check("green", 120), check("green", 100, 1.5)}, 10).empty());
  // A new band under the name of a worn one: its lengths are counted from the start.
  CHECK(band_notices({check("green", 120), check("green", 60), check("green", 150, 1.01)}, 10).empty());
}
