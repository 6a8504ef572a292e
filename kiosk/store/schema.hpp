// The schema as a list of steps. A step that was released is never changed: a new one is appended.
#pragma once

#include <span>

#include "base/result.hpp"
#include "store/sqlite_db.hpp"

namespace patella::store {

inline constexpr int32_t kApplicationId = 0x5061746C;  ///< "Patl": `file` and the header show whose it is

struct Migration {
  int to_version = 0;  ///< 1, 2, 3, … without a hole
  const char* sql = "";
};

std::span<const Migration> migrations();

/// Brings the file to the last step, one transaction a step; version 0 is an empty file. Error: made by a newer
/// program, not ours, or SQLite's.
Status migrate(Db& db, std::span<const Migration> steps, const std::string& where);

}  // namespace patella::store
