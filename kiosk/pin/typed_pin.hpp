// A PIN typed at a terminal, which does not show it, or read from a pipe.
#pragma once

#include <string>

#include "base/result.hpp"
#include "pin/secret_text.hpp"

namespace patella::pin {

/// Asks twice on the standard input. `ending_fd`: readable when the program is to end. Error: not one that may be chosen, the second not as the first, the input ended,
/// the program is to end.
Result<SecretText> ask_new_pin(const std::string& name, int ending_fd);

}  // namespace patella::pin
