// What the kiosk tells a new child: the first message on the control socket, as key and value texts.
#pragma once

#include <patella/plugin.h>

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "transport/transport.hpp"
#include "wire/message.hpp"
#include "wire/wire.hpp"

namespace patella::host {

struct Start {
  std::vector<patella_value> values;  ///< point into `texts`
  std::deque<std::string> texts;
  // drivers
  std::string transport;  ///< "hid", "bulk", "serial", "none"
  transport::Wanted wanted;
  std::vector<std::string> refused_ports;
  std::vector<std::pair<std::string, int64_t>> postponed_ports;  ///< port, for how long (µs): it gave no answer
  // modules
  uint64_t seed = 0;
  uint32_t present = 0;
};

Result<Start> read_start(const wire::Message& message);

}  // namespace patella::host
