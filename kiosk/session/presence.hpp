// Whether somebody is there, from the signs a person gives: a touch, a sensor that moves, an exercise that goes on. Nobody
// there is a state: asked, counted down, gone. Pure; never counts from the start of something long, only from the last sign.
#pragma once

#include <cstdint>

namespace patella::session {

/// How long the kiosk waits for a sign, by what is on the screen.
struct Patience {
  int64_t ask_after_us = 90'000'000;  ///< from the last sign to the question
  int64_t countdown_us = 30'000'000;  ///< from the question, which is seen for all of it, to gone
};

class Presence {
 public:
  enum class State { present = 1, asked, gone };

  explicit Presence(int64_t now_us) : last_sign_us_(now_us) {}
  /// Somebody is there, or something still runs that they wait for: all begins again.
  void sign(int64_t now_us);
  void be_patient(const Patience& patience) { patience_ = patience; }
  State advance(int64_t now_us);
  /// They say so themselves, or nobody waits for them any more.
  void leave() { state_ = State::gone; }
  State state() const { return state_; }
  /// When advance() changes the state, if nobody gives a sign before.
  int64_t deadline_us() const;
  /// While asked: when the countdown is over.
  int64_t gone_at_us() const { return asked_us_ + patience_.countdown_us; }

 private:
  Patience patience_;
  State state_ = State::present;
  int64_t last_sign_us_, asked_us_ = 0;
};

}  // namespace patella::session
