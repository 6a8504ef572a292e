// Rows of staff, each with its count of wrong PINs, to and from their table.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "store/sqlite_db.hpp"
#include "store/store.hpp"

namespace patella::store {

Status check_row(const StaffMember& member);

/// Inside the caller's transaction. Each row becomes what is handed over, so writing it again changes nothing; but for the
/// count of wrong PINs, which only the second one writes, and only of those who are there.
Status write_staff(Db& db, const std::vector<StaffMember>& members);
Status write_pin_failures(Db& db, const std::map<std::string, int>& by_member);

/// Those not removed, by name. A row whose check fails is left out and named in `notices`, so is a row that is missing.
Result<std::vector<StaffMember>> read_staff(Db& db, Messages& notices);

}  // namespace patella::store
