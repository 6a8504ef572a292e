// Sorts the readings of a force sensor into those that a person can have caused and wild ones, which a converter sends singly
// and in pairs (an HX711 when its clock is disturbed). All modules that read a force take it through this filter.
//
// A reading is wild when it lies away from the reading before it and the force is back within one or two readings: nobody pulls
// and releases in that time. "Away" is more than 2.5 times the largest of the last three steps, and more than 4 N (1.5 steps of a
// coarse sensor, at most 15 N). "Back" is within half of the jump, or within the whole jump where the readings before
// and after it are at most 60 ms apart. At the start, where there is no reading before, the ones after take its place.
//
// Values are never changed: a reading passes as it came, or not at all. One that is not away passes at once. One that is away
// waits for at most two more; the third in a row that is away shows that all are true, and they pass, so the peak of a fast pull
// is kept. The first four readings wait for each other, and at most two of them are wild.
//
// Silence after a reading that is away makes it true only where the sensor has been silent before without being lost, twice: one
// that sends changes only (0.6 s). Any other sensor has been disturbed: it is judged by the readings after the silence, and when the
// sensor is lost, what still waited is not used.
//
// What it cannot tell apart: a pull or a release that only one or two readings saw, which below 12 readings a second means
// shorter than a quarter of a second, is taken for wild; a wild reading that is no further away than the force moves anyway, and
// three or more in a row, are taken for true. At the start a step that is over within the four readings makes the one or two
// before it look wild.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "resolution.hpp"

namespace patella::module_kit {

struct Force {
  int64_t t_us = 0;
  double n = 0;  // newton
};

/// What became certain by one call, in order of time.
struct SortedForces {
  std::vector<Force> good, wild;
};

class ForceFilter {
 public:
  static constexpr double kMinJumpN = 4, kCoarseSteps = 1.5, kStepFactor = 2.5;
  static constexpr double kBackShare = 0.5, kBackShareShort = 1.0;
  static constexpr int64_t kShortUs = 60'000;
  /// Readings further apart than this from first to last are too few to call any of them wild.
  static constexpr int64_t kMaxUs = 400'000;
  /// As much of it counts as time where readings are missing; a sensor of 4 Hz has no more between two.
  static constexpr int64_t kMaxStepUs = 250'000;
  static constexpr int64_t kSilenceUs = 600'000;
  /// So many silences of more than kMaxUs without a loss: the sensor sends changes only. One may be a disturbance.
  static constexpr int kSilences = 2;

  /// A reading from before the newest one is ignored.
  SortedForces add(const Force& reading);
  /// Time passes without a reading.
  SortedForces tick(int64_t t_us);
  /// The sensor was lost: what comes next has nothing to do with what came before. What still waited is not used: told as wild.
  SortedForces lose();

  /// 0 = not known yet.
  double resolution_n() const { return resolution_.step_n(); }

 private:
  static constexpr std::size_t kMaxPending = 4, kMaxWild = 2;

  void settle(SortedForces& out, bool silence);
  void settle_start(SortedForces& out, bool silence);
  bool first_is_true() const;
  std::size_t wild_at_start() const;
  void accept(SortedForces& out);
  void reject(SortedForces& out, std::size_t number);
  void drop(std::size_t number);
  bool away(const Force& reading) const;
  bool back_after(std::size_t number) const;
  bool sends_changes_only() const { return silences_ >= kSilences; }
  int64_t span_us(std::size_t last) const;
  double least_jump_n() const;
  double jump_n() const;

  Resolution resolution_;
  bool has_last_ = false, has_newest_ = false;
  Force last_;  // the newest good one
  int64_t newest_us_ = 0;
  std::array<double, 3> steps_n_{};
  std::size_t next_step_ = 0;
  std::array<Force, kMaxPending> pending_{};
  std::size_t count_ = 0;
  std::size_t dropped_ = 0;  // at the start
  int silences_ = 0;
};

}  // namespace patella::module_kit
