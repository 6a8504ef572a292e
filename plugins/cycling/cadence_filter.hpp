// From the cadence a bike reports to the cadence that is shown and counted.
//
// Real sensors lie in single values: the first period after switching on (230 rpm), one revolution missed (80 → 27
// → 80 rpm), one row of zero. So a value near the shown one (12 rpm, or 20 % of it) is shown at once; one further
// away waits until a later value, at least 0.9 s after it, lies on the same side. Then the one nearest to the old
// value is shown. A first value is shown when another, at least 0.9 s later, agrees. At one value a second
// this lags by one value, and a stop from 100 rpm shows 0 within two.
// After 3 s without an accepted value there is nothing to show.
#pragma once

#include <cstdint>

namespace patella::cycling {

class CadenceFilter {
 public:
  static constexpr int64_t kConfirmUs = 900'000;
  static constexpr int64_t kMaxUs = 3'000'000;

  struct Outcome {
    bool pending = false;  // this value waits for another one
    bool settled = false;  // those that waited are decided: they count as settled_rpm
    double settled_rpm = 0;
  };

  /// A value in rpm, >= 0. Times do not go back; one that does is ignored.
  Outcome sample(int64_t t_us, double rpm);
  /// The sensor is lost: forget everything.
  void reset() { *this = CadenceFilter(); }

  /// Whether there is a value to show at `now_us`.
  bool known(int64_t now_us) const { return known_ && now_us - accepted_us_ <= kMaxUs; }
  double rpm() const { return shown_rpm_; }
  /// When the shown value was measured.
  int64_t rpm_us() const { return shown_us_; }
  bool pending() const { return pending_; }
  /// When the first value that waits was measured.
  int64_t pending_since_us() const { return pending_since_us_; }

 private:
  Outcome acquire(int64_t t_us, double rpm);
  void accept(int64_t t_us, double rpm, int64_t now_us);
  void wait(int64_t t_us, double rpm);

  bool known_ = false;
  double shown_rpm_ = 0;
  int64_t shown_us_ = 0;
  int64_t accepted_us_ = 0;  // when a value was last accepted
  bool pending_ = false;
  int64_t pending_since_us_ = 0;
  double nearest_rpm_ = 0;  // of those that wait
  int64_t nearest_us_ = 0;
  bool has_last_ = false;
  int64_t last_us_ = 0;
};

}  // namespace patella::cycling
