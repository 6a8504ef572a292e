// What a module says of its dose, for the kiosk: parameters in, words out, without an instance.
#pragma once

#include <string>

#include "base/result.hpp"
#include "library.hpp"

namespace patella::host {

/// `sets`: a JSON list of value lists, each as the log has them ([{"key", "row", "number" or "text"}]). The answer: a JSON list
/// of texts, one a set, each with one message a line.
Result<std::string> dose_json(const Library& library, const std::string& sets);

}  // namespace patella::host
