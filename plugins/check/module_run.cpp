#include "module_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace patella::check {

ModuleRun::ModuleRun(const Plugin& plugin, Findings& findings, Values values, uint32_t present)
    : plugin_(plugin), findings_(findings), values_(std::move(values)), present_(present) {}

bool ModuleRun::create() {
  host_.emplace(*plugin_.exercise, values_, present_, script());
  return host_->created();
}

void ModuleRun::samples(std::span<const Step> steps) {
  // Samples of channels that are not there do not come.
  std::vector<patella_sample> batch;
  for (const Step& step : steps)
    if (present_ >> step.channel & 1u) batch.push_back({step.t_us, step.value, step.channel, 0});
  if (!batch.empty()) host_->samples(batch);
}

void ModuleRun::other(const Step& step) {
  if (step.kind == Step::Kind::tick) host_->tick(step.t_us);
  if (step.kind == Step::Kind::action) host_->action(step.code, step.t_us);
  if (step.kind == Step::Kind::gap && (present_ >> step.channel & 1u)) host_->gap(step.channel, step.code != 0, step.t_us);
}

bool ModuleRun::restart() {
  destroy();
  done_count = set_starts = set_ends = 0;
  return create();
}

// ---- what the module says ------------------------------------------------------------------------------

testing::ScriptedModuleHost::Script ModuleRun::script() {
  testing::ScriptedModuleHost::Script script;
  script.keep = false;
  script.seed = 42;
  script.enter = [this](const char* name) {
    plugin_.pulse->enter(name);
    if (timed) entered_ = std::chrono::steady_clock::now();
  };
  script.leave = [this] {
    if (!timed) return;
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - entered_;
    call_s.push_back(took.count());
  };
  script.on_breach = [this](testing::Breach kind, const std::string& what) {
    kind == testing::Breach::doubtful ? findings_.hint(what) : findings_.fault(what);
  };
  script.on_event = [this](const patella_event& event) { keep_event(event); };
  script.on_metric = [this](const char* key, const char* unit, double value) {
    keep(fmt::format("metric {} {} {:a}", key, unit, value));
  };
  script.on_cue = [this](uint32_t cue, const char* text) { keep(fmt::format("cue {} '{}'", cue, text)); };
  script.on_log = [this](uint32_t, const char*) { ++log_count; };
  return script;
}

void ModuleRun::keep(std::string line) {
  for (const char c : line) digest = (digest ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  if (!quiet) transcript.push_back(std::move(line));
}

void ModuleRun::keep_event(const patella_event& event) {
  ++event_count;
  if (event.kind == PATELLA_EVENT_DONE) ++done_count;
  if (event.kind == PATELLA_EVENT_REP && event.counted) ++counted_reps;
  if (event.kind == PATELLA_EVENT_SET_START) ++set_starts;
  if (event.kind == PATELLA_EVENT_SET_END) ++set_ends;
  const auto text = [](const char* field, std::size_t room) { return std::string(field, strnlen(field, room)); };
  std::string line = fmt::format("event kind {} t {} set {} n {} side {} counted {} reason '{}' label '{}'", event.kind,
                                 event.t_us, event.set, event.n, event.side, event.counted,
                                 text(event.reason, sizeof event.reason), text(event.label, sizeof event.label));
  for (uint32_t i = 0; i < std::min<uint32_t>(event.field_count, PATELLA_EVENT_FIELDS); ++i)
    line += fmt::format(" {}={:a}", text(event.fields[i].key, sizeof event.fields[i].key), event.fields[i].value);
  keep(std::move(line));
}

}  // namespace patella::check
