// The part of a set-based module that is the same in all: actions, cues, SET_START / SET_END / DONE and the
// timers of countdown, rest and side change. The module keeps what happens inside a set.
#pragma once

#include <string>

#include <patella/sdk.hpp>

#include "set_schedule.hpp"

namespace patella::module_kit {

class SetRunner {
 public:
  SetRunner(sdk::ExerciseHost host, const SetOptions& plan) : host_(host), schedule_(plan) {}

  /// START, PAUSE, RESUME and SKIP. END and PAIN are the module's: close what is open, then finish().
  Turn act(uint32_t action, int64_t t_us);
  Turn tick(int64_t t_us);
  /// Closes the open set with SET_END and moves on; after the last one DONE. `n`: reps counted.
  Turn end_set(int64_t t_us, int n);
  /// SET_END with the reason when a set is open, then DONE. Does nothing when it is done already.
  void finish(int64_t t_us, int n, const std::string& reason);

  const SetSchedule& schedule() const { return schedule_; }
  bool set_open() const { return set_open_; }
  /// Phase, side, set numbers, and title, timer and next label outside of work.
  void fill_view(patella_view& view) const;

 private:
  Turn announce(const Turn& turn);
  void tell_set_end(int64_t t_us, int n, const std::string& reason);
  void tell_done(int64_t t_us);

  sdk::ExerciseHost host_;
  SetSchedule schedule_;
  bool set_open_ = false;
  bool done_told_ = false;
};

}  // namespace patella::module_kit
