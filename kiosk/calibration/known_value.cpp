#include "calibration/known_value.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>

namespace patella::calibration {

namespace {
struct Typed {
  double number = 0;
  std::string_view unit;
};

std::optional<Typed> split(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  Typed typed;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), typed.number);
  if (end.ec != std::errc() || !std::isfinite(typed.number)) return std::nullopt;
  typed.unit = text.substr(static_cast<std::size_t>(end.ptr - text.data()));
  while (!typed.unit.empty() && typed.unit.front() == ' ') typed.unit.remove_prefix(1);
  return typed;
}
}  // namespace

Result<double> force_n(std::string_view text) {
  const Error wrong = in_words(Message("\"{0}\" is not a known weight", Name{std::string(text)}), "",
                               Message("Write a number with its unit: 0, 10kg, 98.1N, 22lb"));
  const auto typed = split(text);
  if (!typed) return wrong;
  double newton = typed->number;
  if (typed->unit == "kg")
    newton *= kGravity;
  else if (typed->unit == "g")
    newton *= kGravity / 1000;
  else if (typed->unit == "lb")
    newton *= 0.45359237 * kGravity;
  else if (typed->unit != "N" && !(typed->unit.empty() && typed->number == 0))
    return wrong;
  if (newton < 0 || newton > 20'000)
    return in_words(Message("\"{0}\" is more or less than a sensor here can carry", Name{std::string(text)}), "",
                    Message("Give a weight from 0 to 2000 kg"));
  return newton;
}

Result<double> length_m(std::string_view text) {
  const Error wrong{fmt::format("\"{}\" is not a length", text), "", "Write a number with its unit: 0.5m, 50cm, 500mm"};
  const auto typed = split(text);
  if (!typed) return wrong;
  double metre = typed->number;
  if (typed->unit == "cm")
    metre /= 100;
  else if (typed->unit == "mm")
    metre /= 1000;
  else if (typed->unit != "m")
    return wrong;
  if (!(metre > 0 && metre <= 20)) return Error{fmt::format("\"{}\" is no length of a band", text), "", "Give one up to 20 m"};
  return metre;
}

}  // namespace patella::calibration
