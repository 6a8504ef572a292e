// Lists of sessions a page at a time, by (start, id): each page is found by the index, however many sessions there are.
#pragma once

#include <string>
#include <vector>

#include "store/session_rows.hpp"
#include "store/sqlite_db.hpp"
#include "store/store.hpp"

namespace patella::store {

Result<std::vector<SessionState>> read_session_page(Db& db, const SessionFilter& filter, const PageRequest& request);

/// An index that lost an entry hides a session from lists. Keys are given without a hole, so a page that lacks one is
/// compared with the table.
Status find_missing(Db& db, const SessionFilter& filter, const PageRequest& request, const std::vector<SessionState>& page,
                    Messages& notices);

}  // namespace patella::store
