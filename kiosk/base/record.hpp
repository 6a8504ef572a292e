// The one totally ordered stream of a session's input: what a module is fed, what the log keeps, what a
// replay reads.
#pragma once

#include <cstdint>

namespace patella {

enum class RecordKind : uint8_t {
  sample = 1,  ///< channel, value
  tick = 2,    ///< every PATELLA_TICK_US of session time
  action = 3,  ///< code = patella_action
  gap = 4      ///< channel; code 1 = lost, 0 = back
};

/// 32 bytes, plain: it lies like this in the shared memory between the kiosk and a module's child.
struct Record {
  uint64_t seq = 0;  ///< 1, 2, 3, … without a hole within a session
  int64_t t_us = 0;  ///< session time: since the session's zero; of a sample, when it was measured
  double value = 0;
  RecordKind kind = RecordKind::tick;
  uint8_t reserved = 0;
  uint16_t channel = 0;  ///< the module's channel index
  int32_t code = 0;
};
static_assert(sizeof(Record) == 32);

}  // namespace patella
