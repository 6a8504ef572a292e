// The baseline of a band: what the sensor says while the band is slack.
//
// A set starts by seeking it. The band counts as slack while it is still (0.5 s within 1.5 N) and not more than 5 N
// above the tare of the set before (above the device's own zero before the first set). A band cannot push, so
// a still value below the baseline is always believed. A slack moment in the countdown or rest, at most 60 s
// before the set, will do: many exercises begin on a band that is taut already. When there was none and none comes
// within 5 s, the least force seen so far is taken. Between repetitions the baseline follows still moments: down at once, up by half
// the difference each 0.5 s, never more than 5 N above the tare. During a repetition it stands.
#pragma once

#include <cstdint>
#include <optional>

namespace patella::band_reps {

/// Finds stretches of 0.5 s that stay within 1.5 N, and gives the mean of each.
class StillRun {
 public:
  static constexpr int64_t kLengthUs = 500'000;
  static constexpr double kSpreadN = 1.5;
  std::optional<double> add(int64_t t_us, double force_n);
  void reset() { count_ = 0; }

 private:
  void begin(int64_t t_us, double force_n);

  int64_t since_us_ = 0, last_us_ = 0;
  double least_n_ = 0, most_n_ = 0, sum_n_ = 0;
  int count_ = 0;
};

class Tare {
 public:
  static constexpr double kDriftN = 5;
  static constexpr int64_t kLatelyUs = 60'000'000;
  static constexpr int64_t kPatienceUs = 5'000'000;

  enum class Change { kNone, kFound, kFoundByLeast };

  /// Known at once when the band has been slack lately; otherwise the seeking begins.
  void seek(int64_t t_us);
  /// A force in N as the device gives it. `at_rest`: no repetition is under way.
  Change sample(int64_t t_us, double force_n, bool at_rest);
  /// Ends the seeking with the least force seen so far; false when there was none.
  bool give_up();
  /// The sensor is lost: what was still before says nothing.
  void lost();

  bool seeking() const { return seeking_; }
  /// N; 0 until something better is known.
  double baseline_n() const { return baseline_n_; }

 private:
  Change found(double force_n, Change how);
  void follow(double still_n);

  StillRun still_;
  bool seeking_ = false;
  int64_t seek_since_us_ = 0;
  bool has_least_ = false;
  double least_n_ = 0;
  bool has_slack_ = false;
  int64_t slack_us_ = 0;  // when the band was last found slack, and at what force
  double slack_n_ = 0;
  double anchor_n_ = 0;   // the last tare: what drift is measured from
  double baseline_n_ = 0;
};

}  // namespace patella::band_reps
