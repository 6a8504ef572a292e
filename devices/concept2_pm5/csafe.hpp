// CSAFE frames as the Concept2 monitors speak them over USB: stuffing, checksum, HID report.
// Source: Concept2 PM CSAFE Communication Definition, rev 0.27. Pure: bytes in, bytes out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace patella::concept2_pm5 {

/// Longest frame a monitor takes, flags and stuffing included.
inline constexpr std::size_t kMaxFrame = 120;
/// Report 2: its id and 120 bytes. Every request goes out in one, padded with zeros.
inline constexpr std::size_t kReportBytes = 121;

/// F1 | contents, stuffed | checksum, stuffed | F2. The checksum is the XOR of the contents before stuffing.
std::vector<uint8_t> encode_frame(std::span<const uint8_t> contents);

/// The frame in report 2. Empty when it is longer than kMaxFrame.
std::vector<uint8_t> encode_report(std::span<const uint8_t> contents);

enum class FrameFault {
  none,
  no_frame,      ///< no start flag, or no end flag after it
  bad_stuffing,  ///< F3 not followed by 00…03
  bad_checksum,
  empty,         ///< nothing between the flags
  wrong_report,  ///< not report 1, 2 or 4
};

struct Frame {
  FrameFault fault = FrameFault::no_frame;
  std::vector<uint8_t> contents;  ///< unstuffed, without addresses and checksum; empty on a fault
};

/// From the first start flag to the first end flag; a start flag in between begins a new one. F1 standard, F0
/// extended (two address bytes, which the checksum leaves out).
Frame decode_frame(std::span<const uint8_t> bytes);

/// A HID input report, its id first. Monitors answer in report 1, 2 or 4.
Frame decode_report(std::span<const uint8_t> report);

}  // namespace patella::concept2_pm5
