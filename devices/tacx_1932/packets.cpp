#include "packets.hpp"

#include <cstddef>

#include "driver_kit/bytes.hpp"

namespace patella::tacx_1932 {
namespace {

constexpr std::size_t kHeader = 24, kMin = 40, kData = 48;
constexpr std::array<uint8_t, 4> kVersionHeader = {0x03, 0x0C, 0x00, 0x00}, kDataHeader = {0x03, 0x13, 0x02, 0x00};
constexpr uint8_t kModeCalibrate = 3;
constexpr double kCountsPerKmH = 289.75, kCountsPerN = 137;

using driver_kit::u16, driver_kit::u32;

bool has_header(std::span<const uint8_t> packet, std::span<const uint8_t, 4> header) {
  for (std::size_t i = 0; i < header.size(); ++i)
    if (packet[kHeader + i] != header[i]) return false;
  return true;
}

}  // namespace

Reply read_reply(std::span<const uint8_t> packet) {
  Reply reply;
  if (packet.size() == kHeader) reply.kind = Reply::nothing_new;
  if (packet.size() < kMin) return reply;
  if (has_header(packet, kVersionHeader)) {
    reply.kind = Reply::version;
    reply.firmware = u32(packet, 28);
    reply.serial_number = u32(packet, 32);
  }
  if (packet.size() < kData || !has_header(packet, kDataHeader)) return reply;
  reply.kind = Reply::data;
  reply.heart_rate_bpm = packet[12];
  reply.speed_m_s = u16(packet, 32) / kCountsPerKmH / 3.6;
  reply.brake_force_n = static_cast<int16_t>(u16(packet, 38)) / kCountsPerN;
  reply.pedal_event = (packet[42] & 1) != 0;
  reply.cadence_rpm = packet[44];
  reply.calibrates = packet[46] == kModeCalibrate;
  return reply;
}

std::array<uint8_t, 12> ask_data(bool pedal_event) {
  constexpr uint8_t kStop = 0x00, kIdleWeight = 0x52;
  return {0x01, 0x08, 0x01, 0x00, 0x00, 0x00, static_cast<uint8_t>(pedal_event), 0x00, kStop, kIdleWeight, 0x10, 0x04};
}

}  // namespace patella::tacx_1932
