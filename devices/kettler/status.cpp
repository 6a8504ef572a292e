#include "status.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "driver_kit/lines.hpp"

namespace patella::kettler {
namespace {

using driver_kit::read_unsigned;

constexpr std::size_t kFields = 8, kTarget = 4, kTime = 6;

using Fields = std::array<std::string_view, kFields>;

std::optional<Fields> split(std::string_view line) {
  constexpr std::string_view kSeparators = "\t ";
  Fields fields;
  std::size_t count = 0;
  while (true) {
    const std::size_t begin = line.find_first_not_of(kSeparators);
    if (begin == std::string_view::npos) break;
    if (count == kFields) return std::nullopt;
    const std::size_t end = std::min(line.find_first_of(kSeparators, begin), line.size());
    fields[count++] = line.substr(begin, end - begin);
    line.remove_prefix(end);
  }
  if (count != kFields) return std::nullopt;
  return fields;
}

/// Most bikes fill all fields with zeros: then a field with fewer than three digits was cut. A few fill the
/// target alone.
bool fills_with_zeros(const Fields& fields) {
  for (std::size_t i = 0; i < kFields; ++i)
    if (i != kTime && i != kTarget && fields[i].size() >= 2 && fields[i][0] == '0') return true;
  return false;
}

std::optional<double> number(std::string_view text, std::size_t shortest, double most) {
  if (text.size() < shortest || text.size() > 5) return std::nullopt;
  const auto value = read_unsigned(text);
  if (!value || *value > most) return std::nullopt;
  return *value;
}

std::optional<double> seconds(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon < 2 || colon > 3 || text.size() != colon + 3) return std::nullopt;
  const auto minutes = read_unsigned(text.substr(0, colon)), rest = read_unsigned(text.substr(colon + 1));
  if (!minutes || !rest || *rest > 59) return std::nullopt;
  return *minutes * 60.0 + *rest;
}

}  // namespace

std::optional<Status> read_status(std::string_view line) {
  const auto fields = split(line);
  if (!fields) return std::nullopt;
  // The most that each can be, in the bike's own units.
  constexpr std::array<double, kFields> kMax = {250, 250, 999, 99'999, 2'000, 99'999, 0, 2'000};
  const std::size_t shortest = fills_with_zeros(*fields) ? 3 : 1;
  std::array<double, kFields> values{};
  for (std::size_t i = 0; i < kFields; ++i) {
    const auto value = i == kTime ? seconds((*fields)[i]) : number((*fields)[i], shortest, kMax[i]);
    if (!value) return std::nullopt;
    values[i] = *value;
  }
  return Status{values[0], values[1], values[2] / 36, values[3] * 100, values[4], values[5], values[kTime], values[7]};
}

bool looks_like_status(std::string_view line) {
  const auto fields = split(line);
  if (!fields || (*fields)[kTime].find(':') == std::string_view::npos) return false;
  return std::all_of(fields->begin(), fields->end(),
                     [](std::string_view text) { return text.find_first_of("0123456789") != std::string_view::npos; });
}

Answer read_answer(std::string_view line) {
  if (driver_kit::contains(line, "ERROR") || driver_kit::contains(line, "error")) return Answer::error;
  const bool acknowledged = line == "ACK" || line == "RUN" || line == "ack" || line == "run";
  return acknowledged ? Answer::acknowledged : Answer::other;
}

}  // namespace patella::kettler
