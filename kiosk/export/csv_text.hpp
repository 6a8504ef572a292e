// A line of CSV as RFC 4180 wants it: commas, CRLF, quotes where needed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace patella::exporting {

class CsvLine {
 public:
  /// `guard`: text that begins with = + - @ TAB or CR gets an apostrophe before it, since spreadsheets would run it.
  explicit CsvLine(bool guard = true) : guard_(guard) {}

  CsvLine& text(std::string_view cell);
  CsvLine& number(int64_t value);
  CsvLine& number(double value);  ///< shortest form that gives the same double back, "." always; not finite = empty
  CsvLine& empty();
  /// The line with its end; ready for the next one.
  std::string finish();

 private:
  void separate();

  bool guard_;
  std::string line_;
  bool first_ = true;
};

}  // namespace patella::exporting
