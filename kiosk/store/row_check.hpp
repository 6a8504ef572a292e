// The check sum of a row, as a function of SQL: row_crc(a, b, …) is the CRC-32C over the values with their types and lengths.
// Written with the row (`crc32c`), compared when it is read. Reals: −0 counts as 0, of the two SQLite keeps one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/sqlite_db.hpp"

struct sqlite3;

namespace patella::store {

void add_row_crc(sqlite3* db);

/// Adds up what was read of a whole table and compares it with its row in `tally`: a row that is gone is in no list and has
/// no check sum of its own.
class Tally {
 public:
  void add(int64_t crc32c) {
    ++rows_;
    sum_ += crc32c;
  }
  /// Says in `notices` when rows are missing or too many; `what`: "staff", "calibrations", as read in a sentence.
  Status compare(Db& db, const std::string& table, const Message& what, Messages& notices) const;

 private:
  int64_t rows_ = 0, sum_ = 0;
};

}  // namespace patella::store
