// Whether somebody moves or presses a sensor right now, from its values alone: so staff find out which of several equal
// sensors is which. Pure; memory of five values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace patella::session {

class Movement {
 public:
  /// `unit` as in the channel's table. "N" moves when it is pulled or pressed (a change of 5 N within a second, more
  /// than drift, tremor of a hanging handle and a scale's last digit); "rpm" while it turns. Other units never: a time
  /// runs and a heart beats without anybody moving the sensor. Of forces the median of five is looked at: a bad reading of a
  /// converter, alone or with another, moves nothing, or a station would never be free again.
  explicit Movement(const std::string& unit);
  /// True: it moved now.
  bool sample(int64_t t_us, double value);
  /// From the movement until two seconds after it: long enough to look up from the sensor to the screen.
  bool moves(int64_t now_us) const;

 private:
  enum class Kind { never, by_change, by_value } kind_;
  double median(double value, bool first);
  std::array<double, 5> last_{};
  std::size_t count_ = 0;  ///< of values in last_, in all
  double reference_ = 0;
  int64_t reference_us_ = -1, newest_us_ = -1, moved_us_ = -1;
};

}  // namespace patella::session
