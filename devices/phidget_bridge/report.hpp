// Reports of a Phidgets bridge 1046: four inputs for load cells. Pure.
// Source: the maker's open library, libphidget21 and libphidget22.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace patella::phidget_bridge {

using Bytes = std::vector<uint8_t>;

inline constexpr std::size_t kInputs = 4;
inline constexpr int kStepMs = 8;  ///< of the data interval
inline constexpr int kMaxMs = 1000;

/// As sent to the board and echoed by it.
enum class Gain : uint8_t { x1 = 0, x8 = 3, x16 = 4, x32 = 5, x64 = 6, x128 = 7 };
/// 1, 8 … 128; 0 for a code that does not exist.
int factor(uint8_t gain_code);

struct Report {
  uint8_t enabled = 0;  ///< echo: bit n = input n is on
  uint8_t fresh = 0;    ///< inputs with a new value
  uint8_t faulty = 0;   ///< inputs that are out of range
  std::array<uint8_t, kInputs> gain{};
  std::array<uint32_t, kInputs> raw{};  ///< 24 bits, 0x800000 is zero
};
/// At least 18 bytes.
std::optional<Report> read_report(std::span<const uint8_t> bytes);

/// mV/V of one input; empty when its gain code does not exist, and when it is out of range by flag or by
/// value.
std::optional<double> ratio_mv_v(const Report& report, std::size_t input);

struct Settings {
  uint8_t enabled = 0;
  std::array<Gain, kInputs> gain{};
  int interval_ms = 16;  ///< rounded up to a step, 8 … 1000
};
/// The five bytes that set the board up, filled up with zeros to `length`.
Bytes encode(const Settings& settings, std::size_t length);
/// The board does as it was told.
bool follows(const Report& report, const Settings& settings);
int64_t interval_us(int interval_ms);

/// Length of the output report by a HID report descriptor without report ids; 0 = it has none.
std::size_t output_report_bytes(std::span<const uint8_t> descriptor);

}  // namespace patella::phidget_bridge
