#include "base/utf8.hpp"

#include <cstdint>

namespace patella {

namespace {
/// Bytes of the character at the begin, and its code point; 0 = there is none.
std::size_t length_at(std::string_view bytes, char32_t* code_point = nullptr) {
  const auto lead = static_cast<unsigned char>(bytes[0]);
  const std::size_t length = lead < 0x80 ? 1 : lead >> 5 == 0x6 ? 2 : lead >> 4 == 0xE ? 3 : lead >> 3 == 0x1E ? 4 : 0;
  if (length == 0 || length > bytes.size()) return 0;
  uint32_t code = length == 1 ? lead : lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (!continues_character(bytes[i])) return 0;
    code = code << 6 | (static_cast<unsigned char>(bytes[i]) & 0x3Fu);
  }
  constexpr uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool valid = code >= kSmallest[length] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  if (valid && code_point) *code_point = code;
  return valid ? length : 0;
}

bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  // U+0080…U+009F is C2 80 … C2 9F in UTF-8.
  return first < 0x20 || first == 0x7F || (first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0);
}
}  // namespace

std::optional<std::size_t> first_bad_utf8(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = length_at(bytes.substr(at));
    if (length == 0) return at;
    at += length;
  }
  return std::nullopt;
}

char32_t next_code_point(std::string_view bytes, std::size_t& at) {
  char32_t code = static_cast<unsigned char>(bytes[at]);
  const std::size_t length = length_at(bytes.substr(at), &code);
  at += length == 0 ? 1 : length;
  return code;
}

std::string shown_text(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const std::size_t length = length_at(bytes);
    const std::string_view character = bytes.substr(0, length == 0 ? 1 : length);
    if (length == 0)
      text += "\xEF\xBF\xBD";
    else if (is_control(character))
      text += '?';
    else
      text += character;
    bytes.remove_prefix(character.size());
  }
  return text;
}

}  // namespace patella
