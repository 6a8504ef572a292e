// The sensors of the site, for staff.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "base/message.hpp"
#include "session/device_state.hpp"
#include "session/staff_message.hpp"

namespace patella::session {

/// One driver in use and the device it has; of a device with several force channels one row each.
struct SensorRow {
  DeviceState device;             ///< label: "Chronojump force sensor"
  std::vector<Message> stations;  ///< "Knee extension", "Wall sit"
  Message which;                  ///< "number A1043, socket 1-2.3"; empty when none was there yet
  Message value;                  ///< "12.3"; empty when nothing is live
  std::string unit;               ///< of it
  Message calibrated;             ///< "Calibrated 2026-10-02", "Not calibrated"; empty for what measures no force
  bool moves = false;
  bool calibrates = false, pairs = false, retries = false;  ///< which button it has: at most one
};

struct SensorsView {
  static constexpr const char* kName = "staff_sensors";
  static constexpr bool kOnBar = true;

  struct Calibrate {
    std::size_t row = 0;  ///< index into rows, as for the next two
  };
  struct Pair {
    std::size_t row = 0;
  };
  struct Retry {
    std::size_t row = 0;
  };
  using Tap = std::variant<Calibrate, Pair, Retry>;

  std::vector<SensorRow> rows;
  StaffMessage message;
};

}  // namespace patella::session
