// Stored sessions as JSON and as lines for people, a page at a time.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/store.hpp"

namespace patella::runtime {

/// [{"id":…,"station":…,"client":…,"started":…,"outcome":…,"sets":…,"reps":…, …}, …], in the order given.
nlohmann::json sessions_json(const std::vector<store::SessionListRow>& rows);
/// The line above a table of sessions, and the lines of a list as sessions_json() makes it.
std::string sessions_heading();
std::string sessions_lines(const nlohmann::json& rows);

/// A page of the list over the control socket: {"ask":"sessions","most":…,"newest_first":…,"after":{"utc_us":…,"id":…}}.
std::string sessions_question(const store::PageRequest& page);
/// {"ok":true,"sessions":[…],"next":{…}}, without `next` on the last page. Large pages are cut to kMaxAsked rows.
std::string sessions_answer(store::Store& store, const std::string& question);
std::optional<store::SessionPlace> next_of(const nlohmann::json& answer);
inline constexpr int kMaxAsked = 500;

}  // namespace patella::runtime
