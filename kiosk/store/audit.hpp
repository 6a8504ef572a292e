// The audit: rows chained by BLAKE2b-256, so that a changed, removed or swapped row shows.
#pragma once

#include <vector>

#include "store/sqlite_db.hpp"
#include "store/store.hpp"

namespace patella::store {

/// Inside the caller's transaction.
Status insert_audit(Db& db, const std::vector<AuditEntry>& entries);
/// All rows; an Error names the first row that does not fit the chain, or says that rows are missing at the end.
Result<std::vector<AuditEntry>> read_audit(Db& db);

}  // namespace patella::store
