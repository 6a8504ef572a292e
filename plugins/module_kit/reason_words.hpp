// What a client reads of a repetition or hold that did not count: what happened, and what to do. The log has the reason itself.
#pragma once

#include <cstdint>
#include <string>

namespace patella::module_kit {

/// "1.2 s", "2 s"; rounded down, so that a hold that was not long enough never reads as if it was.
inline std::string seconds_words(int64_t t_us) {
  const int64_t tenths = t_us / 100'000;
  const std::string whole = std::to_string(tenths / 10);
  return (tenths % 10 == 0 ? whole : whole + "." + std::to_string(tenths % 10)) + " s";
}

inline std::string left_target_words(int64_t held_us, int64_t hold_us) {
  return "Force left the target after " + seconds_words(held_us) + " of " + seconds_words(hold_us) + ": hold it longer";
}

}  // namespace patella::module_kit
