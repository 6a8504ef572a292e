#include "probe.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string_view>

#include "driver_kit/bytes.hpp"
#include "driver_kit/units.hpp"

namespace patella::go_link {
namespace {

constexpr uint8_t kFlashSignature = 0x9C;
constexpr std::size_t kNumberAt = 1, kNameAt = 8, kNameBytes = 20, kOperationAt = 57, kEquationAt = 58, kMinAt = 59, kMaxAt = 63,
                      kHighestPageAt = 68, kActivePageAt = 69, kPagesAt = 70, kPageBytes = 19, kUnitAt = 12, kUnitBytes = 7,
                      kChecksumAt = 127;
constexpr uint8_t kOperationTenVolt = 2;
constexpr uint8_t kLinear = 1, kQuadratic = 2;

float from_bits(uint32_t bits) {
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}
double f32_le(std::span<const uint8_t> bytes, std::size_t at) {
  return static_cast<double>(from_bits(driver_kit::u32(bytes, at)));
}
double f32_be(std::span<const uint8_t> bytes, std::size_t at) {
  uint32_t bits = 0;
  for (std::size_t i = 0; i < 4; ++i) bits = bits << 8 | bytes[at + i];
  return static_cast<double>(from_bits(bits));
}

std::string text(std::span<const uint8_t> bytes) {
  std::string out;
  for (const uint8_t byte : bytes) {
    if (byte == 0) break;
    if (byte >= 0x20 && byte < 0x7F) out += static_cast<char>(byte);
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

/// Some makers wrote the complement, some the bits in reverse order.
bool checksum_right(std::span<const uint8_t> record) {
  uint8_t sum = 0;
  for (const uint8_t byte : record.first(kChecksumAt)) sum ^= byte;
  uint8_t reversed = 0;
  for (unsigned bit = 0; bit < 8; ++bit) reversed = static_cast<uint8_t>(reversed | (sum >> bit & 1u) << (7 - bit));
  const uint8_t found = record[kChecksumAt];
  return found == sum || found == static_cast<uint8_t>(~sum) || found == reversed;
}

/// Units stand in brackets: "(N)".
double newtons_in(std::string_view unit) {
  if (unit.size() > 2 && unit.front() == '(' && unit.back() == ')') unit = unit.substr(1, unit.size() - 2);
  if (unit == "N" || unit == "n") return 1;
  if (unit == "kN") return 1000;
  if (unit == "lb" || unit == "lbs" || unit == "lbf") return driver_kit::kNewtonPerLbf;
  if (unit == "kg" || unit == "kgf") return driver_kit::kStandardGravity;
  return 0;
}

}  // namespace

Correction read_correction(std::span<const uint8_t> flash, Input input) {
  if (flash.size() < kFlashBytes || flash[1] != kFlashSignature) return {};
  const bool ten = input == Input::ten_volt;
  const std::size_t offset_at = ten ? 4 : 6, slope_at = ten ? 8 : 12;
  const auto offset = static_cast<int16_t>(static_cast<uint16_t>(flash[offset_at] << 8 | flash[offset_at + 1]));
  const double slope = f32_be(flash, slope_at);
  // A correction is small. Anything else is a record that was never written.
  if (!std::isfinite(slope) || slope < 0.8 || slope > 1.25) return {};
  return {static_cast<double>(offset), slope};
}

double volts(int raw, Input input, const Correction& correction) {
  const double counts = (raw + correction.offset) * correction.slope;
  return input == Input::ten_volt ? 10.0 / 32768 * counts : 2.5 / 32768 * counts + 2.5;
}

std::optional<Probe> read_probe(std::span<const uint8_t> record) {
  if (record.size() != kProbeBytes || !checksum_right(record)) return std::nullopt;
  if (std::all_of(record.begin(), record.end(), [&](uint8_t byte) { return byte == record[0]; })) return std::nullopt;
  const std::size_t page = record[kActivePageAt];
  if (record[kHighestPageAt] > 2 || page > record[kHighestPageAt]) return std::nullopt;
  const auto bytes = record.subspan(kPagesAt + page * kPageBytes, kPageBytes);
  const uint8_t equation = record[kEquationAt];
  if (equation != kLinear && equation != kQuadratic) return std::nullopt;
  Probe probe;
  probe.number = record[kNumberAt];
  probe.name = text(record.subspan(kNameAt, kNameBytes));
  probe.input = record[kOperationAt] == kOperationTenVolt ? Input::ten_volt : Input::five_volt;
  const double scale = newtons_in(text(bytes.subspan(kUnitAt, kUnitBytes)));
  probe.is_force = scale != 0;
  probe.a = f32_le(bytes, 0) * scale;
  probe.b = f32_le(bytes, 4) * scale;
  probe.c = equation == kQuadratic ? f32_le(bytes, 8) * scale : 0;
  if (!std::isfinite(probe.a) || !std::isfinite(probe.b) || !std::isfinite(probe.c)) return std::nullopt;
  probe.min_n = f32_le(record, kMinAt) * scale;
  probe.max_n = f32_le(record, kMaxAt) * scale;
  if (!std::isfinite(probe.min_n) || !std::isfinite(probe.max_n) || probe.max_n <= probe.min_n) probe.min_n = probe.max_n = 0;
  return probe;
}

}  // namespace patella::go_link
