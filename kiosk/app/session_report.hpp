// Stored sessions as JSON and as lines for people.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/store.hpp"

namespace patella::app {

/// [{"id":…,"station":…,"client":…,"started":…,"outcome":…,"sets":…,"reps":…, …}, …], newest first.
std::string sessions_json(const std::vector<store::SessionListRow>& rows);
std::string sessions_table(const std::vector<store::SessionListRow>& rows);

}  // namespace patella::app
