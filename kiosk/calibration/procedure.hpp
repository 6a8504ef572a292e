// Known weights on a force sensor, one after the other, until a line goes through them: the procedure behind the screen of the staff area
// and behind `patella calibrate`. Pure. Newtons as the driver gives them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "calibration/fit.hpp"
#include "calibration/steady.hpp"

namespace patella::calibration {

class Procedure {
 public:
  struct Taken {
    Point point;
    double spread = 0;                 ///< by how much the reading moved meanwhile
    std::optional<double> instead_of;  ///< the reading that this weight had before
    bool loaded_zero = false;          ///< nothing is said to hang there, and the sensor reads otherwise
  };

  explicit Procedure(const SteadyRules& rules) : rules_(rules), taker_(rules) {}

  /// A device was opened, maybe another one; or this one, which may have another zero after it was without current: two devices have two
  /// lines, so what was read before does not count. True: something was lost by that.
  bool opened();
  /// The device went away: what is being taken is not. The points stay until one is opened. True: something was being taken.
  bool gone();
  /// The sensor has another zero now.
  void tared() { points_.clear(); }

  /// This weight hangs there from now on: as soon as the reading is still it has its point.
  void take(double known, int64_t now_us);
  bool taking() const { return taker_.waiting(); }
  void sample(int64_t t_us, double reading);
  /// Nothing yet, the point, or after the patience why there is none. Answers once for each take().
  std::optional<Result<Taken>> poll(int64_t now_us);
  /// Takes the newest point back; nullopt: there is none.
  std::optional<Point> undo();

  bool has(double known) const;
  /// In the order in which they were taken.
  const std::vector<Point>& points() const { return points_; }
  /// Error: which point is off the line, or what is missing, and what to do.
  Result<Fit> fit() const { return fit_line(points_, {}); }

 private:
  Taken add(double known, const Steady::Window& reading);

  SteadyRules rules_;
  PointTaker taker_;
  double known_ = 0;  ///< of the point being taken
  std::vector<Point> points_;
};

}  // namespace patella::calibration
