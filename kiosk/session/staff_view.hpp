// What the staff area shows: plain values, a part of the snapshot.
#pragma once

#include <cstdint>
#include <string>

#include "session/staff_screens.hpp"

namespace patella::session {

struct StaffView {
  std::string member;  ///< who is signed in
  bool physio = false;
  int64_t leaves_us = 0;  ///< monotonic: it closes by itself then; 0 = not soon
  StaffScreenView screen;
};

}  // namespace patella::session
