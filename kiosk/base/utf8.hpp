// Text from outside: whether it is UTF-8, and how it is shown where anything else would do harm.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace patella {

/// Offset of the first byte that is not valid UTF-8 (RFC 3629: no surrogates, no overlong forms).
std::optional<std::size_t> first_bad_utf8(std::string_view bytes);

/// A byte that goes on a character, and begins none.
constexpr bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0u) == 0x80u; }

/// The code point that begins at `at`, which moves behind it. A byte that begins none stands for itself.
char32_t next_code_point(std::string_view bytes, std::size_t& at);

/// The same text in valid UTF-8 and on one line: a byte that is none of it becomes U+FFFD, a control character (U+0000…U+001F,
/// U+007F…U+009F: also what a terminal would obey) a "?".
std::string shown_text(std::string_view bytes);

}  // namespace patella
