// Measurement frames of a Go Direct device. Pure.
#pragma once

#include <optional>

#include "frame.hpp"

namespace patella::go_direct {

struct Measurement {
  enum class Kind {
    periodic,    ///< rows on the grid of the measurement period
    aperiodic,   ///< values that come when something happens
    start_time,  ///< noted only: its layout is not published
    dropped,     ///< the device lost samples before the next ones; how many is not published
    new_period,  ///< noted only
    unknown
  };
  Kind kind = Kind::unknown;
  uint8_t counter = 0;
  uint32_t mask = 0;  ///< bit n = sensor n has a value in each row
  int rows = 0;
  bool is_int = false;
  std::span<const uint8_t> data;  ///< into the frame: row by row, lowest sensor first, 4 bytes each

  /// Empty when the sensor is not in the rows, or its value is no number.
  std::optional<double> value(int row, int sensor) const;
};
/// Empty when it is no measurement or says that more values follow than do.
std::optional<Measurement> read_measurement(std::span<const uint8_t> frame);

}  // namespace patella::go_direct
