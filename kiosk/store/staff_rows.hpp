// Rows of staff, and the count of wrong PINs in a row, to and from their tables.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/sqlite_db.hpp"
#include "store/store.hpp"

namespace patella::store {

Status check_row(const StaffMember& member);

/// Inside the caller's transaction. Each row becomes what is handed over, so writing it again changes nothing.
Status write_staff(Db& db, const std::vector<StaffMember>& members);
Status write_pin_failures(Db& db, std::optional<int> failures);

/// Those not removed, by name.
Result<std::vector<StaffMember>> read_staff(Db& db);
Result<int> read_pin_failures(Db& db);

}  // namespace patella::store
