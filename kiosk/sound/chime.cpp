#include "sound/chime.hpp"

namespace patella::sound {
namespace {

// No two chimes begin with the same note, so that 20 ms are enough to tell them apart.
constexpr Note kTick[] = {{1000, 0, .03f, .45f}};
constexpr Note kCounted[] = {{1568, 0, .06f, .5f}};
constexpr Note kNotCounted[] = {{1245, 0, .04f, .4f}, {1109, .09f, .06f, .4f}};
constexpr Note kHoldReached[] = {{1760, 0, .05f, .4f}, {2349, .1f, .08f, .4f}};
constexpr Note kRestOver[] = {{1319, 0, .05f, .4f}, {1976, .1f, .05f, .4f}, {2637, .2f, .08f, .4f}};
constexpr Note kStopped[] = {{2093, 0, .07f, .5f}, {1397, .14f, .07f, .5f}, {1047, .28f, .07f, .5f}};

}  // namespace

std::span<const Note> notes(Chime chime) {
  switch (chime) {
    case Chime::tick:
      return kTick;
    case Chime::rep_counted:
      return kCounted;
    case Chime::rep_not_counted:
      return kNotCounted;
    case Chime::hold_reached:
      return kHoldReached;
    case Chime::rest_over:
      return kRestOver;
    case Chime::stopped:
      return kStopped;
  }
  return {};
}

const char* name_of(Chime chime) {
  switch (chime) {
    case Chime::tick:
      return "tick";
    case Chime::rep_counted:
      return "repetition counted";
    case Chime::rep_not_counted:
      return "repetition not counted";
    case Chime::hold_reached:
      return "hold reached";
    case Chime::rest_over:
      return "rest over";
    case Chime::stopped:
      return "stopped";
  }
  return "";
}

}  // namespace patella::sound
