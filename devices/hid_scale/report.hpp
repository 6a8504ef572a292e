// The data report of a USB scale. Pure: bytes in, newtons out.
// Source: HID Point of Sale Usage Tables 1.02, weighing devices (usage page 8D).
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace patella::hid_scale {

enum class ScaleStatus : uint8_t {
  fault = 1,
  stable_at_zero = 2,
  in_motion = 3,
  stable = 4,
  under_zero = 5,  ///< the weight is sent without a sign: this status is the sign
  over_limit = 6,
  needs_calibration = 7,
  needs_rezero = 8,
};

struct Reading {
  ScaleStatus status = ScaleStatus::fault;
  uint8_t unit = 0;  ///< 1 mg, 2 g, 3 kg, 4 carat, 5 tael, 6 grain, 7 pennyweight, 8 tonne, 9 ton, 10 troy
                     ///< oz, 11 oz, 12 lb
  int8_t exponent = 0;
  uint16_t raw = 0;
  /// Weight in newtons at standard gravity, negative under zero. Empty when the unit is unknown (0, 13 and
  /// above) or no fixed mass (5: a tael differs by country).
  std::optional<double> force_n;

  bool is_stable() const {
    return status == ScaleStatus::stable_at_zero || status == ScaleStatus::stable || status == ScaleStatus::under_zero;
  }
  /// The scale vouches for the weight: at zero, moving, stable, under zero.
  bool is_weight() const { return is_stable() || status == ScaleStatus::in_motion; }
};

/// Report 3 (4 on a few models), six bytes: id, status, unit, exponent, weight (low byte first). Empty for
/// anything else, an unknown status, or an exponent beyond ±9.
std::optional<Reading> read_report(std::span<const uint8_t> report);

}  // namespace patella::hid_scale
