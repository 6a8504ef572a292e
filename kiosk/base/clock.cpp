#include "base/clock.hpp"

#include <fmt/format.h>

#include <ctime>

namespace patella {

namespace {
int64_t read_us(clockid_t id) {
  timespec now{};
  clock_gettime(id, &now);
  return static_cast<int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
}

/// KioskFlow, so that times before 1970 do not round up to the next second.
time_t floor_seconds(int64_t utc_us) { return static_cast<time_t>(utc_us / 1'000'000 - (utc_us % 1'000'000 < 0 ? 1 : 0)); }

std::tm broken_down(int64_t utc_us) {
  const time_t seconds = floor_seconds(utc_us);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return parts;
}
}  // namespace

int64_t SystemClock::now_us() const { return read_us(CLOCK_MONOTONIC); }

WallTime SystemClock::wall() const {
  const int64_t utc_us = read_us(CLOCK_REALTIME);
  return {utc_us, zone_offset_min_at(utc_us)};
}

int32_t zone_offset_min_at(int64_t utc_us) {
  // localtime_r() alone keeps the zone of the program's start: a kiosk runs for months, and its zone may be set meanwhile.
  ::tzset();
  const time_t seconds = floor_seconds(utc_us);
  std::tm local{};
  localtime_r(&seconds, &local);
  return static_cast<int32_t>(local.tm_gmtoff / 60);
}

int32_t zone_offset_min_near(const WallTime& label, int64_t utc_us) {
  const bool same_zone = zone_offset_min_at(label.utc_us) == label.zone_offset_min;
  return same_zone ? zone_offset_min_at(utc_us) : label.zone_offset_min;
}

std::string utc_text(int64_t utc_us) {
  const std::tm parts = broken_down(utc_us);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                     parts.tm_min, parts.tm_sec);
}

std::string local_text(const WallTime& wall) {
  const std::tm parts = broken_down(wall.utc_us + static_cast<int64_t>(wall.zone_offset_min) * 60'000'000);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                     parts.tm_min, parts.tm_sec);
}

}  // namespace patella
