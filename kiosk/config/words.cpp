#include "config/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace patella::config {

std::string number_text(double value) { return fmt::format("{:.12g}", value); }

std::string in_quotes(std::string_view word) {
  std::string shown = "\"";
  std::size_t characters = 0;
  for (char byte : word) {
    if (!continues_character(byte) && ++characters > 40) return shown + "…\"";
    const auto code = static_cast<unsigned char>(byte);
    shown += code < 0x20 || code == 0x7F ? '?' : byte;
  }
  return shown + '"';
}

std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char b) { return !continues_character(b); }));
}

bool has_control_character(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7F) return true;
    // U+0080…U+009F is C2 80 … C2 9F in UTF-8.
    if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) return true;
  }
  return false;
}

bool is_id(std::string_view text) {
  if (text.empty() || text.size() > 48 || text[0] < 'a' || text[0] > 'z') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

}  // namespace patella::config
