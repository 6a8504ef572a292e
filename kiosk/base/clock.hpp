// Time comes in through this interface, so that tests own it.
#pragma once

#include <cstdint>
#include <string>

namespace patella {

struct WallTime {
  int64_t utc_us = 0;           ///< since 1970-01-01T00:00:00Z
  int32_t zone_offset_min = 0;  ///< local = utc + offset
};

class Clock {
 public:
  virtual ~Clock() = default;
  /// CLOCK_MONOTONIC in microseconds: the only time that orders anything.
  virtual int64_t now_us() const = 0;
  /// A label for people, never an order.
  virtual WallTime wall() const = 0;
};

class SystemClock final : public Clock {
 public:
  int64_t now_us() const override;
  WallTime wall() const override;
};

/// Minutes that this machine's zone is before UTC at that time: now, with or without summer time, as the zone is set now.
int32_t zone_offset_min_at(int64_t utc_us);
/// The same for a time near a label's, hours before or behind it: summer time may have begun or ended in between. Of a label from
/// another zone it is the label's own.
int32_t zone_offset_min_near(const WallTime& label, int64_t utc_us);

/// "2026-11-20T10:00:00Z"
std::string utc_text(int64_t utc_us);
/// "2026-11-20 11:00:00" in the zone of the label
std::string local_text(const WallTime& wall);

}  // namespace patella
