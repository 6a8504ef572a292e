// Words for diagnostics: what was meant, how a number is written, what is valid text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/nearest.hpp"
#include "base/utf8.hpp"

namespace patella::config {

using patella::did_you_mean;
using patella::edit_distance;
using patella::listed;
using patella::nearest;

/// "3", "2.5", "1e+20": shortest, no trailing zeros.
std::string number_text(double value);

/// The word in double quotes, cut to 40 characters, with control characters shown as "?".
std::string in_quotes(std::string_view word);

using patella::first_bad_utf8;

/// Characters, of valid UTF-8.
std::size_t character_count(std::string_view text);

/// A control character (U+0000…U+001F, U+007F…U+009F) is in it. Such text is not for a screen.
bool has_control_character(std::string_view text);

/// 1 to 48 of a–z, 0–9 and _, beginning with a letter.
bool is_id(std::string_view text);

}  // namespace patella::config
