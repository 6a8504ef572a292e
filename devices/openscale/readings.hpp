// The text a SparkFun OpenScale sends, line by line. Pure: text in, values out.
// Source: firmware and documentation of sparkfun/OpenScale.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace patella::openscale {

struct Line {
  enum Kind { reading, no_weight, boot_text, unknown } kind = unknown;
  double force_n = 0;                 ///< reading: the mass times standard gravity
  std::optional<uint32_t> device_ms;  ///< reading: since the board began, when it is set to say so
};

/// "[millis,]value,unit,[raw,][local °C,][remote °C,]" with kg or lbs as unit is a reading. Which fields
/// there are is a setting of the board; each ends in a comma. no_weight: the same with nan, inf or ovf for
/// the value, as a board prints them that is not calibrated. boot_text: a line only this board prints.
Line read_line(std::string_view line);

}  // namespace patella::openscale
