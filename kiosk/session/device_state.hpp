// How a device behind a channel stands, as a screen says it.
#pragma once

#include <string>

namespace patella::session {

/// How far a value or device can be trusted right now.
enum class Liveness {
  unused = 1,  ///< no device bound: the exercise runs without it
  absent,      ///< waiting for the device to be plugged in
  starting,
  live,
  stale,  ///< older than its limit: shown greyed, with its age
  lost,   ///< older still, or the device is gone: dashes; reps and hold time stand still
  failed  ///< quarantined or refused; staff have to look
};

struct DeviceState {
  std::string binding;  ///< "force"
  std::string label;    ///< "Band force sensor"
  Liveness liveness = Liveness::unused;
  std::string text;  ///< one plain sentence: "Waiting for a Chronojump force sensor"
  bool required = false;
};

}  // namespace patella::session
