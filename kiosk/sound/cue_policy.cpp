#include "sound/cue_policy.hpp"

#include <limits>

namespace patella::sound {
namespace {

constexpr int64_t kMs = 1000;

int urgency_of(CueKind kind) {
  switch (kind) {
    case CueKind::stopped:
    case CueKind::pain_stopped:
    case CueKind::stay_seated:
      return 3;
    case CueKind::set_up:
    case CueKind::hold:
    case CueKind::release:
    case CueKind::last_rep:
    case CueKind::rest:
    case CueKind::sensor_lost:
      return 2;
    default:
      return 1;
  }
}

std::optional<Chime> chime_of(CueKind kind) {
  switch (kind) {
    case CueKind::countdown:
      return Chime::tick;
    case CueKind::rep_counted:
    case CueKind::last_rep:
      return Chime::rep_counted;
    case CueKind::rep_not_counted:
      return Chime::rep_not_counted;
    case CueKind::hold_reached:
      return Chime::hold_reached;
    case CueKind::rest_over:
      return Chime::rest_over;
    case CueKind::stopped:
    case CueKind::pain_stopped:
      return Chime::stopped;
    default:
      return {};
  }
}

Level level_to_speak(CueKind kind) { return urgency_of(kind) >= 2 ? Level::important : Level::everything; }

}  // namespace

bool is_stop(CueKind kind) { return urgency_of(kind) == 3; }

int64_t latest_us(CueKind kind) {
  if (is_stop(kind)) return std::numeric_limits<int64_t>::max();
  switch (kind) {
    case CueKind::countdown:
    case CueKind::go:
    case CueKind::rep_counted:
    case CueKind::rep_not_counted:
    case CueKind::hold_reached:
      return 150 * kMs;
    case CueKind::hold:
    case CueKind::release:
    case CueKind::last_rep:
      return 400 * kMs;
    default:
      return 1500 * kMs;
  }
}

bool CuePolicy::another_speaks(const SoundCue& cue, int64_t now_us) const {
  return now_us < until_us_ && speaker_ != cue.lane && urgency_of(cue.kind) <= urgency_;
}

bool CuePolicy::still_due(const SoundCue& cue, int64_t now_us) const {
  const auto lane = lanes_.find(cue.lane);
  if (lane != lanes_.end() && lane->second.stopped && !is_stop(cue.kind)) return false;
  return now_us - cue.at_us <= latest_us(cue.kind) && !another_speaks(cue, now_us);
}

Decision CuePolicy::decide(const SoundCue& cue, int64_t now_us) {
  Lane& lane = lanes_[cue.lane];
  const bool after_stop = lane.stopped && !is_stop(cue.kind);
  if (is_stop(cue.kind)) lane.stopped = true;
  if (after_stop || lane.level == Level::off || now_us - cue.at_us > latest_us(cue.kind)) return {};
  Decision decision;
  decision.chime = chime_of(cue.kind);
  decision.speak = !cue.text.empty() && lane.level >= level_to_speak(cue.kind) && !another_speaks(cue, now_us);
  decision.hush = is_stop(cue.kind);
  return decision;
}

void CuePolicy::speaking(const SoundCue& cue, int64_t until_us) {
  speaker_ = cue.lane;
  urgency_ = urgency_of(cue.kind);
  until_us_ = until_us;
}

}  // namespace patella::sound
