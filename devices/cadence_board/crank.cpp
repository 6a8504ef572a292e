#include "crank.hpp"

#include <algorithm>

#include "driver_kit/lines.hpp"

namespace patella::cadence_board {
namespace {

constexpr double kUsPerMinute = 60e6;
constexpr double kMinRpm = 4, kMaxRpm = 220;
// Longer than a revolution at 4 rpm. A revolution after that is the first of a new ride, and the roll-over of
// the board's clock cannot make it look like a quick one.
constexpr uint32_t kForgetUs = 16'000'000;
constexpr uint32_t kKnotUs = 500'000;  // lines may come in the wrong order by that much

}  // namespace

Line read_line(std::string_view line) {
  constexpr std::string_view kName = "Cadence_Sensor-";
  Line read;
  if (driver_kit::contains(line, kName)) {
    read.kind = Line::version;
    read.firmware = driver_kit::version_after(line, kName);
    return read;
  }
  const std::size_t semicolon = line.find(';');
  if (semicolon == std::string_view::npos) return read;
  const auto time = driver_kit::read_unsigned(line.substr(0, semicolon));
  const std::string_view what = line.substr(semicolon + 1);
  const auto count = driver_kit::read_unsigned(what);
  if (!time || (!count && what != "=")) return read;
  read.kind = count ? Line::revolution : Line::heartbeat;
  read.device_us = *time;
  read.revolutions = count.value_or(0);
  return read;
}

void Crank::begin(uint32_t device_us, uint32_t count) {
  has_revolution_ = true;
  last_us_ = device_us;
  last_count_ = seen_count_ = count;
  bounces_ = 0;
}

Crank::Seen Crank::revolution(uint32_t device_us, uint32_t count) {
  if (!has_start_) start_us_ = device_us;
  has_start_ = true;
  const uint32_t passed_us = device_us - last_us_;
  const uint32_t closings = count - seen_count_;
  if (!has_revolution_ || passed_us > kForgetUs) {
    begin(device_us, count);
    return {};
  }
  if (closings == 0) return {};  // the same line twice
  seen_count_ = count;
  const uint32_t revolutions = count - last_count_ - bounces_;
  const double rpm = kUsPerMinute * revolutions / std::max(passed_us, 1u);
  if (rpm > kMaxRpm) {
    bounces_ += closings;
    return {std::nullopt, true};
  }
  begin(device_us, count);
  standstill_.learn(passed_us / std::max(revolutions, 1u));
  if (rpm < kMinRpm) return {};
  return {rpm, false};
}

std::optional<double> Crank::heartbeat(uint32_t device_us) {
  if (!has_start_) start_us_ = device_us;
  has_start_ = true;
  uint32_t since_us = device_us - (has_revolution_ ? last_us_ : start_us_);
  if (since_us > ~kKnotUs) since_us = 0;  // the revolution is the later of the two
  if (since_us > kForgetUs) {
    has_revolution_ = false;
    start_us_ = device_us - static_cast<uint32_t>(standstill_.after_us());
  }
  return since_us >= standstill_.after_us() ? std::optional(0.0) : std::nullopt;
}

}  // namespace patella::cadence_board
