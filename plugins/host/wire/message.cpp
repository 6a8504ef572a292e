#include "wire/message.hpp"

#include <algorithm>
#include <charconv>

namespace patella::wire {

std::string encode(const Message& message) {
  std::string bytes;
  for (std::size_t i = 0; i < message.size(); ++i) {
    if (i > 0) bytes.push_back('\0');
    bytes.append(message[i].c_str());
  }
  return bytes;
}

Message decode(std::string_view bytes, std::size_t most) {
  Message message;
  while (message.size() < most) {
    const std::size_t end = bytes.find('\0');
    message.emplace_back(bytes.substr(0, end));
    if (end == std::string_view::npos) break;
    bytes.remove_prefix(end + 1);
  }
  return message;
}

std::string number_text(double value) {
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, value);
  return std::string(text, end.ptr);
}

std::string number_text(int64_t value) { return std::to_string(value); }

double to_double(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

int64_t to_int(const std::string& text) {
  int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

namespace {

/// Length of the well-formed UTF-8 character at the start of `text`, or 0.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned first = byte(0);
  if (first < 0x80u) return 1;
  if (first >= 0xC2u && first < 0xE0u) return follows(1) ? 2 : 0;
  if (first >= 0xE0u && first < 0xF0u) {
    const bool overlong = first == 0xE0u && byte(1) < 0xA0u;
    const bool surrogate = first == 0xEDu && byte(1) >= 0xA0u;
    return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0u && first < 0xF5u) {
    const bool overlong = first == 0xF0u && byte(1) < 0x90u;
    const bool too_high = first == 0xF4u && byte(1) >= 0x90u;
    return follows(1) && follows(2) && follows(3) && !overlong && !too_high ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

namespace {
std::string cleaned(std::string_view text, std::size_t longest, bool keep_lines) {
  if (text.size() <= longest && is_plain(text)) return std::string(text);
  std::string clean;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const bool control =
        length == 1 && (static_cast<unsigned char>(text[0]) < 0x20 || text[0] == 0x7F) && !(keep_lines && text[0] == '\n');
    const std::string_view character = length == 0 ? "?" : control ? " " : text.substr(0, length);
    if (clean.size() + character.size() > longest) break;
    clean.append(character);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return clean;
}
}  // namespace

std::string clean_text(std::string_view text, std::size_t longest) { return cleaned(text, longest, false); }
std::string clean_message(std::string_view text, std::size_t longest) { return cleaned(text, longest, true); }

}  // namespace patella::wire
