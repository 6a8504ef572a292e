// Chimes, computed: no files. Partials between 1 and 3 kHz are heard over music; all are shorter than half a second.
#pragma once

#include <cstdint>
#include <span>

namespace patella::sound {

enum class Chime : uint8_t { tick, rep_counted, rep_not_counted, hold_reached, rest_over, stopped };
inline constexpr Chime kChimes[] = {Chime::tick,         Chime::rep_counted, Chime::rep_not_counted,
                                    Chime::hold_reached, Chime::rest_over,   Chime::stopped};

struct Note {
  float hz = 0;
  float at_s = 0;     ///< after the chime's beginning
  float decay_s = 0;  ///< to 1/e
  float gain = 0;     ///< of full scale
};

/// In order of their beginnings; lives for ever.
std::span<const Note> notes(Chime chime);
const char* name_of(Chime chime);

}  // namespace patella::sound
