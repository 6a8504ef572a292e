// What a Go Direct device answers to commands. Pure: the bytes of a frame in, plain data out.
#pragma once

#include <optional>
#include <string>

#include "frame.hpp"

namespace patella::go_direct {

/// An answer belongs to a command when both the command and its counter come back.
struct Reply {
  uint8_t command = 0, counter = 0;
  std::span<const uint8_t> payload;  ///< into the frame
};
/// Empty for measurements and frames that are too short.
std::optional<Reply> read_reply(std::span<const uint8_t> frame);

/// START, STOP, PERIOD: 0 = done. Empty when the payload is missing.
std::optional<uint8_t> read_code(std::span<const uint8_t> payload);
/// AVAILABLE, DEFAULT: bit n = sensor n.
std::optional<uint32_t> read_mask(std::span<const uint8_t> payload);

struct Power {
  enum class Charger : uint8_t { idle = 0, charging = 1, complete = 2, error = 3 };
  int battery_percent = 0;  ///< 0 … 100
  Charger charger = Charger::idle;
  std::string firmware;  ///< "1.8"
};
std::optional<Power> read_power(std::span<const uint8_t> payload);

/// INFO: "GDX-HD 155003H9", behind order code and serial number in fields of their own.
std::optional<std::string> read_name(std::span<const uint8_t> payload);

struct SensorInfo {
  int number = 0;  ///< 0 … 31
  uint32_t id = 0;
  bool is_periodic = true;
  std::string name, unit;   ///< UTF-8 as sent, without what cannot be shown
  double min = 0, max = 0;  ///< in `unit`; equal when the device gave no sensible range
  uint32_t min_period_us = 0, typical_period_us = 0, granularity_us = 0;
  uint32_t excludes = 0;  ///< sensors that cannot be on together with this one, bit n = sensor n
};
std::optional<SensorInfo> read_sensor_info(std::span<const uint8_t> payload);

}  // namespace patella::go_direct
