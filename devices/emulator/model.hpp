// What every device model shares: time handed in, a deadline handed out, gestures of the person on the
// device.
//
// A model has no thread, clock or I/O of its own; whoever owns it serialises the calls. Time is int64
// microseconds of one clock that never goes back; its zero means nothing. Randomness is seeded, so a run can
// be repeated.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace patella::emulator {

using Bytes = std::vector<uint8_t>;
inline constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

/// What the person at the device, or the device's wear, does.
enum class Gesture {
  pedal,      ///< a: cadence in rpm, 0 = stop
  heart,      ///< a: bpm to drift towards, 0 = no belt
  pull,       ///< a: peak in N, b: hold in s, c: how often (at least 1)
  slack,      ///< let go: no force
  load,       ///< a: constant force in N
  automatic,  ///< a: 1 = go by the default script, 0 = only by gestures
  spike,      ///< one measured value that cannot be true
  miss,       ///< one revolution is not seen by the sensor
  drift,      ///< a: the zero moves by that many N
  doze,       ///< a: 1 = what the device listens to falls asleep, 0 = wakes
  lose,       ///< a: the next messages over the air that do not come through
};

struct Act {
  Gesture gesture = Gesture::slack;
  double a = 0, b = 0, c = 0;
};

class Model {
 public:
  virtual ~Model() = default;
  /// Lets time pass up to now_us.
  virtual void tick(int64_t now_us) = 0;
  /// When tick() is next needed; kNever = not until something else happens.
  virtual int64_t deadline_us() const = 0;
  /// false: this kind of device knows no such gesture.
  virtual bool act(const Act& act, int64_t now_us) = 0;
};

}  // namespace patella::emulator
