// The fields of an event as JSON text and back, every bit.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "session/log_event.hpp"

namespace patella::store {

using Fields = std::vector<std::pair<std::string, session::LogEvent::Value>>;

/// [["n",3],["side","left"]]: an array, since order and repeated keys count. A number that JSON cannot say is
/// {"bits":"7ff8…"}, a text that is not UTF-8 {"hex":"ff00"}.
std::string fields_to_text(const Fields& fields);
Result<Fields> fields_from_text(const std::string& text);

/// {"peak_n":61.2,…}: for people with an SQL viewer.
std::string figures_to_text(const std::vector<std::pair<std::string, double>>& figures);

}  // namespace patella::store
