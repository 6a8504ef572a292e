// The calibrations and band checks of the site, as they are looked up: newest of a sensor, what is due, what changed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "calibration/fit.hpp"
#include "plugin_link/plugin_info.hpp"
#include "store/store.hpp"

namespace patella::runtime {

class CalibrationBook {
 public:
  CalibrationBook() = default;
  /// `rows`: oldest first, as the store gives them.
  explicit CalibrationBook(std::vector<store::DeviceCalibration> rows) : rows_(std::move(rows)) {}

  void add(store::DeviceCalibration newest) { rows_.push_back(std::move(newest)); }

  /// The one in force for a channel of this device; null = none. `driver` and `channel` as the driver names
  /// them. A device is known by its serial number, in whatever socket; one without a number by its socket
  /// alone. Where the site has calibrated one number in several sockets there may be twins: then only the
  /// socket's own counts.
  const store::DeviceCalibration* newest(const std::string& driver, const std::string& serial, const std::string& port,
                                         const std::string& channel) const;
  /// One line for the sensors whose newest calibration is older than the limit; "": none is. `sockets`: those
  /// in use. Of one number calibrated in several sockets the newest counts, and that of each socket in use:
  /// it is a twin's; the others are where a device has been before.
  Message reminder(int64_t now_utc_us, int limit_days, const std::vector<std::string>& sockets) const;

 private:
  bool may_be_twins(const store::DeviceCalibration& like) const;
  Message name_of(const store::DeviceCalibration& row) const;

  std::vector<store::DeviceCalibration> rows_;
};

/// The row of a calibration just made, but for what only its maker knows: serial, port, who and rate_hz are left empty.
store::DeviceCalibration new_calibration(const plugin_link::PluginInfo& driver, std::size_t channel,
                                         const std::vector<calibration::Point>& points, const calibration::Fit& fit,
                                         const WallTime& now);

calibration::Line line_of(const store::DeviceCalibration& calibration);

/// Oldest first in, one line for each band whose newest check differs from its first one with the same two lengths by more
/// than the limit; none when it is 0.
std::vector<Message> band_notices(const std::vector<store::BandCheck>& checks, double limit_percent);
/// The first check of that band at these lengths; null = none.
const store::BandCheck* first_check(const std::vector<store::BandCheck>& checks, const store::BandCheck& like);

/// For --list: a JSON array of what the log has, and the same as a table.
Result<std::string> calibrations_text(store::Store& log);
Result<std::string> band_checks_text(store::Store& log);
std::string calibrations_json(const std::vector<store::DeviceCalibration>& rows, int64_t now_utc_us);
/// reminder() of such an array.
Message reminder_of(const std::string& json, int64_t now_utc_us, int limit_days, const std::vector<std::string>& sockets);
std::string calibrations_table(const std::string& json);
std::string band_checks_json(const std::vector<store::BandCheck>& rows);
std::string band_checks_table(const std::string& json);

}  // namespace patella::runtime
