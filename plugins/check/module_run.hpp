// One instance of an exercise module at the SDK's scripted host; keeps all it says as a transcript, broken rules become findings.
#pragma once

#include <patella/scripted_module_host.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "findings.hpp"
#include "plugin.hpp"
#include "step.hpp"

namespace patella::check {

class ModuleRun {
 public:
  ModuleRun(const Plugin& plugin, Findings& findings, Values values, uint32_t present);
  ModuleRun(const ModuleRun&) = delete;
  ModuleRun& operator=(const ModuleRun&) = delete;

  bool create();
  void samples(std::span<const Step> steps);  ///< all of kind sample
  void other(const Step& step);               ///< tick, action or gap
  /// Asks for the view, which is judged.
  patella_view view() { return host_->view(); }
  void destroy() { host_.reset(); }
  /// Destroys it and creates it afresh, as if no DONE had been.
  bool restart();

  bool quiet = false;  ///< transcript is hashed, not kept
  std::vector<std::string> transcript;
  uint64_t digest = 0xcbf29ce484222325, log_count = 0;
  int done_count = 0;
  int event_count = 0, counted_reps = 0, set_starts = 0, set_ends = 0;
  std::vector<double> call_s;  ///< how long each call took, when `timed`
  bool timed = false;

 private:
  testing::ScriptedModuleHost::Script script();
  void keep(std::string line);
  void keep_event(const patella_event& event);

  const Plugin& plugin_;
  Findings& findings_;
  Values values_;
  uint32_t present_;
  std::chrono::steady_clock::time_point entered_;
  std::optional<testing::ScriptedModuleHost> host_;  ///< last: its end may still speak
};

}  // namespace patella::check
