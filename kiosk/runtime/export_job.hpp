// What an export is asked for, in a form that can cross the control socket.
#pragma once

#include <string>

#include "base/result.hpp"
#include "store/store.hpp"

namespace patella::runtime {

struct ExportJob {
  std::string out;           ///< folder, absolute
  std::string session;       ///< "" = all
  std::string from, to;      ///< "2026-11-20" or "2026-11-20T10:00:00Z"; "" = open
  std::string profile;       ///< "programs" or "excel"
  std::string decimal = {};  ///< "comma": decimal comma, and semicolons between the cells

  static ExportJob from_json(const std::string& json);
  std::string to_json() const;  ///< with "ask":"export"
};

/// Error: --from or --to is no time, or they are the wrong way round.
Status check_times(const ExportJob& job);
/// The decimal sign of this process's locale is a comma.
bool locale_has_decimal_comma();

/// Writes the files; the answer is what to tell: files and row counts.
Result<std::string> run_export(store::Store& store, const ExportJob& job);

/// Microseconds since 1970 of a day ("2026-11-20" = its begin, UTC) or an instant with Z.
Result<int64_t> parse_utc(const std::string& text);

}  // namespace patella::runtime
