#include "reply.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "driver_kit/bytes.hpp"

namespace patella::go_direct {
namespace {

using driver_kit::u32;

double f64(std::span<const uint8_t> bytes, std::size_t at) {
  const uint64_t bits = uint64_t{u32(bytes, at + 4)} << 32 | u32(bytes, at);
  double value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// A fixed field filled up with NUL; control characters go.
std::string text(std::span<const uint8_t> bytes, std::size_t at, std::size_t room) {
  std::string out;
  for (const uint8_t byte : bytes.subspan(at, room)) {
    if (byte == 0) break;
    if (byte >= 0x20 && byte != 0x7F) out += static_cast<char>(byte);
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace

std::optional<Reply> read_reply(std::span<const uint8_t> frame) {
  if (frame.size() < 6 || frame[0] == kMeasurement) return std::nullopt;
  return Reply{frame[4], frame[5], frame.subspan(6)};
}

std::optional<uint8_t> read_code(std::span<const uint8_t> payload) {
  if (payload.empty()) return std::nullopt;
  return payload[0];
}

std::optional<uint32_t> read_mask(std::span<const uint8_t> payload) {
  if (payload.size() < 4) return std::nullopt;
  return u32(payload, 0);
}

// status, spare, then twice major, minor, build (2 bytes), then battery and charger.
std::optional<Power> read_power(std::span<const uint8_t> payload) {
  if (payload.size() < 12) return std::nullopt;
  Power power;
  power.firmware = std::to_string(payload[2]) + "." + std::to_string(payload[3]);
  power.battery_percent = std::min<int>(payload[10], 100);
  power.charger = static_cast<Power::Charger>(std::min<int>(payload[11], 3));
  return power;
}

std::optional<std::string> read_name(std::span<const uint8_t> payload) {
  if (payload.size() < 64) return std::nullopt;
  return text(payload, 32, 32);
}

std::optional<SensorInfo> read_sensor_info(std::span<const uint8_t> payload) {
  if (payload.size() < 148 || payload[0] > 31) return std::nullopt;
  SensorInfo info;
  info.number = payload[0];
  info.id = u32(payload, 2);
  info.is_periodic = payload[7] == 0;
  info.name = text(payload, 8, 60);
  info.unit = text(payload, 68, 32);
  info.min = f64(payload, 108);
  info.max = f64(payload, 116);
  if (!std::isfinite(info.min) || !std::isfinite(info.max) || info.max <= info.min) info.min = info.max = 0;
  info.min_period_us = u32(payload, 124);
  info.typical_period_us = u32(payload, 136);
  info.granularity_us = u32(payload, 140);
  info.excludes = u32(payload, 144);
  return info;
}

}  // namespace patella::go_direct
