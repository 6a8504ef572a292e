// JSON as text, whatever it was made of.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace patella {

/// Bytes that are no UTF-8, as a damaged log can hold them, become U+FFFD: dump() alone would throw. `indent` -1: one line.
inline std::string json_text(const nlohmann::json& json, int indent = -1) {
  return json.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace patella
