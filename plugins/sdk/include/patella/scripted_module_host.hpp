// Patella plugin SDK: the plugin host of an exercise module, for tests. It calls the module as the real one does, keeps what it
// says, and reports each broken rule of exercise.h and view.h. Tests of modules, the engine in virtual time and
// patella-plugin-check all use this one.
#pragma once

#include <algorithm>
#include <cstring>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "breach.hpp"
#include "exercise.h"
#include "output_rules.hpp"
#include "session_random.hpp"
#include "texts.hpp"

namespace patella::testing {

using rules::Breach;
using rules::OnBreach;

/// What a module said, in order.
struct Said {
  std::vector<patella_event> events;
  std::vector<std::pair<uint32_t, std::string>> cues;
  std::map<std::string, double> metrics;  ///< the last value of each
  std::vector<std::string> logs;
  std::vector<std::string> violations;  ///< broken rules of exercise.h and view.h, each once; a test checks that there are none

  std::vector<patella_event> of_kind(uint32_t kind) const {
    std::vector<patella_event> found;
    for (const patella_event& event : events)
      if (event.kind == kind) found.push_back(event);
    return found;
  }
  int counted(uint32_t kind) const {
    int number = 0;
    for (const patella_event& event : of_kind(kind)) number += static_cast<int>(event.counted);
    return number;
  }
  /// "+" for a counted rep, the reason for another, joined by commas.
  std::string verdicts(uint32_t kind = PATELLA_EVENT_REP) const {
    std::string line;
    for (const patella_event& event : of_kind(kind)) {
      if (!line.empty()) line += ",";
      line += event.counted ? "+" : event.reason;
    }
    return line;
  }
};

class ScriptedModuleHost : public Said {
 public:
  /// What a test wants to do as things happen, beyond looking at them afterwards. Any may be left out.
  struct Script {
    std::function<void(const patella_event&)> on_event = {};
    std::function<void(const char* key, const char* unit, double value)> on_metric = {};
    std::function<void(uint32_t cue, const char* text)> on_cue = {};
    std::function<void(uint32_t level, const char* text)> on_log = {};
    OnBreach on_breach = {};                      ///< each time, also the same again
    std::function<void(const char*)> enter = {};  ///< before a call into the module: its name
    std::function<void()> leave = {};             ///< after it
    uint64_t seed = 1;                            ///< of host->random()
    bool keep = true;                             ///< false: nothing is kept, for long runs
  };

  /// Creates the module with these parameters and channels (patella_exercise.create). `table` outlives the host.
  ScriptedModuleHost(const patella_exercise& table_of_module, const std::vector<patella_value>& values, uint32_t present)
      : ScriptedModuleHost(table_of_module, values, present, Script()) {}
  ScriptedModuleHost(const patella_exercise& table_of_module, const std::vector<patella_value>& values, uint32_t present,
                     Script script)
      : table(table_of_module), script_(std::move(script)), random_(script_.seed) {
    host_ = {sizeof host_, this, do_event, do_metric, do_cue, do_random, do_log};
    into("create", [&] { self_ = table.create(&host_, values.data(), static_cast<uint32_t>(values.size()), present); });
  }
  ~ScriptedModuleHost() { destroy(); }
  ScriptedModuleHost(const ScriptedModuleHost&) = delete;
  ScriptedModuleHost& operator=(const ScriptedModuleHost&) = delete;

  bool created() const { return self_ != nullptr; }  ///< false: create() gave NULL
  void sample(uint32_t channel, int64_t t_us, double value) {
    const patella_sample one{t_us, value, channel, 0};
    samples({&one, 1});
  }
  void samples(std::span<const patella_sample> batch) {
    for (const patella_sample& one : batch) latest_us_ = std::max(latest_us_, one.t_us);
    into("on_samples", [&] { table.on_samples(self_, batch.data(), static_cast<uint32_t>(batch.size())); });
  }
  void tick(int64_t t_us) {
    latest_us_ = std::max(latest_us_, t_us);
    into("on_tick", [&] { table.on_tick(self_, t_us); });
  }
  void action(uint32_t action, int64_t t_us) {
    latest_us_ = std::max(latest_us_, t_us);
    into("on_action", [&] { table.on_action(self_, action, t_us); });
  }
  void gap(uint32_t channel, bool lost, int64_t t_us) {
    latest_us_ = std::max(latest_us_, t_us);
    into("on_gap", [&] { table.on_gap(self_, channel, lost ? 1 : 0, t_us); });
  }
  patella_view view() {
    patella_view view;
    std::memset(&view, 0, sizeof view);
    view.size = sizeof view;
    in_view_ = true;
    into("fill_view", [&] { table.fill_view(self_, &view); });
    in_view_ = false;
    rules::judge_view(view, table.channel_count, told_);
    return view;
  }
  /// The destructor does so, too.
  void destroy() {
    if (!self_) return;
    into("destroy", [&] { table.destroy(self_); });
    self_ = nullptr;
  }
  const Said& said() const { return *this; }

  const patella_exercise& table;

 private:
  static constexpr std::size_t kMaxLogBytes = 4096, kMaxViolations = 100;

  static ScriptedModuleHost& of(void* ctx) { return *static_cast<ScriptedModuleHost*>(ctx); }
  static void do_event(void* ctx, const patella_event* event) { of(ctx).event(event); }
  static void do_metric(void* ctx, const char* key, const char* unit, double value) { of(ctx).metric(key, unit, value); }
  static void do_cue(void* ctx, uint32_t cue, const char* text) { of(ctx).cue(cue, text); }
  static uint64_t do_random(void* ctx) {
    of(ctx).now("random");
    return of(ctx).random_.next();
  }
  static void do_log(void* ctx, uint32_t level, const char* text) { of(ctx).log(level, text); }

  template <class Call>
  void into(const char* name, Call&& call) {
    if (script_.enter) script_.enter(name);
    inside_ = true;
    call();
    inside_ = false;
    if (script_.leave) script_.leave();
  }
  void breach(Breach kind, const std::string& what) {
    if (script_.on_breach) script_.on_breach(kind, what);
    if (violations.size() < kMaxViolations && std::find(violations.begin(), violations.end(), what) == violations.end())
      violations.push_back(what);
  }
  void now(const char* what) {
    if (in_view_)
      breach(Breach::order, std::string("calls host->") + what + " from fill_view");
    else if (!inside_)
      breach(Breach::order, std::string("calls host->") + what + " from outside of a call into the module");
  }

  void event(const patella_event* event) {
    now("event");
    if (!event) return breach(Breach::rule, "host->event with NULL");
    rules::judge_event(*event, latest_us_, told_);
    const uint32_t kind = event->kind;
    if (done_ && kind != PATELLA_EVENT_NOTE && kind != PATELLA_EVENT_DONE)
      breach(Breach::rule, "event of kind " + std::to_string(kind) + " after DONE");
    if (kind == PATELLA_EVENT_DONE && std::exchange(done_, true)) breach(Breach::rule, "DONE twice");
    if (kind == PATELLA_EVENT_SET_START) ++open_sets_;
    if (kind == PATELLA_EVENT_SET_END && --open_sets_ < 0) breach(Breach::rule, "SET_END without SET_START");
    if (script_.on_event) script_.on_event(*event);
    if (script_.keep) events.push_back(*event);
  }
  void metric(const char* key, const char* unit, double value) {
    now("metric");
    rules::judge_metric(key, unit, value, told_);
    if (!rules::is_text(key, rules::kMetricKeyBytes) || !rules::is_text(unit, rules::kMetricUnitBytes)) return;
    if (script_.on_metric) script_.on_metric(key, unit, value);
    if (script_.keep) metrics[key] = value;
  }
  void cue(uint32_t cue, const char* text) {
    now("cue");
    rules::judge_cue(cue, text, told_);
    if (!rules::is_text(text, rules::kCueBytes, true)) return;
    if (script_.on_cue) script_.on_cue(cue, text);
    if (script_.keep) cues.emplace_back(cue, text);
  }
  void log(uint32_t level, const char* text) {
    if (level < PATELLA_LOG_DEBUG || level > PATELLA_LOG_ERROR)
      breach(Breach::rule, "log level " + std::to_string(level) + " is not known");
    if (!rules::is_text(text, kMaxLogBytes)) return breach(Breach::rule, "logs what is not UTF-8 of one line");
    if (rules::tells_exception(text)) breach(Breach::rule, "an exception left the module: " + std::string(text));
    if (script_.on_log) script_.on_log(level, text);
    if (script_.keep) logs.emplace_back(text);
  }

  Script script_;
  const OnBreach told_ = [this](Breach kind, const std::string& what) { breach(kind, what); };
  patella_exercise_host host_{};
  sdk::SessionRandom random_;
  void* self_ = nullptr;
  int64_t latest_us_ = 0;
  bool inside_ = false, in_view_ = false, done_ = false;
  int open_sets_ = 0;
};

}  // namespace patella::testing
