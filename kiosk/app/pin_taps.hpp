// Taps that carry a digit of a PIN: it does not stay in memory that is given back.
#pragma once

#include <cstring>
#include <vector>

#include "session/snapshot.hpp"

namespace patella::app {

/// At the end of whatever block holds them, the digits in these taps are wiped.
class PinTapsWiper {
 public:
  explicit PinTapsWiper(std::vector<session::Tap>& taps) : taps_(taps) {}
  ~PinTapsWiper() {
    for (session::Tap& tap : taps_)
      if (tap.kind == session::TapKind::staff_key) ::explicit_bzero(tap.text.data(), tap.text.size());
  }
  PinTapsWiper(const PinTapsWiper&) = delete;
  PinTapsWiper& operator=(const PinTapsWiper&) = delete;

 private:
  std::vector<session::Tap>& taps_;
};

}  // namespace patella::app
