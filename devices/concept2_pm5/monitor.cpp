#include "monitor.hpp"

#include <cstddef>

namespace patella::concept2_pm5 {
namespace {

enum Command : uint8_t {
  kStatus = 0x80,
  kVersion = 0x91,
  kSerial = 0x94,
  kWorkTime = 0xA0,
  kDistance = 0xA1,
  kFineDistance = 0xA3,  // inside kPm
  kCadence = 0xA7,
  kPower = 0xB4,
  kHeartRate = 0xB0,
  kPm = 0x1A,
  kWorkoutType = 0x89,
  kWorkoutState = 0x8D,
  kIntervalType = 0x8E,
  kStrokeState = 0xBF,
  kGetConfig = 0x7E,
  kMachineType = 0xED,
};
constexpr uint8_t kMetre = 0x24, kKilometre = 0x21, kWatt = 0x58;

uint32_t low_first(std::span<const uint8_t> bytes) {
  uint32_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) value |= static_cast<uint32_t>(bytes[i]) << (8 * i);
  return value;
}

/// Calls visit(command, data) for each block; false when the last one is cut off.
template <class Visit>
bool each_block(std::span<const uint8_t> bytes, Visit&& visit) {
  while (!bytes.empty()) {
    if (bytes.size() < 2 || bytes.size() < 2u + bytes[1]) return false;
    if (!visit(bytes[0], bytes.subspan(2, bytes[1]))) return false;
    bytes = bytes.subspan(2u + bytes[1]);
  }
  return true;
}

void read_pm_block(Answer& answer, uint8_t command, std::span<const uint8_t> data) {
  if (command == kWorkoutState && data.size() == 1) answer.workout_state = data[0];
  if (command == kStrokeState && data.size() == 1) answer.stroke_state = data[0];
  // The fifth byte is a fraction of the last digit, which nobody needs.
  if (command == kWorkTime && data.size() == 5) answer.time_s = low_first(data.first(4)) / 100.0;
  if (command == kFineDistance && data.size() == 5) {
    answer.distance_m = low_first(data.first(4)) / 10.0;
    answer.distance_is_coarse = false;
  }
}

void read_public_block(Answer& answer, uint8_t command, std::span<const uint8_t> data) {
  switch (command) {
    case kVersion:
      if (data.size() == 7)
        answer.version = Version{data[0], data[1], data[2], static_cast<int>(low_first(data.subspan(3, 2))),
                                 static_cast<int>(low_first(data.subspan(5, 2)))};
      break;
    case kSerial:
      if (data.size() == 9) answer.serial = std::string(data.begin(), data.end());
      break;
    case kCadence:
      if (data.size() == 3) answer.cadence_rpm = low_first(data.first(2));
      break;
    case kPower:
      if (data.size() != 3) break;
      answer.power_in_other_unit = data[2] != kWatt;
      if (!answer.power_in_other_unit) answer.power_w = low_first(data.first(2));
      break;
    case kHeartRate:
      if (data.size() == 1) answer.heart_rate_bpm = data[0];
      break;
    case kWorkTime:
      if (data.size() == 3 && !answer.time_s) answer.time_s = data[0] * 3600.0 + data[1] * 60.0 + data[2];
      break;
    case kDistance:
      if (data.size() != 3 || answer.distance_m) break;
      if (data[2] == kMetre) answer.distance_m = low_first(data.first(2));
      if (data[2] == kKilometre) answer.distance_m = low_first(data.first(2)) * 1000.0;
      answer.distance_is_coarse = data[2] == kKilometre;
      break;
    default:
      break;
  }
}

}  // namespace

std::vector<uint8_t> ask_version() { return {kVersion}; }
std::vector<uint8_t> ask_serial() { return {kSerial}; }
std::vector<uint8_t> ask_machine_type() { return {kGetConfig, 1, kMachineType}; }
std::vector<uint8_t> ask_status() { return {kStatus}; }
std::vector<uint8_t> ask_values() {
  return {kWorkTime,     kDistance, kCadence,      kPower,       kHeartRate,   kPm,          6,
          kWorkoutState, kWorkTime, kFineDistance, kStrokeState, kWorkoutType, kIntervalType};
}

std::optional<Answer> read_answer(std::span<const uint8_t> contents) {
  if (contents.empty()) return std::nullopt;
  Answer answer;
  answer.toggle = (contents[0] & 0x80) != 0;
  answer.previous = (contents[0] >> 4) & 3;
  answer.state = contents[0] & 0x0F;
  const auto in_pm = [&](uint8_t command, std::span<const uint8_t> data) {
    read_pm_block(answer, command, data);
    return true;
  };
  const auto in_config = [&](uint8_t command, std::span<const uint8_t> data) {
    if (command == kMachineType && data.size() == 1) answer.machine_type = data[0];
    return true;
  };
  const bool whole = each_block(contents.subspan(1), [&](uint8_t command, std::span<const uint8_t> data) {
    if (command == kPm) return each_block(data, in_pm);
    if (command == kGetConfig) return each_block(data, in_config);
    read_public_block(answer, command, data);
    return true;
  });
  if (!whole) return std::nullopt;
  return answer;
}

}  // namespace patella::concept2_pm5
