// A plugin's tables as JSON, for the kiosk, which never loads a plugin.
#pragma once

#include <string>

#include "base/result.hpp"
#include "library.hpp"

namespace patella::host {

/// Error: a table that points nowhere or is beyond any sense.
Result<std::string> describe_json(const Library& library);

}  // namespace patella::host
