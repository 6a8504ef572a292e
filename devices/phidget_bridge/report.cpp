#include "report.hpp"

#include <algorithm>
#include <cmath>

namespace patella::phidget_bridge {
namespace {

constexpr std::size_t kMinReport = 18, kFirstValueAt = 6;
constexpr double kZero = 0x800000;
constexpr uint8_t kLowNibble = 0x0F;

uint8_t high(uint8_t byte) { return static_cast<uint8_t>(byte >> 4); }
uint8_t low(uint8_t byte) { return byte & kLowNibble; }

int steps(int interval_ms) {
  const int clamped = std::clamp(interval_ms, kStepMs, kMaxMs);
  return (clamped + kStepMs - 1) / kStepMs;
}

}  // namespace

int factor(uint8_t gain_code) {
  if (gain_code == 0) return 1;
  return gain_code >= 3 && gain_code <= 7 ? 1 << gain_code : 0;
}

std::optional<Report> read_report(std::span<const uint8_t> bytes) {
  if (bytes.size() < kMinReport) return std::nullopt;
  Report report;
  report.enabled = low(bytes[0]);
  report.fresh = high(bytes[0]);
  report.faulty = low(bytes[1]);
  report.gain = {high(bytes[2]), low(bytes[2]), high(bytes[3]), low(bytes[3])};
  for (std::size_t i = 0; i < kInputs; ++i) {
    const std::size_t at = kFirstValueAt + 3 * i;
    report.raw[i] = static_cast<uint32_t>(bytes[at] << 16 | bytes[at + 1] << 8 | bytes[at + 2]);
  }
  return report;
}

std::optional<double> ratio_mv_v(const Report& report, std::size_t input) {
  const int gain = factor(report.gain[input]);
  if (gain == 0 || (report.faulty >> input & 1u)) return std::nullopt;
  const double ratio = (static_cast<double>(report.raw[input]) - kZero) / kZero / gain;
  const double most = gain == 1 ? 1.0 : 0.995 / gain;
  if (std::abs(ratio) > most) return std::nullopt;
  return ratio * 1000;
}

Bytes encode(const Settings& settings, std::size_t length) {
  const auto pair = [&](std::size_t first) {
    return static_cast<uint8_t>(static_cast<unsigned>(settings.gain[first]) << 4 |
                                static_cast<unsigned>(settings.gain[first + 1]));
  };
  const int interval = steps(settings.interval_ms);
  Bytes bytes = {low(settings.enabled), pair(0), pair(2), static_cast<uint8_t>(interval),
                 static_cast<uint8_t>(interval >> 8 & 3)};
  bytes.resize(std::max(bytes.size(), length), 0);
  return bytes;
}

bool follows(const Report& report, const Settings& settings) {
  if (report.enabled != low(settings.enabled)) return false;
  for (std::size_t i = 0; i < kInputs; ++i)
    if ((settings.enabled >> i & 1u) && report.gain[i] != static_cast<uint8_t>(settings.gain[i])) return false;
  return true;
}

int64_t interval_us(int interval_ms) { return int64_t{steps(interval_ms)} * kStepMs * 1000; }

// Short items only: Report Size (75), Report Count (95), Output (91). HID 1.11, 6.2.2.
std::size_t output_report_bytes(std::span<const uint8_t> descriptor) {
  uint64_t size_bits = 0, count = 0, bits = 0;
  while (!descriptor.empty()) {
    const uint8_t prefix = descriptor[0];
    if (prefix == 0xFE) break;  // long items do not occur before HID 1.11 and mean nothing here
    const std::size_t length = (prefix & 3) == 3 ? 4 : prefix & 3;
    if (descriptor.size() < 1 + length) break;
    uint64_t value = 0;
    for (std::size_t i = length; i-- > 0;) value = value << 8 | descriptor[1 + i];
    if ((prefix & 0xFC) == 0x74) size_bits = value;
    if ((prefix & 0xFC) == 0x94) count = value;
    if ((prefix & 0xFC) == 0x90 && size_bits <= 32 && count <= 1024) bits += size_bits * count;
    descriptor = descriptor.subspan(1 + length);
  }
  return static_cast<std::size_t>(std::min<uint64_t>((bits + 7) / 8, 1024));
}

}  // namespace patella::phidget_bridge
