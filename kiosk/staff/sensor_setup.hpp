// What the staff area knows of a driver in use before any device is there.
#pragma once

#include <string>
#include <vector>

#include "base/message.hpp"
#include "session/device_state.hpp"

namespace patella::staff {

struct SensorSetup {
  Message name;                   ///< the driver's: "Chronojump force sensor"
  std::vector<Message> stations;  ///< titles of those that use it: "Knee extension", "Wall sit"
  struct Channel {
    std::string key, unit;
    Message label;
    session::AgeLimits ages = {};
    bool bound = true;  ///< a station uses it; what else the device says does not stand for it
  };
  std::vector<Channel> channels;  ///< as the driver numbers them
  /// A kind of wireless sensor, and the parameter that takes the number of one of them.
  struct Pairing {
    int kind = 0;
    std::string param;
    Message label;
    int number = -1;  ///< in force: 0 = the first one heard, -1 = none
  };
  std::vector<Pairing> pairings;  ///< empty: the driver has no sensors to choose from
};

}  // namespace patella::staff
