#include "export/csv_guard.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace patella::exporting {

namespace {
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (static_cast<unsigned char>(c) & 0x80u) != 0;
}

std::string lower(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return small;
}

// Space, TAB and line ends; no-break space, U+2000…U+200B, U+202F, U+3000, the byte order mark.
constexpr std::array<std::string_view, 9> kBlanks{
    " ", "\t", "\r", "\n", "\xC2\xA0", "\xE2\x80\xAF", "\xE3\x80\x80", "\xEF\xBB\xBF", "\v"};
std::size_t blank_at_front(std::string_view text) {
  for (const std::string_view blank : kBlanks)
    if (text.starts_with(blank)) return blank.size();
  const bool general = text.size() >= 3 && text.starts_with("\xE2\x80") && static_cast<unsigned char>(text[2]) <= 0x8B;
  return general ? 3 : 0;
}

std::string_view without_blanks(std::string_view text) {
  while (const std::size_t size = blank_at_front(text)) text.remove_prefix(size);
  return text;
}

/// 0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b: no number and no date in any spreadsheet.
bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = is_digit(text[i]) || (text[i] >= 'a' && text[i] <= 'f');
    if (dash ? text[i] != '-' : !hex) return false;
  }
  return true;
}

/// The name of a month, in English or German, whole or at least its first three letters, and a number behind it: "Mar-1",
/// "DEC 12", "sept3". Not "Maria 2".
bool is_month_and_number(std::string_view text) {
  std::string small = lower(text);
  if (const std::size_t umlaut = small.find("\xC3\x84"); umlaut != std::string::npos) small.replace(umlaut, 2, "\xC3\xA4");
  std::size_t letters = 0;
  while (letters < small.size() && is_letter(small[letters])) ++letters;
  const std::string_view word = std::string_view(small).substr(0, letters);
  constexpr std::array<std::string_view, 20> kMonths{
      "january", "januar", "february", "februar", "march",     "m\xC3\xA4rz", "april",   "may",      "mai",      "june",
      "juni",    "july",   "juli",     "august",  "september", "october",     "oktober", "november", "december", "dezember"};
  const auto begins = [&](std::string_view month) { return month.starts_with(word); };
  if (letters < 3 || std::none_of(kMonths.begin(), kMonths.end(), begins)) return false;
  std::size_t at = letters;
  while (at < small.size() && std::string_view(" .-/,'").find(small[at]) != std::string_view::npos) ++at;
  return at < small.size() && is_digit(small[at]);
}

bool is_truth(std::string_view text) {
  const std::string small = lower(text);
  return small == "true" || small == "false" || small == "wahr" || small == "falsch";
}
}  // namespace

bool looks_like_formula(std::string_view text) {
  if (text.empty()) return false;
  if (text.front() == '\t' || text.front() == '\r') return true;
  text = without_blanks(text);
  constexpr std::array<std::string_view, 9> kSigns{
      "=", "+", "-", "@", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0", "\xE2\x88\x92"};  // ＝ ＋ － ＠ −
  return std::any_of(kSigns.begin(), kSigns.end(), [&](std::string_view sign) { return text.starts_with(sign); });
}

bool spreadsheet_changes(std::string_view text) {
  if (text.empty()) return false;
  if (looks_like_formula(text) || blank_at_front(text) > 0 || text.front() == '\'' || text.front() == '#') return true;
  if (is_digit(text.front())) return !is_uuid(text);
  // Full-width digits, and what may stand in front of a number.
  const bool full_width = text.size() >= 3 && text.starts_with("\xEF\xBC");
  const unsigned char third = full_width ? static_cast<unsigned char>(text[2]) : 0;
  if (third >= 0x90 && third <= 0x99) return true;
  constexpr std::array<std::string_view, 7> kBeforeNumber{".", ",", "(", "$", "\xE2\x82\xAC", "\xC2\xA3", "\xC2\xA5"};  // € £ ¥
  for (const std::string_view before : kBeforeNumber)
    if (text.starts_with(before)) return text.find_first_of("0123456789") != std::string_view::npos;
  return is_month_and_number(text) || is_truth(text);
}

}  // namespace patella::exporting
