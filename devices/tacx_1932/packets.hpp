// The packets of a Tacx head unit 1932 or 1942. Pure: bytes in, values out. All numbers are little-endian.
// Source: FortiusANT, GoldenCheetah's Fortius and ttyT1941, which agree.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace patella::tacx_1932 {

struct Reply {
  enum Kind {
    nothing_new,  ///< 24 bytes: read again later
    version,
    data,
    unknown,
  } kind = unknown;

  // version
  uint32_t firmware = 0;
  uint32_t serial_number = 0;  ///< decimal tt yy nnnnn: type, year, number

  // data
  double heart_rate_bpm = 0;  ///< 0 = no belt
  double speed_m_s = 0;
  double brake_force_n = 0;  ///< negative: the motor drives
  double cadence_rpm = 0;
  bool calibrates = false;   ///< its motor turns the wheel: nothing of it is the rider's
  bool pedal_event = false;  ///< to be echoed in the next command
};

/// One packet as it came.
Reply read_reply(std::span<const uint8_t> packet);

/// Has to be sent first: until it is answered cadence stays 0.
inline constexpr std::array<uint8_t, 4> kAskVersion = {0x02, 0x00, 0x00, 0x00};

/// Asks for data, with the brake off and no target.
std::array<uint8_t, 12> ask_data(bool pedal_event);

}  // namespace patella::tacx_1932
