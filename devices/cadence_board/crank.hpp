// A cadence board's lines, and cadence from them. Pure: text in, values out. The line protocol is Patella's
// own; it is described in docs/devices/cadence_board.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "driver_kit/standstill.hpp"

namespace patella::cadence_board {

struct Line {
  enum Kind { revolution, heartbeat, version, unknown } kind = unknown;
  uint32_t device_us = 0;    ///< revolution and heartbeat: rolls over after 71 min 35 s
  uint32_t revolutions = 0;  ///< revolution: so many since the board began
  std::string firmware;      ///< version: "1.0"
};

/// "1234567;42" is a revolution, "1500000;=" a heartbeat, "Cadence_Sensor-1.0" (junk may precede it) the
/// version.
Line read_line(std::string_view line);

/// Cadence from the times of revolutions. Times are the board's microseconds, with their roll-over.
class Crank {
 public:
  struct Seen {
    std::optional<double> rpm;  ///< what is to be shown from now on
    bool bounce = false;        ///< the contact closed twice: not a revolution
  };
  /// The cadence of the last revolution, when it is one of 4 to 220 rpm. Lost lines show in the count.
  Seen revolution(uint32_t device_us, uint32_t count);
  /// While no revolution comes nothing is measured: empty. Longer than this rider's own gaps, at least 4 s
  /// (driver_kit/standstill.hpp), it is 0.
  std::optional<double> heartbeat(uint32_t device_us);
  /// The board restarted.
  void restart() { *this = Crank(); }

 private:
  static constexpr int64_t kMinStandstillUs = 4'000'000;
  void begin(uint32_t device_us, uint32_t count);

  bool has_start_ = false, has_revolution_ = false;
  uint32_t start_us_ = 0, last_us_ = 0, last_count_ = 0, seen_count_ = 0;
  uint32_t bounces_ = 0;  ///< since the last revolution
  driver_kit::Standstill standstill_{kMinStandstillUs};
};

}  // namespace patella::cadence_board
