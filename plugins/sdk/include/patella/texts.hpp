// Patella plugin SDK: whether a text keeps the rules of plugin.h. Not for use inside a plugin.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace patella::rules {

/// NUL comes within `room` bytes, and all before it is UTF-8 of one line; with `lines`, of several.
inline bool is_text(const char* text, std::size_t room, bool lines = false) {
  if (!text) return false;
  const std::size_t length = strnlen(text, room);
  if (length == room) return false;
  for (std::size_t i = 0; i < length;) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t more = lead < 0x80 ? 0 : (lead >> 5) == 6 ? 1 : (lead >> 4) == 14 ? 2 : (lead >> 3) == 30 ? 3 : 9;
    if (more == 9 || i + more >= length) return false;
    uint32_t point = more == 0 ? lead : lead & (0x3Fu >> more);
    for (std::size_t k = 1; k <= more; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xC0) != 0x80) return false;
      point = point << 6 | (next & 0x3Fu);
    }
    constexpr uint32_t kMin[] = {0, 0x80, 0x800, 0x10000};
    if (point < kMin[more] || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return false;
    if (point < 0x20 && !(lines && point == '\n')) return false;
    i += more + 1;
  }
  return true;
}

/// What is wrong with a text that a person reads ("messages" in plugin.h); "" = nothing. A kiosk shows one with a fault as it
/// stands, braces and all.
inline std::string message_fault(std::string_view text) {
  const auto digits = [](std::string_view& rest) {
    std::size_t count = 0;
    while (count < rest.size() && rest[count] >= '0' && rest[count] <= '9') ++count;
    rest.remove_prefix(count);
    return count;
  };
  const auto number = [&](std::string_view rest) {  // "-1.5 N", "12"
    if (rest.starts_with('-')) rest.remove_prefix(1);
    if (digits(rest) == 0) return false;
    if (rest.starts_with('.') && (rest.remove_prefix(1), digits(rest) == 0)) return false;
    return rest.empty() || (rest.size() > 1 && rest[0] == ' ');
  };
  const auto duration = [&](std::string_view rest) {  // "0:30", "1:02:05"
    if (digits(rest) == 0) return false;
    for (int parts = 0; parts < 2 && rest.starts_with(':'); ++parts) {
      rest.remove_prefix(1);
      if (digits(rest) != 2) return false;
      if (rest.empty()) return true;
    }
    return false;
  };
  const auto phrase = [](std::string_view one) {  // "{0} sets"
    const std::size_t at = one.find("{0}");
    if (at == one.npos) return false;
    const std::string around = std::string(one.substr(0, at)) + std::string(one.substr(at + 3));
    return around.find_first_of("{}|\n") == around.npos;
  };
  const auto counted = [&](std::string_view rest) {  // "3|{0} set|{0} sets"
    if (rest.starts_with('-')) rest.remove_prefix(1);
    if (digits(rest) == 0 || !rest.starts_with('|')) return false;
    const std::size_t second = rest.find('|', 1);
    return second != rest.npos && phrase(rest.substr(1, second - 1)) && phrase(rest.substr(second + 1));
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '}') return "a brace that opens no argument";
    if (text[i] != '{') continue;
    std::size_t end = i + 1;
    if (end < text.size() && (text[end] == '\'' || text[end] == '"')) {
      const char quote = text[end];
      const std::string twice(2, quote), last{quote, '}'};
      for (++end; end < text.size() && (text[end] != quote || text.substr(end, 2) == twice);) end += text[end] == quote ? 2 : 1;
      if (text.substr(end, 2) != last || text.substr(i, end - i).find('\n') != text.npos) return "a name that does not end";
      i = end + 1;
      continue;
    }
    for (int depth = 0; end < text.size() && (text[end] != '}' || depth > 0); ++end)
      depth += text[end] == '{' ? 1 : text[end] == '}' ? -1 : 0;
    if (end >= text.size()) return "an argument that does not end";
    const std::string_view body = text.substr(i + 1, end - i - 1);
    if (!number(body) && !duration(body) && !counted(body)) return "no argument: {" + std::string(body) + "}";
    i = end;
  }
  return {};
}

/// Whether a line of the log says that an exception ended a call: "received was abandoned: …", as sdk.hpp writes it.
inline bool tells_exception(std::string_view line) {
  const std::size_t call_end = line.find(' ');
  return call_end != line.npos && line.substr(call_end).starts_with(" was abandoned: ");
}

}  // namespace patella::rules
