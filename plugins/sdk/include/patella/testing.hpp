// Patella plugin SDK: hosts for the tests of a plugin. They call it as the kiosk does, in virtual time, keep what it says and report
// each broken rule of the headers; no kiosk, no device, no test framework needed. Not for use inside a plugin.
//
//   patella::testing::DeviceBench<MyDriver> bench;           patella::testing::ModuleBench<MyModule> bench;
//   bench.connect();                                         bench.action(PATELLA_ACTION_START);
//   bench.receive("12.5\n");                                 bench.run(10, [](double t_s) { return 60.0; });
//   bench.samples[0].value == 12.5                           bench.events.back().kind == PATELLA_EVENT_DONE
//   bench.violations.empty()                                 bench.violations.empty()
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "scripted_driver_host.hpp"
#include "scripted_module_host.hpp"
#include "sdk.hpp"

namespace patella::testing {

using rules::message_fault;

/// The values a plugin is created with, from its declarations and with what the test wants otherwise.
inline std::vector<patella_value> preset_values(std::span<const patella_param> params,
                                                const std::map<std::string_view, double>& other = {}) {
  std::vector<patella_value> values;
  for (const patella_param& param : params) {
    if (param.type == PATELLA_PARAM_ROWS) {
      values.insert(values.end(), param.default_rows, param.default_rows + param.default_row_value_count);
      continue;
    }
    const auto wanted = other.find(param.key);
    const char* text = param.type == PATELLA_PARAM_TEXT ? "" : nullptr;
    values.push_back({param.key, -1, wanted == other.end() ? param.default_value : wanted->second, text});
  }
  return values;
}

/// A driver class with its device plugged in by connect(): see scripted_driver_host.hpp.
template <class Driver>
class DeviceBench : public ScriptedDriverHost {
 public:
  explicit DeviceBench(const std::vector<patella_value>& values = {})
      : ScriptedDriverHost(sdk::DeviceGlue<Driver>::kTable, values) {}
  void advance_s(double seconds) { run_for(static_cast<int64_t>(seconds * 1e6)); }
};

/// A module class, fed like a station does it: ticks every 50 ms, samples between them.
template <class Module>
class ModuleBench : public ScriptedModuleHost {
 public:
  explicit ModuleBench(const std::vector<patella_value>& values = {}, uint32_t present = ~0u)
      : ScriptedModuleHost(sdk::ExerciseGlue<Module>::kTable, values, present) {}
  void action(patella_action action) { ScriptedModuleHost::action(static_cast<uint32_t>(action), now_us); }
  void gap(uint32_t channel, bool lost) { ScriptedModuleHost::gap(channel, lost, now_us); }
  void sample(uint32_t channel, double value) { ScriptedModuleHost::sample(channel, now_us, value); }
  /// Lets time pass with 100 samples a second on channel 0: signal(t) with t in seconds since the beginning of this run.
  template <class Signal>
  void run(double seconds, Signal&& signal) {
    const int64_t from_us = now_us, until_us = now_us + static_cast<int64_t>(seconds * 1e6);
    while (now_us < until_us) {
      if (now_us % PATELLA_TICK_US == 0) tick(now_us);
      sample(0, signal(static_cast<double>(now_us - from_us) * 1e-6));
      now_us += 10'000;
    }
  }

  int64_t now_us = 0;
};

}  // namespace patella::testing
