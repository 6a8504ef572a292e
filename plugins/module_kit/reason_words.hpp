// What a client reads of a repetition or hold that did not count: what happened, and what to do. The log has the reason itself.
#pragma once

#include <cstdint>
#include <string>

#include <patella/sdk.hpp>

namespace patella::module_kit {

/// 1.2 s, 2 s; rounded down, so that a hold that was not long enough never reads as if it was.
inline sdk::Argument seconds_rounded_down(int64_t t_us) {
  const int64_t tenths = t_us / 100'000;
  return sdk::number(static_cast<double>(tenths) / 10, tenths % 10 == 0 ? 0 : 1, "s");
}

inline std::string left_target_words(int64_t held_us, int64_t hold_us) {
  return sdk::message("Force left the target after {0} of {1}: hold it longer", seconds_rounded_down(held_us),
                      seconds_rounded_down(hold_us));
}

}  // namespace patella::module_kit
