// The text a Chronojump force sensor sends, line by line. Pure: bytes in, values out.
// Source: the firmware ForceSensor 0.2 … 0.7 of the Chronojump project. Lines end in CR LF.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace patella::chronojump_force {

struct Line {
  enum Kind { sample, no_force, trigger, version, capturing, capture_ended, tared, not_valid, unknown } kind = unknown;
  uint32_t device_us = 0;  ///< sample and trigger: since "Starting capture", rolls over after 71 min 35 s
  double force_n = 0;      ///< sample
  std::string firmware;    ///< version: "0.6"
};

/// "128340;52.77" is a sample, "128340;R" a trigger, "128340;nan" (inf, ovf) no_force: a sensor that is not
/// calibrated. Words are searched for anywhere in the line: junk may precede them. A decimal comma is not
/// accepted: such a line is unknown.
Line read_line(std::string_view line);

}  // namespace patella::chronojump_force
