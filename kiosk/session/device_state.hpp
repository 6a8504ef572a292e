// How a device behind a channel stands, as a screen says it.
#pragma once

#include <cstdint>
#include <string>

#include "base/message.hpp"

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

/// How old a value may be. lost_after_us > stale_after_us > 0.
struct AgeLimits {
  int64_t stale_after_us = 1'000'000;
  int64_t lost_after_us = 2'000'000;
};

/// The one place where an age becomes a word. `reported`: what the driver's link says of the device (absent, starting, live, failed).
/// `newest_us`: when its newest value was measured, on the clock of `now_us`; −1 = none that counts: since it was plugged in, or started again.
Liveness liveness_of(Liveness reported, int64_t newest_us, const AgeLimits& limits, int64_t now_us);
/// There is a value to be shown: as it is, or greyed with its age.
bool has_value(Liveness liveness);
/// Bound, and without a value to be shown.
bool is_missing(Liveness liveness);

struct DeviceState {
  std::string binding;  ///< "force"
  Message label;        ///< "Band force sensor": for staff
  Liveness liveness = Liveness::unused;
  Messages text;  ///< "Waiting for a Chronojump force sensor: plug it in": for staff
  bool required = false;
  Message client_label = {};  ///< what a client reads instead of both: "Force sensor"; empty = "Sensor"
};

}  // namespace patella::session
