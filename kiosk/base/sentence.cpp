#include "base/sentence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace patella {

namespace {
/// Marks a word for scripts/texts.
constexpr const char* word_of(const char*, const char* english) { return english; }

constexpr const char* kWeekdays[] = {
    word_of("weekday", "Sunday"),   word_of("weekday", "Monday"), word_of("weekday", "Tuesday"), word_of("weekday", "Wednesday"),
    word_of("weekday", "Thursday"), word_of("weekday", "Friday"), word_of("weekday", "Saturday")};
constexpr const char* kMonths[] = {word_of("month", "January"), word_of("month", "February"), word_of("month", "March"),
                                   word_of("month", "April"),   word_of("month", "May"),      word_of("month", "June"),
                                   word_of("month", "July"),    word_of("month", "August"),   word_of("month", "September"),
                                   word_of("month", "October"), word_of("month", "November"), word_of("month", "December")};
// TRANSLATORS: year, month and day in figures.
constexpr const char* kDay = word_of("date", "{0}-{1}-{2}");
// TRANSLATORS: weekday, day of the month, month: "Monday 30 November".
constexpr const char* kWeekday = word_of("date", "{0} {1} {2}");
// TRANSLATORS: the decimal point.
constexpr const char* kPoint = word_of("number", ".");
// Units that are written otherwise in other languages; all others are the same everywhere.
[[maybe_unused]] constexpr const char* kUnits[] = {word_of("unit", "rpm"), word_of("unit", "bpm")};

std::string clock_text(const Moment& moment) {
  const int64_t local_s = moment.utc_us / 1'000'000 + int64_t{moment.zone_offset_min} * 60;
  const int64_t minute = ((local_s / 60) % 1440 + 1440) % 1440;
  return fmt::format("{:02}:{:02}", minute / 60, minute % 60);
}

std::chrono::sys_days day_of(const Moment& moment) {
  const std::chrono::microseconds local{moment.utc_us + int64_t{moment.zone_offset_min} * 60'000'000};
  return std::chrono::floor<std::chrono::days>(std::chrono::sys_time<std::chrono::microseconds>(local));
}

std::string day_text(const Moment& moment, const Phrasebook& language) {
  const std::chrono::year_month_day date{day_of(moment)};
  return fill_in(language.word("date", kDay),
                 {fmt::format("{:04}", static_cast<int>(date.year())), fmt::format("{:02}", static_cast<unsigned>(date.month())),
                  fmt::format("{:02}", static_cast<unsigned>(date.day()))});
}

std::string weekday_text(const Moment& moment, const Phrasebook& language) {
  const std::chrono::sys_days day = day_of(moment);
  const std::chrono::year_month_day date{day};
  return fill_in(language.word("date", kWeekday), {language.word("weekday", kWeekdays[std::chrono::weekday{day}.c_encoding()]),
                                                   std::to_string(static_cast<unsigned>(date.day())),
                                                   language.word("month", kMonths[static_cast<unsigned>(date.month()) - 1])});
}

struct Spoken {
  const Phrasebook& language;
  std::string operator()(const Quantity& quantity) const {
    const std::string number = number_in_words(quantity.value, quantity.decimals, language);
    return quantity.unit.empty() ? number : number + " " + language.word("unit", quantity.unit);
  }
  std::string operator()(const TimeSpan& span) const { return time_span_text(span.seconds); }
  std::string operator()(const Moment& moment) const {
    switch (moment.form) {
      case Moment::Form::clock:
        return clock_text(moment);
      case Moment::Form::day:
        return day_text(moment, language);
      case Moment::Form::weekday:
        return weekday_text(moment, language);
      case Moment::Form::day_and_clock:
        break;
    }
    return day_text(moment, language) + " " + clock_text(moment);
  }
  std::string operator()(const Name& name) const { return name.text; }
  std::string operator()(const Message& message) const { return sentence(message, language); }
};

bool ends_a_sentence(const std::string& text) {
  return text.ends_with('.') || text.ends_with('?') || text.ends_with('!') || text.ends_with("…");
}
}  // namespace

std::string Phrasebook::pattern(const Message& message) const {
  const PluralCount plural = plural_count(message);
  return !plural.there || plural.count == 1 ? message.id : message.plural_id;
}

std::string Phrasebook::word(const char*, const std::string& english) const { return english; }

std::string sentence(const Message& message, const Phrasebook& language) {
  if (message.empty()) return "";
  std::vector<std::string> arguments;
  for (const Argument& argument : message.arguments) arguments.push_back(std::visit(Spoken{language}, argument.value));
  const std::string pattern = message.id == "{0}" ? message.id : language.pattern(message);
  return arguments.empty() ? pattern : fill_in(pattern, arguments);
}

std::string sentence(const Messages& messages, const Phrasebook& language) {
  std::string text;
  for (const Message& message : messages) {
    const std::string one = sentence(message, language);
    if (one.empty()) continue;
    if (!text.empty()) text += ends_a_sentence(text) ? " " : ". ";
    text += one;
  }
  return text;
}

std::string english(const Message& message) { return sentence(message, Phrasebook()); }
std::string english(const Messages& messages) { return sentence(messages, Phrasebook()); }

std::string time_span_text(double seconds) {
  const auto whole = static_cast<int64_t>(std::llround(std::max(0.0, seconds)));
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string fill_in(std::string_view pattern, const std::vector<std::string>& arguments) {
  std::string filled;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool placeholder =
        pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}' && pattern[i + 1] >= '0' && pattern[i + 1] <= '9';
    const std::size_t index = placeholder ? static_cast<std::size_t>(pattern[i + 1] - '0') : arguments.size();
    if (index >= arguments.size()) {
      filled += pattern[i];
      continue;
    }
    filled += arguments[index];
    i += 2;
  }
  return filled;
}

std::string number_in_words(double value, int decimals, const Phrasebook& language) {
  std::string text = fmt::format("{:.{}f}", value, std::clamp(decimals, 0, 9));
  if (text.starts_with('-') && text.find_first_of("123456789") == std::string::npos) text.erase(0, 1);
  if (const std::size_t point = text.find('.'); point != std::string::npos)
    text.replace(point, 1, language.word("number", kPoint));
  return text;
}

}  // namespace patella
