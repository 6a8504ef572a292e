#include "session/device_state.hpp"

namespace patella::session {

Liveness liveness_of(Liveness reported, int64_t newest_us, const AgeLimits& limits, int64_t now_us) {
  if (reported != Liveness::live && reported != Liveness::starting) return reported;
  if (newest_us < 0) return Liveness::starting;
  const int64_t age_us = now_us - newest_us;
  if (age_us <= limits.stale_after_us) return Liveness::live;
  return age_us <= limits.lost_after_us ? Liveness::stale : Liveness::lost;
}

bool has_value(Liveness liveness) { return liveness == Liveness::live || liveness == Liveness::stale; }

bool is_missing(Liveness liveness) { return !has_value(liveness) && liveness != Liveness::unused; }

}  // namespace patella::session
