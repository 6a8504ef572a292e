// Messages on the control socket: a list of texts, the first says which. Few and small; data goes through the rings.
//
// To the child:   start, command, stop (SIGTERM does the same).
// From the child: layer, waiting, opened, loaded, state, command_done, log, gone, not_mine, no_answer, error.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patella::wire {

inline constexpr std::size_t kMaxToKiosk = 4096;  ///< bytes of one message of a child; a longer one is a violation
inline constexpr std::size_t kMaxToChild = 128u << 10;

using Message = std::vector<std::string>;

/// Texts joined by NUL. A NUL inside a text ends that text.
std::string encode(const Message& message);
/// At most `most` texts; what follows is dropped. Any bytes are fine.
Message decode(std::string_view bytes, std::size_t most = 4096);

/// Exact both ways, independent of the locale.
std::string number_text(double value);
std::string number_text(int64_t value);
double to_double(const std::string& text);  ///< 0 when it is no number
int64_t to_int(const std::string& text);    ///< 0 when it is no number

/// Text of a plugin made fit to show: valid UTF-8, no control characters, at most `longest` bytes.
std::string clean_text(std::string_view text, std::size_t longest = 240);
/// The same for a message of a plugin (patella/plugin.h), which may have several lines: '\n' stays.
std::string clean_message(std::string_view text, std::size_t longest = 1000);
/// Printable ASCII, so that clean_text() would not change it.
bool is_plain(std::string_view text);

}  // namespace patella::wire
