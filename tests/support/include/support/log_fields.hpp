// Fields of a log event as tests look at them: in the form in which the log keeps them, for that form must not change.
#pragma once

#include <string>
#include <string_view>

#include "session/log_event.hpp"

namespace patella::test {

template <class T>
T field_of(const session::LogEvent& event, std::string_view key, T missing) {
  for (const auto& [name, value] : event.fields)
    if (name == key)
      if (const T* found = std::get_if<T>(&value)) return *found;
  return missing;
}

/// 0 or "" (or `missing`) when the event has none of that name and type.
inline double number_of(const session::LogEvent& event, std::string_view key, double missing = 0) {
  return field_of(event, key, missing);
}
inline std::string text_of(const session::LogEvent& event, std::string_view key) { return field_of(event, key, std::string()); }

}  // namespace patella::test
