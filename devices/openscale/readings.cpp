#include "readings.hpp"

#include <array>
#include <cstddef>
#include <span>

#include "driver_kit/lines.hpp"
#include "driver_kit/units.hpp"

namespace patella::openscale {
namespace {

using driver_kit::contains, driver_kit::is_no_number, driver_kit::read_decimal, driver_kit::read_unsigned;

constexpr std::size_t kMaxFields = 6;

struct Fields {
  std::array<std::string_view, kMaxFields> at;
  std::size_t count = 0;  ///< 0 = too many, or the last one has no comma
};

Fields split(std::string_view line) {
  Fields fields;
  while (!line.empty()) {
    const std::size_t comma = line.find(',');
    if (comma == std::string_view::npos || fields.count == kMaxFields) return {};
    fields.at[fields.count++] = line.substr(0, comma);
    line.remove_prefix(comma + 1);
  }
  return fields;
}

/// Newtons that one of the unit weighs; 0 = no unit.
double newtons_per(std::string_view unit) {
  if (unit == "kg") return driver_kit::kStandardGravity;
  return unit == "lbs" || unit == "lb" ? driver_kit::kNewtonPerLbf : 0;
}

bool read_reading(std::string_view line, Line& read) {
  const Fields fields = split(line);
  const bool has_time = fields.count >= 3 && newtons_per(fields.at[2]) > 0;
  const std::size_t value_at = has_time ? 1 : 0;
  if (fields.count < value_at + 2) return false;
  const double newtons = newtons_per(fields.at[value_at + 1]);
  const auto value = read_decimal(fields.at[value_at]);
  const bool no_weight = is_no_number(fields.at[value_at]);
  if (newtons <= 0 || (!value && !no_weight)) return false;
  // What else the board was set to say: numbers, of which none is needed.
  for (std::size_t i = value_at + 2; i < fields.count; ++i)
    if (!read_decimal(fields.at[i]) && !is_no_number(fields.at[i])) return false;
  if (has_time) read.device_ms = read_unsigned(fields.at[0]);
  if (has_time && !read.device_ms) return false;
  read.kind = no_weight ? Line::no_weight : Line::reading;
  read.force_n = value.value_or(0) * newtons;
  return true;
}

}  // namespace

Line read_line(std::string_view line) {
  Line read;
  if (read_reading(line, read)) return read;
  if (contains(line, "Load Cell Converter") || contains(line, "SparkFun") || contains(line, "bring up settings")) {
    read = Line();
    read.kind = Line::boot_text;
  } else {
    read = Line();
  }
  return read;
}

}  // namespace patella::openscale
