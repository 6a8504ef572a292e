// The baseline of a band: what the sensor says while the band is slack.
//
// Tared at the start of a set and never within one; only when the band is slack and still, else it is refused and said
// why, within 3 s. Slack is a force of at most `slack_n` above the device's own zero (a hook, drift, the band's own weight), or anywhere
// below it, for a band cannot push; still is 0.5 s within 1.5 N, or within one step of a sensor that counts in larger ones. A slack moment in the countdown or rest, at most 60 s before
// the set, will do: many exercises begin on a band that is taut already. After a sensor was lost its zero is not believed
// any more: the one case in which a tare is asked for in the middle of a set.
//
// A band that is never slack at its station (rest load). Where the physio allows it, a client who has been told to let go and
// keeps still for 3 s goes on with that load as the zero, up to the highest one that is allowed. From then on a still force up to it
// is as good as slack.
#pragma once

#include <cstdint>
#include <optional>

namespace patella::band_reps {

/// Finds stretches of time (0.5 s) that stay within 1.5 N, and gives the mean of each over time. Readings may be up to 1 s apart: a
/// sensor that sends changes only is silent while nothing changes.
class StillRun {
 public:
  static constexpr int64_t kLengthUs = 500'000;
  static constexpr int64_t kMaxStepUs = 1'000'000;
  static constexpr double kSpreadN = 1.5, kSpreadSteps = 1.25;
  explicit StillRun(int64_t length_us = kLengthUs) : length_us_(length_us) {}
  std::optional<double> add(int64_t t_us, double force_n);
  void reset() { any_ = false; }
  /// The steps of the sensor's values in N; 0 = fine, or not known.
  void counts_in(double step_n) { spread_n_ = step_n * kSpreadSteps > kSpreadN ? step_n * kSpreadSteps : kSpreadN; }

 private:
  void begin(int64_t t_us, double force_n);

  int64_t length_us_;
  int64_t since_us_ = 0, last_us_ = 0;
  double least_n_ = 0, most_n_ = 0, last_n_ = 0, sum_n_ = 0;
  double spread_n_ = kSpreadN;
  bool any_ = false;
};

class Tare {
 public:
  static constexpr int64_t kLatelyUs = 60'000'000;
  static constexpr int64_t kPatienceUs = 2'900'000;
  static constexpr int64_t kRestLoadStillUs = 3'000'000;

  /// kRefused: told once for each seeking, when it has lasted kPatienceUs. The seeking goes on.
  enum class Change { kNone, kFound, kRefused };

  /// `rest_load_max_n`: a load up to this that stays may become the zero; 0 = none may.
  explicit Tare(double slack_n, double rest_load_max_n = 0) : slack_n_(slack_n), rest_load_max_n_(rest_load_max_n) {}

  /// A set begins. Known at once when the band has been slack lately; otherwise the seeking begins.
  void seek(int64_t t_us);
  /// A force in N as the device gives it. `at_rest`: no repetition is under way.
  Change sample(int64_t t_us, double force_n, bool at_rest);
  void counts_in(double step_n) {
    still_.counts_in(step_n);
    load_still_.counts_in(step_n);
  }
  /// The sensor is lost: neither its zero nor what was still before says anything.
  void lost();

  bool seeking() const { return seeking_; }
  /// While seeking: it has lasted so long that somebody should be told why.
  bool refused() const { return seeking_ && refused_; }
  /// There is a tare that may be used.
  bool known() const { return known_; }
  /// While seeking: the band is loaded, and not merely moving.
  bool loaded() const { return newest_n_ > slack_n_; }
  /// While seeking: the load that is on the band now may become the zero.
  bool rest_load_allowed() const { return newest_n_ <= rest_load_max_n_; }
  /// The zero in use is a load that the physio allows, and not a slack band.
  bool zero_is_load() const { return known_ && baseline_n_ > slack_n_; }
  /// N; 0 until something better is known.
  double baseline_n() const { return baseline_n_; }

 private:
  Change found(double force_n);

  double slack_n_;
  double rest_load_max_n_;
  StillRun still_, load_still_{kRestLoadStillUs};
  double allowed_load_n_ = 0;  // as good as slack, once somebody has kept still under it; 0 = none
  bool seeking_ = false, known_ = false, refused_ = false;
  int64_t seek_since_us_ = 0;
  bool has_slack_ = false;
  int64_t slack_us_ = 0;  // when the band was last found slack, and at what force
  double slack_at_n_ = 0;
  double newest_n_ = 0;
  double baseline_n_ = 0;
};

}  // namespace patella::band_reps
