#include "base/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/clock.hpp"
#include "base/sentence.hpp"

namespace patella {

Message Message::in(const char* context, const char* id) {
  Message message(id);
  message.context = context;
  return message;
}

PluralCount plural_count(const Message& message) {
  if (message.plural_id.empty() || message.arguments.empty()) return {};
  const auto* count = std::get_if<Quantity>(&message.arguments.front().value);
  if (!count) return {};
  const double grain = std::pow(10, std::clamp(count->decimals, 0, 9));
  const double shown = std::round(std::clamp(count->value, 0.0, 1e9) * grain) / grain;
  return {true, shown == std::floor(shown) ? static_cast<unsigned long>(shown) : 2};
}

bool Message::operator==(const Message& other) const {
  return id == other.id && plural_id == other.plural_id && context == other.context && catalogue == other.catalogue &&
         arguments == other.arguments;
}

Message translatable(std::string text, std::string catalogue) {
  Message message;
  message.id = std::move(text);
  message.catalogue = std::move(catalogue);
  return message;
}

Message verbatim(std::string text) {
  if (text.empty()) return {};
  Message message;
  message.id = "{0}";
  message.arguments.emplace_back(Name{std::move(text)});
  return message;
}

Message in_a_row(const std::vector<Message>& items) {
  Message row;
  for (const Message& item : items) row = row.empty() ? item : Message("{0}, {1}", std::move(row), item);
  return row;
}

Quantity shortest(double value, int most_decimals, std::string unit) {
  Quantity quantity{value, 0, std::move(unit)};
  const auto differs = [&] {
    return std::fabs(value - std::round(value * std::pow(10, quantity.decimals)) / std::pow(10, quantity.decimals)) >
           0.5 * std::pow(10, -most_decimals);
  };
  while (quantity.decimals < most_decimals && differs()) ++quantity.decimals;
  return quantity;
}

namespace {
constexpr std::size_t kMaxArguments = 10;  // a placeholder has one figure

// ---- reading

/// The whole of `text` as a number of digits, one point, and a minus: what may stand in braces.
std::optional<Quantity> read_number(std::string_view text) {
  if (text.empty() || text.find_first_not_of("-.0123456789") != std::string_view::npos) return std::nullopt;
  Quantity quantity;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), quantity.value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  const std::size_t point = text.find('.');
  quantity.decimals = point == std::string_view::npos ? 0 : static_cast<int>(std::min<std::size_t>(text.size() - point - 1, 9));
  return quantity;
}

std::optional<Argument> read_quantity(std::string_view text) {
  const std::size_t blank = text.find(' ');
  std::optional<Quantity> quantity = read_number(text.substr(0, blank));
  if (!quantity) return std::nullopt;
  if (blank != std::string_view::npos) {
    quantity->unit = text.substr(blank + 1);
    if (quantity->unit.empty()) return std::nullopt;
  }
  return Argument(std::move(*quantity));
}

/// "0:30", "1:02:05"
std::optional<Argument> read_span(std::string_view text) {
  double seconds = 0;
  int parts = 0;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find(':', from), text.size());
    const std::string_view part = text.substr(from, end - from);
    const bool digits = !part.empty() && part.size() <= 9 && part.find_first_not_of("0123456789") == std::string_view::npos;
    if (!digits || (parts > 0 && part.size() != 2)) return std::nullopt;
    int value = 0;
    std::from_chars(part.data(), part.data() + part.size(), value);
    seconds = seconds * 60 + value;
    ++parts;
    from = end + 1;
  }
  if (parts < 2 || parts > 3) return std::nullopt;
  return Argument(TimeSpan{seconds});
}

/// What stands in quotes: 'Anna', "Steady". Twice the quote is one.
std::optional<std::string> read_quoted(std::string_view text) {
  const char quote = text.front();
  if (text.size() < 2 || text.back() != quote) return std::nullopt;
  std::string inside;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == quote && text[++i] != quote) return std::nullopt;
    if (i + 1 >= text.size()) return std::nullopt;
    inside += text[i];
  }
  return inside;
}

/// 'Anna' is a name, "Steady" is looked up as a message of its own.
std::optional<Argument> read_words(std::string_view text, const std::string& catalogue) {
  std::optional<std::string> words = read_quoted(text);
  if (!words) return std::nullopt;
  if (text.front() == '\'') return Argument(Name{std::move(*words)});
  return Argument(translatable(std::move(*words), catalogue));
}

/// 3|{0} set|{0} sets
std::optional<Argument> read_counted(std::string_view text, const std::string& catalogue) {
  const std::size_t first = text.find('|');
  const std::size_t second = first == std::string_view::npos ? first : text.find('|', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const std::optional<Quantity> count = read_number(text.substr(0, first));
  if (!count || count->decimals > 0) return std::nullopt;
  Message counted = translatable(std::string(text.substr(first + 1, second - first - 1)), catalogue);
  counted.plural_id = text.substr(second + 1);
  if (counted.id.empty() || counted.plural_id.empty()) return std::nullopt;
  counted.arguments.emplace_back(*count);
  return Argument(std::move(counted));
}

std::optional<Argument> read_argument(std::string_view text, const std::string& catalogue) {
  if (text.starts_with('\'') || text.starts_with('"')) return read_words(text, catalogue);
  if (text.find('|') != std::string_view::npos) return read_counted(text, catalogue);
  if (text.find(':') != std::string_view::npos) return read_span(text);
  return read_quantity(text);
}

/// Where the brace that opens at `open` closes; npos = nowhere. Braces inside count, those in a name do not.
std::size_t closing(std::string_view text, std::size_t open) {
  const char quote = open + 1 < text.size() ? text[open + 1] : '\0';
  const bool words = quote == '\'' || quote == '"';
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (words && text[i] == quote) quoted = !quoted;
    if (quoted) continue;
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) return i;
  }
  return std::string_view::npos;
}

Message read_line(std::string_view line, const std::string& catalogue) {
  const Message plain = translatable(std::string(line), catalogue);
  Message message = translatable("", catalogue);
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '}') return plain;
    if (line[i] != '{') {
      message.id += line[i];
      continue;
    }
    const std::size_t end = closing(line, i);
    if (end == std::string_view::npos) return plain;
    std::optional<Argument> argument = read_argument(line.substr(i + 1, end - i - 1), catalogue);
    if (!argument) return plain;
    if (message.arguments.size() == kMaxArguments) return plain;
    message.id += fmt::format("{{{}}}", message.arguments.size());
    message.arguments.push_back(std::move(*argument));
    i = end;
  }
  return message;
}

// ---- writing

std::string quoted(const std::string& words, char quote) {
  std::string text(1, quote);
  for (const char c : words) text += std::string(c == quote ? 2 : 1, c);
  return text + quote;
}

struct Writer {
  std::string operator()(const Quantity& quantity) const {
    return fmt::format("{{{:.{}f}{}{}}}", quantity.value, quantity.decimals, quantity.unit.empty() ? "" : " ", quantity.unit);
  }
  std::string operator()(const TimeSpan& span) const { return "{" + time_span_text(span.seconds) + "}"; }
  std::string operator()(const Moment& moment) const {
    return "{" + quoted(local_text({moment.utc_us, moment.zone_offset_min}), '\'') + "}";
  }
  std::string operator()(const Name& name) const { return "{" + quoted(name.text, '\'') + "}"; }
  std::string operator()(const Message& message) const {
    if (message.arguments.empty()) return "{" + quoted(message.id, '"') + "}";
    if (message.plural_id.empty()) return written(message);
    const auto* count = std::get_if<Quantity>(&message.arguments.front().value);
    if (!count) return written(message);
    return fmt::format("{{{:.0f}|{}|{}}}", count->value, message.id, message.plural_id);
  }
};
}  // namespace

Messages read_messages(std::string_view text, const std::string& catalogue) {
  Messages messages;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    if (end > from) messages.push_back(read_line(text.substr(from, end - from), catalogue));
    from = end + 1;
  }
  return messages;
}

std::string written(const Message& message) {
  std::string text;
  for (std::size_t i = 0; i < message.id.size(); ++i) {
    const bool placeholder = message.id[i] == '{' && i + 2 < message.id.size() && message.id[i + 2] == '}';
    const std::size_t index = placeholder ? static_cast<std::size_t>(message.id[i + 1] - '0') : message.arguments.size();
    if (index >= message.arguments.size()) {
      text += message.id[i];
      continue;
    }
    text += std::visit(Writer{}, message.arguments[index].value);
    i += 2;
  }
  return text;
}

std::string written(const Messages& messages) {
  std::string text;
  for (const Message& message : messages) text += (text.empty() ? "" : "\n") + written(message);
  return text;
}

}  // namespace patella
