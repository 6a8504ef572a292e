// Which of several wireless sensors is a station's.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/message.hpp"
#include "session/device_state.hpp"
#include "session/staff_message.hpp"

namespace patella::session {

struct PairingView {
  static constexpr const char* kName = "staff_pair";
  static constexpr bool kOnBar = false;

  struct Listen {};  ///< for sensors around
  struct Choose {
    std::string candidate;  ///< its id
  };
  struct Use {};
  struct Back {};
  using Tap = std::variant<Listen, Choose, Use, Back>;

  DeviceState device;
  std::vector<Message> stations;
  bool listening = false;
  struct Candidate {
    std::string id;  ///< for the tap
    Message name;    ///< "Speed and cadence sensor"
    int number = 0;
    bool moves = false;  ///< right now, or a moment ago
    bool moved = false;  ///< since the listening began
    bool chosen = false, in_use = false;
  };
  std::vector<Candidate> candidates;
  StaffMessage message;
  bool can_listen = false, can_use = false;
};

}  // namespace patella::session
