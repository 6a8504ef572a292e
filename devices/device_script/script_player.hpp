// When a scripted device says what, on a clock that is handed in.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "device_script/device_script.hpp"

namespace patella::device_script {

/// Plays the [[say]] of a script; its answers are asked of the script itself. The script outlives the player.
class ScriptPlayer {
 public:
  static constexpr int64_t kNeverUs = std::numeric_limits<int64_t>::max();

  explicit ScriptPlayer(const DeviceScript& script) : script_(&script), due_(script.sayings().size()) {}

  void connected(int64_t t_us) { begin(true, t_us); }
  /// The device gave an answer; only the first one matters.
  void answered(int64_t t_us) { begin(false, t_us); }
  void disconnected();
  /// When the next saying is due; kNeverUs = nothing by itself.
  int64_t next_us() const;
  /// What is due at next_us(), which then moves on. Only when next_us() is not kNeverUs.
  Bytes take();

 private:
  struct Due {
    int64_t at_us = kNeverUs;
    uint64_t said = 0;
    bool begun = false;
  };
  void begin(bool from_start, int64_t t_us);

  const DeviceScript* script_;
  std::vector<Due> due_;  ///< by the index of the saying
};

}  // namespace patella::device_script
