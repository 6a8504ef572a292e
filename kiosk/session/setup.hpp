// What the session core needs to know of a station: the configuration and the plugins' tables, already put
// together.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/figure.hpp"
#include "base/message.hpp"
#include "session/device_state.hpp"
#include "session/presence.hpp"

namespace patella::session {

/// How often a channel has to give a value for a figure to mean anything, as the module's manifest states it.
struct RateNeed {
  double rate_hz = 0;
  Message what;        ///< "counting repetitions", "rate of force development"
  std::string figure;  ///< key of the figure that is left out below it; "" = nothing can be counted below it
};

/// Where a channel's values come from, as far as it matters to the log.
struct ChannelSource {
  bool known = false;            ///< false: no device has been there yet
  std::string serial;            ///< of the device; "" = it tells none
  std::string calibration;       ///< id of the one in force; "" = none
  std::string calibrated;        ///< when, in words: "2026-10-02"
  double slope = 1, offset = 0;  ///< what was applied to each value before the session saw it
  bool operator==(const ChannelSource&) const = default;
};

/// One channel of the module, by its index.
struct ChannelSetup {
  std::string key, unit;
  Message device_label;  ///< "Chronojump force sensor"
  bool required = false;
  bool bound = false;  ///< a device is configured for it
  AgeLimits ages = {};
  bool regular = true;  ///< false: the device sends only on change, so nothing can be missing
  std::vector<RateNeed> needs = {};
  Message label = {};  ///< "Force"; empty = the key
};

/// What a client reads of the device behind it: never whose it is, nor how it is connected. "Force sensor".
inline Message sensor_name(const ChannelSetup& channel) {
  return channel.label.empty() ? Message("Sensor") : Message("{0} sensor", channel.label);
}

/// A figure of a whole session, as the module declares it.
struct MetricSetup {
  std::string key;
  Message label;
  int decimals = 0;
  bool for_clients = false;  ///< clients read it on their summary
};

/// Why something did not count: what the module has in the log, and what the client reads.
struct ReasonSetup {
  std::string id;
  Message sentence;
};

struct Rules {
  bool pause_on_loss = true;
  int pain_tell_staff_from = 5;
  bool pain_blocks_start = false;
  Patience patience;  ///< during the exercise, where it waits for the client
};

enum class OnYes;

/// One exercise at one place. A place that offers several has one of these for each; they share its devices, and one client at a time
/// is there.
struct StationSetup {
  std::string id;  ///< of the place: the station as its file names it
  std::string icon;
  Message title, subtitle;  ///< of the place
  std::string exercise;     ///< id in the library
  Message exercise_name;
  std::string group = {};       ///< of the library; "" = none
  Message group_name = {};      ///< "Strength"
  bool needs_go_ahead = false;  ///< a physio's: started only by a client whose plan has it
  int minutes = 0;              ///< that the place's own dose takes, rounded up; 0 = not known
  std::string module;           ///< folder of the exercise module: its texts are looked up in the catalogues there
  std::vector<Message> steps, watch_for, plan_lines;
  std::string set_by;
  bool set_by_physio = false;
  std::shared_ptr<const Figure> figure;
  std::vector<ChannelSetup> channels;
  std::vector<MetricSetup> metrics = {};  ///< in the order in which they are shown
  std::vector<ReasonSetup> reasons = {};
  Rules rules;
  std::vector<std::pair<std::string, OnYes>> on_yes = {};  ///< of these questions otherwise than at the other stations
  Messages why_not;                                        ///< not empty: broken, shown but not to be opened
  std::string fault = {};  ///< what is wrong, for whoever looks after the kiosk: never on a screen
};

}  // namespace patella::session
