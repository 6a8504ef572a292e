#include "session/presence.hpp"

#include <limits>

namespace patella::session {

void Presence::sign(int64_t now_us) {
  last_sign_us_ = now_us;
  state_ = State::present;
}

Presence::State Presence::advance(int64_t now_us) {
  // The countdown begins when it is seen, not when it was due: after a sleep of the machine nobody is thrown out unasked.
  if (state_ == State::present && now_us - last_sign_us_ >= patience_.ask_after_us) {
    state_ = State::asked;
    asked_us_ = now_us;
  } else if (state_ == State::asked && now_us >= gone_at_us()) {
    state_ = State::gone;
  }
  return state_;
}

int64_t Presence::deadline_us() const {
  if (state_ == State::present) return last_sign_us_ + patience_.ask_after_us;
  return state_ == State::asked ? gone_at_us() : std::numeric_limits<int64_t>::max();
}

}  // namespace patella::session
