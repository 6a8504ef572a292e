// One force sensor being calibrated at the screen: its reading, the known weight that is typed, the points, their line.
// Pure. Units: newtons as the driver gives them; a weight is typed in kilograms or newtons.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "calibration/fit.hpp"
#include "calibration/steady.hpp"
#include "session/channel_quality.hpp"
#include "session/staff_view.hpp"

namespace patella::staff {

class CalibrationDesk {
 public:
  /// `stale_after_s`: a reading older than this is not shown.
  CalibrationDesk(bool live, double stale_after_s)
      : live_(live), stale_after_us_(static_cast<int64_t>(stale_after_s * 1e6)) {}

  /// A device was opened, anew or another one: points so far are of another zero, or of another sensor.
  void opened();
  void live(bool live);
  void sample(int64_t t_us, double reading_n);
  void advance(int64_t now_us);

  void key(const std::string& key);
  void change_unit();
  void take(int64_t now_us);
  void undo();
  /// "" = the sensor may be tared now; else why not.
  std::string tare_refusal(int64_t now_us) const;
  void tare_begun() { taring_ = true; }
  void tare_done(bool ok, const std::string& text);
  void say(const std::string& text, bool trouble) { message_ = {text, trouble}; }
  void storing(bool storing) { storing_ = storing; }

  bool taking() const { return taker_.waiting(); }
  /// Somebody works at the sensor: its reading moves.
  bool in_use(int64_t now_us) const { return has_reading(now_us) && recent_.now().spread > kRules.most_spread; }
  const std::vector<calibration::Point>& points() const { return points_; }
  Result<calibration::Fit> fit() const { return calibration::fit_line(points_, {}); }
  double rate_hz() const { return quality_.figures().rate_hz; }
  void fill(session::CalibrationView& view, int64_t now_us) const;

 private:
  static constexpr calibration::SteadyRules kRules{2, 2, 3};
  void add_point(double reading_n);
  bool has_reading(int64_t now_us) const { return live_ && newest_us_ >= 0 && now_us - newest_us_ <= stale_after_us_; }

  bool live_ = false, in_kg_ = true, storing_ = false, taring_ = false;
  int64_t stale_after_us_, newest_us_ = -1;
  double reading_n_ = 0, known_n_ = 0;
  std::string typed_;
  calibration::Steady recent_{kRules};
  calibration::PointTaker taker_{kRules};
  session::ChannelQuality quality_;
  std::vector<calibration::Point> points_;
  session::StaffMessage message_;
};

}  // namespace patella::staff
