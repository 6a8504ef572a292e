// CSAFE frames as Concept2 monitors use them (Concept2 PM CSAFE Communication Definition): the device's side.
#pragma once

#include <optional>
#include <span>

#include "emulator/model.hpp"

namespace patella::emulator {

struct CsafeFrame {
  bool extended = false;  ///< F0 with addresses instead of F1
  uint8_t destination = 0xFD, source = 0;
  Bytes contents;
};

/// Longest frame on the wire, flags and stuffing included.
inline constexpr std::size_t kCsafeLongestFrame = 120;

/// The first frame in `bytes` (what surrounds it is padding), or nothing when there is none, it is cut short,
/// or its checksum is wrong: a monitor drops such a frame without a word.
std::optional<CsafeFrame> parse_csafe(std::span<const uint8_t> bytes);

/// start flag, [addresses], stuffed contents, XOR of the contents, stop flag.
Bytes build_csafe(const CsafeFrame& frame);

struct CsafeCommand {
  uint8_t id = 0;
  Bytes data;
};

/// Splits contents into commands: one byte from 0x80 up, else id, length, data. A command that is cut short
/// ends the list with `ok` false.
struct CsafeCommands {
  std::vector<CsafeCommand> list;
  bool ok = true;
};
CsafeCommands split_csafe(std::span<const uint8_t> contents);

}  // namespace patella::emulator
