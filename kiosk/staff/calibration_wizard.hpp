// One force sensor being calibrated at the screen: its reading, the known weight that is typed, the points, their line.
// Pure. Units: newtons as the driver gives them; a weight is typed in kilograms or newtons.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "calibration/fit.hpp"
#include "calibration/procedure.hpp"
#include "calibration/steady.hpp"
#include "session/channel_quality.hpp"
#include "session/device_state.hpp"
#include "session/staff_calibrate.hpp"

namespace patella::staff {

class CalibrationWizard {
 public:
  /// A stale reading is not shown.
  explicit CalibrationWizard(const session::AgeLimits& ages) : ages_(ages) {}

  /// The device went away: nothing is read or taken. The points stay until one is opened.
  void gone();
  /// A device was opened, maybe another one: what was read before does not count.
  void opened();
  void sample(int64_t t_us, double reading_n);
  void advance(int64_t now_us);

  void key(const session::KeypadKey& key);
  void unit(bool kg);  ///< false: newtons
  void take(int64_t now_us);
  void undo();
  void say(Messages text, bool trouble) { message_ = {std::move(text), trouble}; }
  void storing(bool storing) { storing_ = storing; }

  bool taking() const { return procedure_.taking(); }
  bool can_store() const { return !taking() && !storing_ && fit().ok(); }
  /// Somebody works at the sensor: its reading moves.
  bool in_use(int64_t now_us) const { return has_reading(now_us) && recent_.now().spread > kRules.most_spread; }
  const std::vector<calibration::Point>& points() const { return procedure_.points(); }
  Result<calibration::Fit> fit() const { return procedure_.fit(); }
  double rate_hz() const { return quality_.figures().rate_hz; }
  void fill(session::CalibrationView& view, int64_t now_us) const;

 private:
  static constexpr calibration::SteadyRules kRules{2, 2, 3};
  void tell(const calibration::Procedure::Taken& taken);
  void fill_points(session::CalibrationView& view) const;
  bool has_reading(int64_t now_us) const {
    return session::liveness_of(session::Liveness::live, newest_us_, ages_, now_us) == session::Liveness::live;
  }

  session::AgeLimits ages_;
  int64_t newest_us_ = -1;
  bool in_kg_ = true, storing_ = false;
  double reading_n_ = 0;
  std::string typed_;
  Message known_text_;  ///< of the point being taken, as it was typed
  calibration::Steady recent_{kRules};
  calibration::Procedure procedure_{kRules};
  session::ChannelQuality quality_;
  std::map<double, Message> texts_;  ///< of each weight what was typed
  session::StaffMessage message_;
};

}  // namespace patella::staff
