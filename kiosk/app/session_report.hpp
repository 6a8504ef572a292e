// Stored sessions as JSON and as lines for people.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/store.hpp"

namespace patella::app {

/// [{"id":…,"station":…,"client":…,"started":…,"outcome":…,"sets":…,"reps":…, …}, …], newest first.
std::string sessions_json(const std::vector<store::SessionListRow>& rows);
/// The same table from the JSON of a running kiosk.
std::string sessions_table_of(const std::string& json);
std::string sessions_table(const std::vector<store::SessionListRow>& rows);

}  // namespace patella::app
