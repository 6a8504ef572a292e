// One instance of an exercise module: plays the kiosk, keeps all it says as a transcript, and checks each word of it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "findings.hpp"
#include "plugin.hpp"
#include "random.hpp"
#include "step.hpp"

namespace patella::check {

class ModuleRun {
 public:
  ModuleRun(const Plugin& plugin, Findings& findings, Values values, uint32_t present);
  ~ModuleRun() { destroy(); }
  ModuleRun(const ModuleRun&) = delete;
  ModuleRun& operator=(const ModuleRun&) = delete;

  bool create();
  void samples(std::span<const Step> steps);  ///< all of kind sample
  void other(const Step& step);               ///< tick, action or gap
  /// Asks for the view and checks it.
  patella_view view();
  void destroy();
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
  static ModuleRun& of(void* ctx) { return *static_cast<ModuleRun*>(ctx); }
  static void on_event(void* ctx, const patella_event* event);
  static void on_metric(void* ctx, const char* key, const char* unit, double value);
  static void on_cue(void* ctx, uint32_t cue, const char* text);
  static uint64_t on_random(void* ctx);
  static void on_log(void* ctx, uint32_t level, const char* text);
  template <class Call>
  void into(const char* name, Call&& call);
  void said(const char* what);
  void keep(std::string line);
  void judge_event(const patella_event& event);

  const Plugin& plugin_;
  const patella_exercise& table_;
  Findings& findings_;
  Values values_;
  uint32_t present_;
  patella_exercise_host host_{};
  void* self_ = nullptr;
  Random random_{42};
  int64_t now_us_ = 0;
  bool inside_ = false, in_view_ = false;
};

/// All rules of view.h; `channels` = channel_count of the module.
void judge_view(const patella_view& view, uint32_t channels, Findings& findings);

}  // namespace patella::check
