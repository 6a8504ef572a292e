#include "lines.hpp"

#include "driver_kit/lines.hpp"

namespace patella::chronojump_force {
namespace {

using driver_kit::contains, driver_kit::read_decimal, driver_kit::read_unsigned, driver_kit::version_after;

}  // namespace

Line read_line(std::string_view line) {
  Line read;
  const std::size_t semicolon = line.find(';');
  if (semicolon != std::string_view::npos) {
    const auto time = read_unsigned(line.substr(0, semicolon));
    const std::string_view value = line.substr(semicolon + 1);
    const auto force = read_decimal(value);
    if (time) read.device_us = *time;
    if (time && (value == "R" || value == "r")) read.kind = Line::trigger;
    if (time && driver_kit::is_no_number(value)) read.kind = Line::no_force;
    if (time && force) {
      read.kind = Line::sample;
      read.force_n = *force;
    }
    if (read.kind != Line::unknown) return read;
  }
  constexpr std::string_view kName = "Force_Sensor-";
  if (contains(line, kName)) {
    read.kind = Line::version;
    read.firmware = version_after(line, kName);
  } else if (contains(line, "Starting capture")) {
    read.kind = Line::capturing;
  } else if (contains(line, "Capture ended")) {
    read.kind = Line::capture_ended;
  } else if (contains(line, "Taring OK")) {
    read.kind = Line::tared;
  } else if (contains(line, "Not a valid command")) {
    read.kind = Line::not_valid;
  }
  return read;
}

}  // namespace patella::chronojump_force
