#include "report.hpp"

#include <array>

#include "driver_kit/units.hpp"

namespace patella::hid_scale {
namespace {

constexpr int kMaxExponent = 9;

/// Kilograms; 0 = no fixed mass.
constexpr std::array<double, 13> kUnitKg = {0,
                                            1e-6,            // milligram
                                            1e-3,            // gram
                                            1,               // kilogram
                                            2e-4,            // carat
                                            0,               // tael: 37.5 g, 37.8 g or 50 g
                                            6.479891e-5,     // grain
                                            1.55517384e-3,   // pennyweight
                                            1000,            // tonne
                                            907.18474,       // ton (avoirdupois)
                                            0.0311034768,    // troy ounce
                                            0.028349523125,  // ounce
                                            0.45359237};     // pound

double power_of_ten(int exponent) {
  double value = 1;
  for (int i = 0; i < exponent; ++i) value *= 10;
  return value;
}

/// Dividing keeps 78 × 10⁻¹ exact where multiplying by 0.1 does not.
double scaled(uint16_t raw, int exponent) { return exponent < 0 ? raw / power_of_ten(-exponent) : raw * power_of_ten(exponent); }

}  // namespace

std::optional<Reading> read_report(std::span<const uint8_t> report) {
  if (report.size() != 6 || (report[0] != 3 && report[0] != 4)) return std::nullopt;
  if (report[1] < 1 || report[1] > 8) return std::nullopt;
  Reading reading;
  reading.status = static_cast<ScaleStatus>(report[1]);
  reading.unit = report[2];
  reading.exponent = static_cast<int8_t>(report[3]);
  reading.raw = static_cast<uint16_t>(report[4] | report[5] << 8);
  if (reading.exponent > kMaxExponent || reading.exponent < -kMaxExponent) return std::nullopt;
  if (reading.unit >= kUnitKg.size() || kUnitKg[reading.unit] == 0) return reading;
  const double weight_n = scaled(reading.raw, reading.exponent) * kUnitKg[reading.unit] * driver_kit::kStandardGravity;
  reading.force_n = reading.status == ScaleStatus::under_zero && weight_n != 0 ? -weight_n : weight_n;
  return reading;
}

}  // namespace patella::hid_scale
