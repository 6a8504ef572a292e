#include "export/csv_text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <utility>

namespace patella::exporting {

void CsvLine::separate() {
  if (!first_) line_ += ',';
  first_ = false;
}

CsvLine& CsvLine::text(std::string_view cell) {
  separate();
  const bool runs = guard_ && !cell.empty() && std::string_view("=+-@\t\r").find(cell.front()) != std::string_view::npos;
  if (cell.find_first_of(",\"\r\n") == std::string_view::npos) {
    if (runs) line_ += '\'';
    line_ += cell;
    return *this;
  }
  line_ += '"';
  if (runs) line_ += '\'';
  for (const char c : cell) {
    if (c == '"') line_ += '"';
    line_ += c;
  }
  line_ += '"';
  return *this;
}

CsvLine& CsvLine::number(int64_t value) {
  separate();
  line_ += fmt::format("{}", value);
  return *this;
}

CsvLine& CsvLine::number(double value) {
  separate();
  if (!std::isfinite(value)) return *this;
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value);
  line_.append(digits, end.ptr);
  return *this;
}

CsvLine& CsvLine::empty() {
  separate();
  return *this;
}

std::string CsvLine::finish() {
  line_ += "\r\n";
  first_ = true;
  return std::exchange(line_, {});
}

}  // namespace patella::exporting
