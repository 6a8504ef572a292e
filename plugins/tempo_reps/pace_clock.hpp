// The clock of a set of paced repetitions: which repetition and which part of it is to be done now. Pure: it counts the time that it is
// told, and stands while it is told to. All times in microseconds of the session's clock, never going back.
#pragma once

#include <array>
#include <cstdint>

namespace patella::tempo_reps {

enum class Part { kLift, kHold, kLower, kRise, kPause };

struct Pace {
  int reps = 1;               ///< >= 1
  bool starts_down = false;   ///< lower, hold, rise, pause; else lift, hold, lower, pause
  int64_t up_us = 0, hold_us = 0, down_us = 0;  ///< up and down > 0
  int64_t pause_us = 0;       ///< between two repetitions; not after the last one
};

/// Where in the set it is.
struct Place {
  int rep = 0;  ///< 0-based; that is also how many are over
  Part part = Part::kLift;
  int index = 0;  ///< of the part among those of a repetition
  int64_t done_us = 0, length_us = 0;
};

class PaceClock {
 public:
  explicit PaceClock(const Pace& pace);

  void begin(int64_t t_us);
  void stand();  ///< until go_on()
  void go_on(int64_t t_us);
  void advance(int64_t t_us);

  Place place() const;
  int64_t elapsed_us() const { return elapsed_us_; }
  bool over() const { return elapsed_us_ >= length_us_; }
  int64_t over_us() const { return over_us_; }  ///< when it became over(); only then
  int reps_done() const;
  int part_count() const { return part_count_; }
  Part part(int index) const { return parts_[static_cast<std::size_t>(index)].part; }
  int64_t part_us(int index) const { return parts_[static_cast<std::size_t>(index)].length_us; }
  bool runs() const { return runs_ && !over(); }

 private:
  struct Timed {
    Part part = Part::kLift;
    int64_t length_us = 0;
  };
  Pace pace_;
  std::array<Timed, 4> parts_{};  ///< those that take time
  int part_count_ = 0;
  int64_t cycle_us_ = 0, length_us_ = 0;
  int64_t elapsed_us_ = 0, last_us_ = 0, over_us_ = 0;
  bool runs_ = false;
};

}  // namespace patella::tempo_reps
