// Rows of notices to staff, to and from their table.
#pragma once

#include <string>
#include <vector>

#include "notices/notice.hpp"
#include "store/sqlite_db.hpp"
#include "store/store.hpp"

namespace patella::store {

Status check_row(const notices::Notice& notice);

/// Inside the caller's transaction. Each row becomes what is handed over, so writing it again changes nothing.
Status write_notices(Db& db, const std::vector<notices::Notice>& rows);

/// Oldest first. One whose check sum fails is left out and named in `damaged`.
Result<std::vector<notices::Notice>> read_notices(Db& db, const NoticeFilter& filter, Messages& damaged);

}  // namespace patella::store
