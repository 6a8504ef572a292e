// CSV: sessions.csv (with the metrics that most rides and sets have), sets.csv, reps.csv, holds.csv, metrics.csv (all metrics, a
// row each), channels.csv (which device, calibration and rate each channel had), one samples_<session>.csv a session, and
// export.json, which says what is there.
//
// RFC 4180, UTF-8, CRLF, units in the headers, times as two columns (local for spreadsheets, UTC for programs). The other files
// refer to sessions.csv by `session`. Columns of the samples:
// channel,unit,t_s,value, t_s = seconds since the session's zero with six places; all rows of a channel together, in order.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/store.hpp"

namespace patella::exporting {

enum class CsvProfile {
  programs = 1,  ///< no byte order mark
  excel          ///< with one, without which Excel takes UTF-8 for another encoding; text that it would change is marked
};

struct CsvRequest {
  std::filesystem::path folder;  ///< exists, without an export in it: no file is ever replaced
  store::SessionFilter filter;
  CsvProfile profile = CsvProfile::programs;
  bool decimal_comma = false;  ///< for Excel in most of Europe: decimal comma, and semicolons between the cells
  bool samples = true;
  bool guard_text = true;  ///< false = "raw": no text gets an apostrophe before it, also what a spreadsheet would run or change
  std::string actor = "kiosk";  ///< for the audit
  int64_t made_utc_us = 0;
};

struct CsvFile {
  std::string name;
  uint64_t rows = 0;  ///< without the header
  uint64_t bytes = 0;
  std::string sha256;
};

struct CsvReport {
  std::vector<CsvFile> tables;  ///< sessions.csv to channels.csv
  struct {
    uint64_t files = 0, rows = 0, bytes = 0;
  } samples;  ///< of all files of samples; export.json names each
  uint64_t sessions = 0;
  std::vector<std::string> notices;  ///< damaged stretches left out, an audit row that waits: one line each
};

/// On the store's thread. Reads a session at a time. Each file is written beside its place and renamed; export.json comes last,
/// when all others are on the disk. Leaves an audit row "export" with filter, row counts and hashes. Error: the folder cannot
/// be written or holds an export, or the store cannot be read; then no file of this one is left.
Result<CsvReport> write_csv(store::Store& store, const CsvRequest& request);

}  // namespace patella::exporting
