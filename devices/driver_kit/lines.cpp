#include "driver_kit/lines.hpp"

namespace patella::driver_kit {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string version_after(std::string_view line, std::string_view name) {
  std::string version;
  for (const char c : line.substr(line.find(name) + name.size())) {
    if (!is_digit(c) && c != '.') break;
    version += c;
  }
  return version;
}

std::optional<uint32_t> read_unsigned(std::string_view text) {
  if (text.empty() || text.size() > 10) return std::nullopt;
  uint64_t value = 0;
  for (char c : text) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + static_cast<uint64_t>(c - '0');
  }
  if (value > UINT32_MAX) return std::nullopt;
  return static_cast<uint32_t>(value);
}

std::optional<double> read_decimal(std::string_view text) {
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

std::string printable(std::string_view text) {
  std::string shown(text);
  for (char& c : shown)
    if (c < 0x20 || c > 0x7E) c = '?';
  return shown;
}

bool is_no_number(std::string_view text) {
  if (!text.empty() && text[0] == '-') text.remove_prefix(1);
  std::string small;
  for (const char c : text.substr(0, 4)) small += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return small == "nan" || small == "inf" || small == "ovf";
}

}  // namespace patella::driver_kit
