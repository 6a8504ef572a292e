#include "module_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>

namespace patella::check {

ModuleRun::ModuleRun(const Plugin& plugin, Findings& findings, Values values, uint32_t present)
    : plugin_(plugin), table_(*plugin.exercise), findings_(findings), values_(std::move(values)), present_(present) {
  host_ = {sizeof host_, this, on_event, on_metric, on_cue, on_random, on_log};
}

template <class Call>
void ModuleRun::into(const char* name, Call&& call) {
  plugin_.pulse->enter(name);
  inside_ = true;
  if (timed) {
    const auto before = std::chrono::steady_clock::now();
    call();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
    call_s.push_back(took.count());
  } else {
    call();
  }
  inside_ = false;
}

bool ModuleRun::create() {
  into("create", [&] { self_ = table_.create(&host_, values_.data(), static_cast<uint32_t>(values_.size()), present_); });
  return self_ != nullptr;
}

void ModuleRun::samples(std::span<const Step> steps) {
  // Samples of channels that are not there do not come.
  std::vector<patella_sample> batch;
  for (const Step& step : steps)
    if (present_ >> step.channel & 1u) batch.push_back({step.t_us, step.value, step.channel, 0});
  if (batch.empty()) return;
  for (const patella_sample& sample : batch) now_us_ = std::max(now_us_, sample.t_us);
  into("on_samples", [&] { table_.on_samples(self_, batch.data(), static_cast<uint32_t>(batch.size())); });
}

void ModuleRun::other(const Step& step) {
  now_us_ = std::max(now_us_, step.t_us);
  if (step.kind == Step::Kind::tick) into("on_tick", [&] { table_.on_tick(self_, step.t_us); });
  if (step.kind == Step::Kind::action) into("on_action", [&] { table_.on_action(self_, step.code, step.t_us); });
  if (step.kind == Step::Kind::gap && (present_ >> step.channel & 1u))
    into("on_gap", [&] { table_.on_gap(self_, step.channel, step.code, step.t_us); });
}

patella_view ModuleRun::view() {
  patella_view view;
  std::memset(&view, 0, sizeof view);
  view.size = sizeof view;
  in_view_ = true;
  into("fill_view", [&] { table_.fill_view(self_, &view); });
  in_view_ = false;
  judge_view(view, table_.channel_count, findings_);
  return view;
}

void ModuleRun::destroy() {
  if (!self_) return;
  into("destroy", [&] { table_.destroy(self_); });
  self_ = nullptr;
}

bool ModuleRun::restart() {
  destroy();
  done_count = set_starts = set_ends = 0;
  return create();
}

// ---- what the module says ------------------------------------------------------------------------------

void ModuleRun::said(const char* what) {
  if (in_view_)
    findings_.fault(fmt::format("calls host->{} from fill_view", what));
  else if (!inside_)
    findings_.fault(fmt::format("calls host->{} from outside of a call into the module", what));
}

void ModuleRun::keep(std::string line) {
  for (const char c : line) digest = (digest ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  if (!quiet) transcript.push_back(std::move(line));
}

void ModuleRun::judge_event(const patella_event& event) {
  if (event.size < sizeof event) findings_.fault(fmt::format("an event of size {}, needs {}", event.size, sizeof event));
  const std::string what = fmt::format("event of kind {}", event.kind);
  if (event.kind < PATELLA_EVENT_SET_START || event.kind > PATELLA_EVENT_NOTE) findings_.fault(what + " is not known");
  if (event.side < PATELLA_SIDE_NONE || event.side > PATELLA_SIDE_RIGHT)
    findings_.fault(fmt::format("{}: side {}", what, event.side));
  if (event.counted > 1) findings_.fault(what + ": counted is neither 0 nor 1");
  if (event.set < 0 || event.n < 0) findings_.fault(what + ": set or n below 0");
  judge_message(event.reason, sizeof event.reason, what + ": its reason", findings_);
  judge_message(event.label, sizeof event.label, what + ": its label", findings_);
  if (event.t_us > now_us_) findings_.fault(what + ": its time is in the future");
  if (event.t_us < 0) findings_.fault(what + ": its time is before the session");
  if (event.field_count > PATELLA_EVENT_FIELDS) return findings_.fault(fmt::format("{}: {} fields", what, event.field_count));
  for (uint32_t i = 0; i < event.field_count; ++i) {
    const patella_field& field = event.fields[i];
    if (!is_text(field.key, sizeof field.key) || field.key[0] == 0)
      findings_.fault(what + ": a field without a readable key");
    else if (!std::isfinite(field.value))
      findings_.fault(fmt::format("{}: {} is not finite", what, field.key));
    for (uint32_t k = 0; k < i; ++k)
      if (std::strncmp(event.fields[k].key, field.key, sizeof field.key) == 0) findings_.fault(what + ": a field twice");
  }
  if (event.kind == PATELLA_EVENT_REP && !event.counted && event.n != 0)
    findings_.fault("a rep that does not count has a number");
  if (event.kind == PATELLA_EVENT_REP && !event.counted && event.reason[0] == 0)
    findings_.hint("a rep does not count without a reason");
  if ((event.kind == PATELLA_EVENT_PHASE || event.kind == PATELLA_EVENT_NOTE) && event.label[0] == 0)
    findings_.fault(what + ": no label");
}

void ModuleRun::on_event(void* ctx, const patella_event* event) {
  ModuleRun& run = of(ctx);
  run.said("event");
  if (!event) return run.findings_.fault("host->event with NULL");
  run.judge_event(*event);
  ++run.event_count;
  if (run.done_count > 0 && event->kind != PATELLA_EVENT_NOTE && event->kind != PATELLA_EVENT_DONE)
    run.findings_.fault(fmt::format("event of kind {} after DONE", event->kind));
  if (event->kind == PATELLA_EVENT_DONE && ++run.done_count == 2) run.findings_.fault("DONE twice");
  if (event->kind == PATELLA_EVENT_REP && event->counted) ++run.counted_reps;
  if (event->kind == PATELLA_EVENT_SET_START) ++run.set_starts;
  if (event->kind == PATELLA_EVENT_SET_END && ++run.set_ends > run.set_starts) run.findings_.fault("SET_END without SET_START");
  const auto text = [](const char* field, std::size_t room) { return std::string(field, strnlen(field, room)); };
  std::string line = fmt::format("event kind {} t {} set {} n {} side {} counted {} reason '{}' label '{}'", event->kind,
                                 event->t_us, event->set, event->n, event->side, event->counted,
                                 text(event->reason, sizeof event->reason), text(event->label, sizeof event->label));
  for (uint32_t i = 0; i < std::min<uint32_t>(event->field_count, PATELLA_EVENT_FIELDS); ++i)
    line += fmt::format(" {}={:a}", text(event->fields[i].key, sizeof event->fields[i].key), event->fields[i].value);
  run.keep(std::move(line));
}

void ModuleRun::on_metric(void* ctx, const char* key, const char* unit, double value) {
  ModuleRun& run = of(ctx);
  run.said("metric");
  if (!is_text(key, 48) || key[0] == 0) return run.findings_.fault("a metric without a readable key");
  if (!is_text(unit, 16)) return run.findings_.fault(fmt::format("metric {}: the unit is not readable", key));
  if (!std::isfinite(value)) run.findings_.fault(fmt::format("metric {} is not finite", key));
  run.keep(fmt::format("metric {} {} {:a}", key, unit, value));
}

void ModuleRun::on_cue(void* ctx, uint32_t cue, const char* text) {
  ModuleRun& run = of(ctx);
  run.said("cue");
  if (cue < PATELLA_CUE_COUNT || cue > PATELLA_CUE_HINT) run.findings_.fault(fmt::format("cue {} is not known", cue));
  judge_message(text, 96, "the text of a cue", run.findings_);
  if (!text || strnlen(text, 96) == 96) return;
  run.keep(fmt::format("cue {} '{}'", cue, text));
}

uint64_t ModuleRun::on_random(void* ctx) {
  of(ctx).said("random");
  return of(ctx).random_.next();
}

void ModuleRun::on_log(void* ctx, uint32_t level, const char* text) {
  ModuleRun& run = of(ctx);
  ++run.log_count;
  if (level < PATELLA_LOG_DEBUG || level > PATELLA_LOG_ERROR)
    run.findings_.fault(fmt::format("log level {} is not known", level));
  if (!is_text(text, 4096))
    run.findings_.fault("logs what is not UTF-8 of one line");
  else if (std::string_view(text).find("was abandoned") != std::string_view::npos)
    run.findings_.fault(fmt::format("an exception left the module: {}", shown(text)));
}

}  // namespace patella::check
