// What the kiosk may say or chime, and how much of it somebody wants to hear.
#pragma once

#include <cstdint>

#include "base/message.hpp"

namespace patella::sound {

enum class CueKind : uint8_t {
  set_up,  ///< exercise and side
  countdown,
  go,
  hold,
  release,
  rep_counted,
  rep_not_counted,
  hold_reached,
  last_rep,
  half_time,
  rest,  ///< and what comes next
  rest_over,
  done,
  hint,
  sensor_lost,
  stopped,
  pain_stopped,
  stay_seated,  ///< until staff come
};

/// Each includes what those before it let through.
enum class Level : uint8_t { off, chimes, important, everything };

struct SoundCue {
  CueKind kind = CueKind::hint;
  uint32_t lane = 0;  ///< whose session
  Message text;       ///< what is spoken, in the lane's language; empty: only the chime
  int64_t at_us = 0;  ///< of Clock::now_us(): when it happened
};

}  // namespace patella::sound
