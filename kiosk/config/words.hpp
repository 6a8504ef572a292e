// Words for findings: what was meant, how a number is written, what is valid text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patella::config {

/// Bytes that had to be inserted, deleted, replaced or swapped with their neighbour to make one from the
/// other.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The nearest of `known`, if it is near enough to have been meant.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known);

/// `Did you mean "reps"?`, or the list of what is known when nothing is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

/// "3", "2.5", "1e+20": shortest, no trailing zeros.
std::string number_text(double value);

/// The word in double quotes, cut to 40 characters, with control characters shown as "?".
std::string in_quotes(std::string_view word);

/// `"a", "b" or "c"`
std::string listed(const std::vector<std::string>& words);

/// Offset of the first byte that is not valid UTF-8 (RFC 3629: no surrogates, no overlong forms).
std::optional<std::size_t> first_bad_utf8(std::string_view bytes);

/// Characters, of valid UTF-8.
std::size_t character_count(std::string_view text);

/// A control character (U+0000…U+001F, U+007F…U+009F) is in it. Such text is not for a screen.
bool has_control_character(std::string_view text);

/// 1 to 48 of a–z, 0–9 and _, beginning with a letter.
bool is_id(std::string_view text);

}  // namespace patella::config
