#include "frames.hpp"

#include "driver_kit/units.hpp"

namespace patella::linescale3 {
namespace {

constexpr uint8_t kBatteryEmpty = 0x20, kBatteryFull = 0x52;

/// Six characters: an optional '-', digits, at most one point with a digit on either side.
std::optional<double> read_number(std::span<const uint8_t> text) {
  const bool negative = text[0] == '-';
  if (negative) text = text.subspan(1);
  double value = 0, scale = 1;
  bool after_point = false, digit_before = false;
  for (const uint8_t c : text) {
    if (c == '.' && digit_before && !after_point) {
      after_point = true;
      digit_before = false;
      continue;
    }
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
    if (after_point) scale *= 10;
    digit_before = true;
  }
  if (!digit_before) return std::nullopt;
  return (negative ? -value : value) / scale;
}

bool checksum_holds(std::span<const uint8_t, kFrameBytes> bytes) {
  unsigned sum = 0;
  for (const uint8_t byte : bytes.first(17)) sum += byte;
  sum %= 100;
  return bytes[17] == '0' + sum / 10 && bytes[18] == '0' + sum % 10;
}

bool read_mode(uint8_t letter, Frame& frame) {
  switch (letter) {
    case 'R':
      frame.mode = Frame::live;
      return true;
    case 'O':
      frame.mode = Frame::overload;
      return true;
    case 'C':
      frame.mode = Frame::capacity;
      return true;
    default:
      return false;
  }
}

/// Newtons in one of the unit; 0 for an unknown letter.
double read_unit(uint8_t letter, Frame& frame) {
  switch (letter) {
    case 'N':
      frame.unit = Frame::kilonewton;
      return 1000;
    case 'G':
      frame.unit = Frame::kilogram_force;
      return driver_kit::kStandardGravity;
    case 'B':
      frame.unit = Frame::pound_force;
      return driver_kit::kNewtonPerLbf;
    default:
      return 0;
  }
}

int rate_of(uint8_t letter) {
  switch (letter) {
    case 'S':
      return 10;
    case 'F':
      return 40;
    case 'M':
      return 640;
    case 'Q':
      return 1280;
    default:
      return 0;
  }
}

}  // namespace

std::optional<Frame> read_frame(std::span<const uint8_t, kFrameBytes> bytes) {
  if (bytes[19] != '\r' || !checksum_holds(bytes)) return std::nullopt;
  Frame frame;
  if (!read_mode(bytes[0], frame)) return std::nullopt;
  const auto value = read_number(bytes.subspan(1, 6));
  const auto reference = read_number(bytes.subspan(8, 6));
  const double newtons = read_unit(bytes[15], frame);
  frame.set_rate_hz = rate_of(bytes[16]);
  if (newtons <= 0 || frame.set_rate_hz == 0) return std::nullopt;
  if (bytes[7] != 'N' && bytes[7] != 'Z') return std::nullopt;
  frame.relative = bytes[7] == 'Z';
  if (!value || !reference)
    frame.mode = Frame::unreadable;
  else
    frame.force_n = *value * newtons, frame.reference_n = *reference * newtons;
  if (bytes[14] >= kBatteryEmpty && bytes[14] <= kBatteryFull) frame.battery_percent = (bytes[14] - kBatteryEmpty) * 2;
  return frame;
}

char rate_letter(int rate_hz) { return rate_hz <= 10 ? 'S' : rate_hz <= 40 ? 'F' : rate_hz <= 640 ? 'M' : 'Q'; }

char unit_letter(Frame::Unit unit) { return unit == Frame::kilonewton ? 'N' : unit == Frame::kilogram_force ? 'G' : 'B'; }

std::array<uint8_t, 4> command(char letter) {
  const auto first = static_cast<uint8_t>(letter);
  return {first, '\r', '\n', static_cast<uint8_t>(first + '\r' + '\n')};
}

}  // namespace patella::linescale3
