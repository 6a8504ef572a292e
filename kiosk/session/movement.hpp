// Whether somebody moves or presses a sensor right now, from its values alone: so staff find out which of several equal
// sensors is which. Pure; memory of one value.
#pragma once

#include <cstdint>
#include <string>

namespace patella::session {

class Movement {
 public:
  /// `unit` as in the channel's table. "N" moves when it is pulled or pressed (a change of 5 N within a second, more
  /// than drift, tremor of a hanging handle and a scale's last digit); "rpm" while it turns. Other units never: a time
  /// runs and a heart beats without anybody moving the sensor.
  explicit Movement(const std::string& unit);
  /// True: it moved now.
  bool sample(int64_t t_us, double value);
  /// From the movement until two seconds after it: long enough to look up from the sensor to the screen.
  bool moves(int64_t now_us) const;

 private:
  enum class Kind { never, by_change, by_value } kind_;
  double reference_ = 0;
  int64_t reference_us_ = -1, newest_us_ = -1, moved_us_ = -1;
};

}  // namespace patella::session
