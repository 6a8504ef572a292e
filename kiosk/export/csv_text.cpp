#include "export/csv_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "export/csv_guard.hpp"

namespace patella::exporting {

void CsvLine::separate() {
  if (!first_) line_ += style_.separator;
  first_ = false;
}

CsvLine& CsvLine::text(std::string_view cell) {
  separate();
  const bool marked = style_.guard && (style_.spreadsheet ? spreadsheet_changes(cell) : looks_like_formula(cell));
  const char special[] = {style_.separator, '"', '\r', '\n'};
  const bool quoted = cell.find_first_of(std::string_view(special, sizeof special)) != std::string_view::npos;
  if (quoted) line_ += '"';
  if (marked) line_ += '\'';
  for (const char c : cell) {
    if (c == '"') line_ += '"';
    line_ += c;
  }
  if (quoted) line_ += '"';
  return *this;
}

CsvLine& CsvLine::plain(std::string_view cell) {
  separate();
  line_ += cell;
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
  std::replace(digits, end.ptr, '.', style_.decimal);
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

std::string header_line(const CsvStyle& style, std::string_view names_with_commas) {
  std::string line(names_with_commas);
  std::replace(line.begin(), line.end(), ',', style.separator);
  return line + "\r\n";
}

}  // namespace patella::exporting
