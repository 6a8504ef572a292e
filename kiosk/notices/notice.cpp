#include "notices/notice.hpp"

#include <array>

namespace patella::notices {

namespace {
constexpr std::array kKinds{Kind::call_staff,    Kind::pain_stop,        Kind::pain_high,    Kind::red_flag,
                            Kind::start_blocked, Kind::exercise_stopped, Kind::notify_failed};
}

const char* id_of(Kind kind) {
  switch (kind) {
    case Kind::call_staff:
      return "call_staff";
    case Kind::pain_stop:
      return "pain_stop";
    case Kind::pain_high:
      return "pain_high";
    case Kind::red_flag:
      return "red_flag";
    case Kind::start_blocked:
      return "start_blocked";
    case Kind::exercise_stopped:
      return "exercise_stopped";
    case Kind::notify_failed:
      return "notify_failed";
  }
  return "";
}

std::optional<Kind> kind_of(std::string_view id) {
  for (const Kind kind : kKinds)
    if (id == id_of(kind)) return kind;
  return std::nullopt;
}

std::string text_in(const Detail& detail, std::string_view key) {
  for (const auto& [name, value] : detail)
    if (name == key)
      if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return "";
}

std::optional<double> number_in(const Detail& detail, std::string_view key) {
  for (const auto& [name, value] : detail)
    if (name == key)
      if (const auto* number = std::get_if<double>(&value)) return *number;
  return std::nullopt;
}

}  // namespace patella::notices
