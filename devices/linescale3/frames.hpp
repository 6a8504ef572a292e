// The 20-byte frames of a LineScale 3 load cell, and its commands. Pure: bytes in, values out.
// Source: LineGrip's "LS3 command table & port protocol".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

namespace patella::linescale3 {

inline constexpr std::size_t kFrameBytes = 20;

struct Frame {
  /// unreadable: a frame of a LineScale in all else, whose value is no number.
  enum Mode { live, overload, capacity, unreadable } mode = live;
  enum Unit { kilonewton, kilogram_force, pound_force } unit = kilonewton;
  double force_n = 0;                  ///< capacity: what the cell can carry
  double reference_n = 0;              ///< where the zero of the relative mode lies; says nothing in the absolute one
  bool relative = false;               ///< above a zero of its own, which is held beside the absolute one
  std::optional<int> battery_percent;  ///< 0…100, when it is one
  int set_rate_hz = 0;                 ///< 10, 40, 640 or 1280: what the device is set to, not what it does
};

/// One frame, or nothing when the end, the checksum, or a letter for mode, zero, unit or rate is not as it
/// should be. The checksum is the sum of the first 17 bytes modulo 100, as two digits.
std::optional<Frame> read_frame(std::span<const uint8_t, kFrameBytes> bytes);

/// Finds frames in a byte stream, whatever slices it comes in.
class FrameFinder {
 public:
  /// Calls take(frame, skipped) for each frame; skipped: bytes since the last one that belonged to none.
  template <class Take>
  void feed(std::span<const uint8_t> bytes, Take&& take) {
    for (const uint8_t byte : bytes) {
      held_[count_++] = byte;
      if (count_ < kFrameBytes) continue;
      if (const auto frame = read_frame(held_)) {
        count_ = 0;
        const uint64_t skipped = skipped_;
        skipped_ = 0;
        take(*frame, skipped);
        continue;
      }
      --count_;
      std::memmove(held_.data(), held_.data() + 1, count_);
      ++skipped_;
    }
  }

 private:
  std::array<uint8_t, kFrameBytes> held_{};
  std::size_t count_ = 0;
  uint64_t skipped_ = 0;
};

// Letters of the commands that the driver gives.
inline constexpr char kStart = 'A', kStop = 'E', kZero = 'Z';
/// The letter that sets a rate of 10, 40, 640 or 1280 Hz.
char rate_letter(int rate_hz);
char unit_letter(Frame::Unit unit);

/// letter, CR, LF, and the low byte of the sum of the three.
std::array<uint8_t, 4> command(char letter);

}  // namespace patella::linescale3
