// What a plugin declares of itself: its parameters and channels. Read from its tables by a child process; nobody here loads a plugin.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "params/value.hpp"

namespace patella::params {

/// One declared parameter (patella_param in patella/plugin.h).
struct Spec {
  int type = 0;  ///< enum patella_param_type
  std::string key, label, unit, help;
  double default_value = 0, min = 0, max = 0, step = 0;  ///< in `unit`; of a text: `max` bytes; of a list: rows
  std::vector<std::string> choices;
  std::vector<Spec> columns;   ///< of a list; never lists themselves
  Values default_rows;         ///< of a list
  bool secret = false;         ///< of a text: stays out of the log and of all that is made from it
  bool line_speed = false;     ///< of a choice "baud_9600", …: at which speed the serial port is opened
  bool advanced = false;       ///< editors show it last
  std::string less_than = {};  ///< key of one that has to be larger, unless it is 0; "" = none
  bool or_equal = false;       ///< … or equal
  std::string group = {};      ///< heading; "" = none
};
using Specs = std::vector<Spec>;

/// Null when there is none of that key.
const Spec* find(const Specs& specs, std::string_view key);

/// What a parameter is when nobody says anything: one value, or each cell of a list's default rows.
Values defaults(const Spec& spec);
/// The same of all, in declared order.
Values defaults(const Specs& specs);
/// One cell of a list, or a value outside of lists with `row` -1, at its default.
Value default_value(const Spec& spec, const std::string& key, int row);

/// One declared channel.
struct ChannelSpec {
  std::string key, label, unit;
  double min = 0, max = 0, nominal_rate_hz = 0, stale_after_s = 1;  ///< of drivers
  bool required = false;                                            ///< of modules
  int decimals = 0;                                                 ///< as it is shown
};

/// A figure of a whole session that a module gives.
struct MetricSpec {
  std::string key, label, unit;
  int decimals = 0;
  bool for_clients = false;  ///< clients read it on their summary
};

/// Why something did not count, as a module has it in the log, and what the client reads of it.
struct ReasonSpec {
  std::string id, sentence;
};

struct PluginSpec {
  std::string folder;  ///< how the configuration names it: "band_reps"
  std::string id, name, version;
  Specs params;
  std::vector<ChannelSpec> channels;
  // of modules
  std::vector<MetricSpec> metrics = {};  ///< in the order in which they are shown
  std::vector<ReasonSpec> reasons = {};
  bool describes_dose = false;
};
using PluginSpecs = std::vector<PluginSpec>;

/// Null when there is none of that key.
const ChannelSpec* find(const std::vector<ChannelSpec>& channels, std::string_view key);
/// Null when none of that folder is installed.
const PluginSpec* find(const PluginSpecs& plugins, std::string_view folder);

/// The names that a person may write, in declared order.
std::vector<std::string> keys(const Specs& specs);
std::vector<std::string> keys(const std::vector<ChannelSpec>& channels);
std::vector<std::string> folders(const PluginSpecs& plugins);

}  // namespace patella::params
