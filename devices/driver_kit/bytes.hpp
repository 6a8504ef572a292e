// Numbers in binary packets, low byte first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace patella::driver_kit {

/// `at` + 2, or + 4, must lie within the bytes.
inline uint16_t u16(std::span<const uint8_t> bytes, std::size_t at) {
  return static_cast<uint16_t>(bytes[at] | bytes[at + 1] << 8);
}
inline uint32_t u32(std::span<const uint8_t> bytes, std::size_t at) {
  return uint32_t{u16(bytes, at)} | uint32_t{u16(bytes, at + 2)} << 16;
}

}  // namespace patella::driver_kit
