// Is a child hung? Counts only time in which this process ran, too, and in which the child was not merely waiting for
// a processor: after a freeze of the whole machine, or on a crowded one, a child that could not beat is not blamed.
#pragma once

#include <cstdint>

namespace patella::plugin_link {

class HangWatch {
 public:
  explicit HangWatch(double timeout_s) : timeout_us_(static_cast<int64_t>(timeout_s * 1e6)) {}

  /// From now on beats are expected.
  void start(int64_t now_us, int64_t beat_us, int64_t starved_us);
  void stop() { on_ = false; }
  bool on() const { return on_; }
  int64_t next_us() const;  ///< when to look again; INT64_MAX = off

  /// `beat_us`: the child's last beat. `starved_us`: how long it has waited for a processor in its life, 0 = unknown.
  /// True: it hangs. Call at next_us() or later; earlier calls do nothing.
  bool look(int64_t now_us, int64_t beat_us, int64_t starved_us);

 private:
  int64_t timeout_us_;
  bool on_ = false;
  int64_t beat_us_ = 0, starved_us_ = 0;
  int64_t looked_us_ = 0, step_us_ = 0;
  int64_t silent_us_ = 0;
};

/// From /proc: time that the process waited, ready to run, for a processor; 0 = not told by this kernel.
int64_t starved_us(int pid);

}  // namespace patella::plugin_link
