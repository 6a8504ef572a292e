// What the session core needs to know of a station: the configuration and the plugins' tables, already put
// together.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/figure.hpp"

namespace patella::session {

/// One channel of the module, by its index.
struct ChannelSetup {
  std::string key, unit;
  std::string device_label;  ///< "Chronojump force sensor"
  bool required = false;
  bool bound = false;  ///< a device is configured for it
  int64_t stale_after_us = 1'000'000;
  int64_t lost_after_us = 2'000'000;  ///< > stale_after_us
};

struct Rules {
  bool pause_on_loss = true;
  int pain_tell_staff_from = 5;
  bool pain_blocks_start = false;
};

struct StationSetup {
  std::string id, title, subtitle, icon;
  std::vector<std::string> steps, watch_for, plan_lines;
  std::string set_by;
  std::shared_ptr<const Figure> figure;
  std::vector<ChannelSetup> channels;
  Rules rules;
  std::string why_not;  ///< not empty: broken, shown but not to be opened
};

}  // namespace patella::session
