// A line of CSV as RFC 4180 wants it: separators, CRLF, quotes where needed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace patella::exporting {

/// How a reader wants the cells.
struct CsvStyle {
  char separator = ',', decimal = '.';
  bool guard = true;         ///< text that a spreadsheet would run as a formula gets an apostrophe before it
  bool spreadsheet = false;  ///< and any text that it would change: export/csv_guard.hpp
};

class CsvLine {
 public:
  explicit CsvLine(const CsvStyle& style = {}) : style_(style) {}

  CsvLine& text(std::string_view cell);
  CsvLine& number(int64_t value);
  CsvLine& number(double value);  ///< shortest form that gives the same double back; not finite = empty
  CsvLine& empty();
  /// As it is: a time, a name of a column.
  CsvLine& plain(std::string_view cell);
  /// The line with its end; ready for the next one.
  std::string finish();

 private:
  void separate();

  CsvStyle style_;
  std::string line_;
  bool first_ = true;
};

/// The names of the columns, which have no comma in them.
std::string header_line(const CsvStyle& style, std::string_view names_with_commas);

}  // namespace patella::exporting
