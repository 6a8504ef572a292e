// The frames of an ANT stick, as the stick makes and takes them: A4, length, id, payload, XOR. Written for
// the models apart from the driver, so that an error in one shows against the other.
#pragma once

#include <optional>
#include <span>

#include "emulator/model.hpp"

namespace patella::emulator {

struct AntFrame {
  uint8_t id = 0;
  Bytes payload;
};

Bytes build_ant(uint8_t id, const Bytes& payload);

/// Takes whole frames off the front of `stream`; anything else is dropped byte by byte. Empty: more is needed.
std::optional<AntFrame> take_ant(Bytes& stream);

}  // namespace patella::emulator
