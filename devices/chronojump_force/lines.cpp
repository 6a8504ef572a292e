#include "lines.hpp"

#include <optional>

namespace patella::chronojump_force {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<uint32_t> read_time(std::string_view text) {
  if (text.empty() || text.size() > 10) return std::nullopt;
  uint64_t value = 0;
  for (char c : text) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + static_cast<uint64_t>(c - '0');
  }
  if (value > UINT32_MAX) return std::nullopt;
  return static_cast<uint32_t>(value);
}

/// [-]digits[.digits], at most nine digits on each side. No locale, no exponent, no nan or inf.
std::optional<double> read_force(std::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view part = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  if (whole.empty() || whole.size() > 9 || part.size() > 9) return std::nullopt;
  if (point != std::string_view::npos && part.empty()) return std::nullopt;
  double digits = 0, scale = 1;
  for (char c : whole) {
    if (!is_digit(c)) return std::nullopt;
    digits = digits * 10 + (c - '0');
  }
  for (char c : part) {
    if (!is_digit(c)) return std::nullopt;
    digits = digits * 10 + (c - '0');
    scale *= 10;
  }
  return (negative ? -digits : digits) / scale;
}

bool has(std::string_view line, std::string_view word) { return line.find(word) != std::string_view::npos; }

std::string version_after(std::string_view line, std::string_view name) {
  std::string version;
  for (char c : line.substr(line.find(name) + name.size())) {
    if (!is_digit(c) && c != '.') break;
    version += c;
  }
  return version;
}

}  // namespace

Line read_line(std::string_view line) {
  Line read;
  const std::size_t semicolon = line.find(';');
  if (semicolon != std::string_view::npos) {
    const auto time = read_time(line.substr(0, semicolon));
    const std::string_view value = line.substr(semicolon + 1);
    const auto force = read_force(value);
    if (time) read.device_us = *time;
    if (time && (value == "R" || value == "r")) read.kind = Line::trigger;
    if (time && force) {
      read.kind = Line::sample;
      read.force_n = *force;
    }
    if (read.kind != Line::unknown) return read;
  }
  constexpr std::string_view kName = "Force_Sensor-";
  if (has(line, kName)) {
    read.kind = Line::version;
    read.firmware = version_after(line, kName);
  } else if (has(line, "Starting capture")) {
    read.kind = Line::capturing;
  } else if (has(line, "Capture ended")) {
    read.kind = Line::capture_ended;
  } else if (has(line, "Taring OK")) {
    read.kind = Line::tared;
  } else if (has(line, "Not a valid command")) {
    read.kind = Line::not_valid;
  }
  return read;
}

}  // namespace patella::chronojump_force
