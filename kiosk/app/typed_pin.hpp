// A PIN typed at a terminal, which does not show it, or read from a pipe.
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/secret_text.hpp"

namespace patella::app {

/// Asks twice on the standard input. Error: not one that may be chosen, the second not as the first, the input ended,
/// the program is to end.
Result<SecretText> ask_new_pin(const std::string& name);

}  // namespace patella::app
