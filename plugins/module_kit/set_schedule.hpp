// Sets × sides × rests as a pure state machine: countdown, work, side change, rest, …, done.
//
// With two sides every set is done on both before the rest: set 1 left, side change, set 1 right, rest, set 2
// left, … The last set is followed by nothing. All times in microseconds of the session's clock; each call's
// time is at or after that of the call before.
#pragma once

#include <cstdint>

#include <patella/exercise.h>

namespace patella::module_kit {

enum class Sides { kNone, kLeftFirst, kRightFirst };

struct SetOptions {
  int sets = 1;  // >= 1
  Sides sides = Sides::kNone;
  int64_t countdown_us = 0;    // from the start action to the first work; 0 = at once
  int64_t rest_us = 0;         // between sets; 0 = none
  int64_t side_change_us = 0;  // between the sides of a set; 0 = none
};

enum class Step { kWaiting, kCountdown, kWork, kRest, kSideChange, kDone };

/// What one call changed. At most one step begins and at most one second is counted down per call.
struct Turn {
  bool began = false;      // `step` began at t_us
  bool continued = false;  // it is work that a pause had interrupted, not a new set
  Step step = Step::kWaiting;
  int count = 0;  // 3, 2, 1: this second of the countdown to work begins now; 0 = none
  int64_t t_us = 0;
};

class SetSchedule {
 public:
  explicit SetSchedule(const SetOptions& plan) : plan_(plan) {}

  Turn start(int64_t t_us);
  Turn tick(int64_t t_us);
  /// The present set on the present side is over (whether finished or broken off).
  Turn work_done(int64_t t_us);
  /// Freezes every clock. Ignored while waiting, paused or done.
  void pause(int64_t t_us);
  /// Work goes on after a countdown of at most 3 s (none where the plan has no countdown), the rest at once.
  Turn resume(int64_t t_us);
  /// Ends a rest or a side change early; a countdown of at most 3 s follows. Otherwise ignored.
  Turn skip(int64_t t_us);
  void finish() {
    step_ = Step::kDone;
    paused_ = false;
  }

  Step step() const { return step_; }
  bool paused() const { return paused_; }
  bool working() const { return step_ == Step::kWork && !paused_; }
  bool done() const { return step_ == Step::kDone; }
  /// 1-based; during a rest the set that comes next.
  int set() const { return set_; }
  int set_count() const { return plan_.sets; }
  /// enum patella_side; during a rest or side change the side that comes next.
  uint32_t side() const;
  /// Of the present timed step (countdown, rest, side change); 0 in others.
  int64_t left_us() const;
  int64_t length_us() const { return length_us_; }

 private:
  Turn begin(Step step, int64_t length_us, int64_t t_us);
  Turn begin_work(int64_t t_us);
  int64_t lead_in_us() const;
  bool timed() const { return step_ == Step::kCountdown || step_ == Step::kRest || step_ == Step::kSideChange; }

  SetOptions plan_;
  Step step_ = Step::kWaiting;
  bool paused_ = false;
  bool set_open_ = false;
  int set_ = 1;
  int side_index_ = 0;
  int64_t now_us_ = 0;
  int64_t end_us_ = 0;  // of a timed step
  int64_t length_us_ = 0;
  int last_count_ = 0;
};

}  // namespace patella::module_kit
