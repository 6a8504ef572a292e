#include "session/logged.hpp"

#include <patella/exercise.h>

#include <array>
#include <cmath>
#include <limits>
#include <string_view>

namespace patella::session::logged {

namespace {

using Fields = std::vector<std::pair<std::string, LogEvent::Value>>;

LogEvent event_of(const char* kind, Fields fields = {}) {
  LogEvent event;
  event.kind = kind;
  event.fields = std::move(fields);
  return event;
}

const LogEvent::Value* find(const LogEvent& event, std::string_view key) {
  for (const auto& [name, value] : event.fields)
    if (name == key) return &value;
  return nullptr;
}

std::string text_at(const LogEvent& event, std::string_view key) {
  const LogEvent::Value* value = find(event, key);
  const auto* text = value ? std::get_if<std::string>(value) : nullptr;
  return text ? *text : std::string();
}

double number_at(const LogEvent& event, std::string_view key, double missing = 0) {
  const LogEvent::Value* value = find(event, key);
  const auto* number = value ? std::get_if<double>(value) : nullptr;
  return number ? *number : missing;
}

int whole_at(const LogEvent& event, std::string_view key, int missing = 0) {
  const double number = number_at(event, key, missing);
  return number > -1e9 && number < 1e9 ? static_cast<int>(number) : missing;
}

int64_t count_at(const LogEvent& event, std::string_view key) {
  const double number = number_at(event, key);
  return std::isfinite(number) && std::fabs(number) <= 1e15 ? std::llround(number) : 0;
}

bool is_own(const LogEvent& event, const char* kind) { return event.origin == Origin::session && event.kind == kind; }
bool is_modules(const LogEvent& event, const char* kind) { return event.origin == Origin::module && event.kind == kind; }

template <class T>
struct Name {
  T value;
  const char* name;
};
constexpr Name<uint32_t> kActions[] = {{PATELLA_ACTION_START, "start"},   {PATELLA_ACTION_PAUSE, "pause"},
                                       {PATELLA_ACTION_RESUME, "resume"}, {PATELLA_ACTION_SKIP, "skip_rest"},
                                       {PATELLA_ACTION_END, "end"},       {PATELLA_ACTION_PAIN, "pain"}};
constexpr Name<Presence::State> kPresence[] = {
    {Presence::State::asked, "asked"}, {Presence::State::there, "there"}, {Presence::State::left, "left"}};
constexpr Name<PainAnswered::When> kPain[] = {
    {PainAnswered::When::before, "before"}, {PainAnswered::When::stop, "stop"}, {PainAnswered::When::after, "after"}};

template <class T, std::size_t N>
std::string name_in(const Name<T> (&names)[N], T value) {
  for (const Name<T>& entry : names)
    if (entry.value == value) return entry.name;
  return "";
}

template <class T, std::size_t N>
bool value_in(const Name<T> (&names)[N], const std::string& name, T& value) {
  for (const Name<T>& entry : names)
    if (name == entry.name) {
      value = entry.value;
      return true;
    }
  return false;
}

double number(int value) { return value; }

/// Older kiosks wrote counted = 1.
bool read_judged(const LogEvent& event, Judged& out) {
  out.set = whole_at(event, "set");
  out.n = whole_at(event, "n");
  out.side = text_at(event, "side");
  out.counted = text_at(event, "counted") == "yes" || number_at(event, "counted") == 1;
  out.reason = text_at(event, "reason");
  for (const auto& [key, value] : event.fields)
    if (const auto* figure = std::get_if<double>(&value); figure && key != "set" && key != "n" && key != "counted")
      out.figures.emplace_back(key, *figure);
  return true;
}

}  // namespace

double Judged::figure(const char* key, double missing) const {
  for (const auto& [name, value] : figures)
    if (name == key) return value;
  return missing;
}

std::string reason_id(const std::string& written) {
  constexpr Name<std::string_view> kWords[] = {
      {"not_released", "not released"},   {"too_short", "too short"},       {"too_weak", "too weak"},
      {"left_target", "left the target"}, {"left_target", "left the band"}, {"above_target", "above the target"},
      {"too_long", "too long"},           {"sensor_lost", "sensor lost"},   {"ended_early", "ended early"}};
  for (const auto& [id, words] : kWords)
    if (written == words) return std::string(id);
  return written;
}

LogEvent to_log(const ScreenShown& shown) { return event_of("state", {{"screen", std::string(name_of(shown.screen))}}); }
LogEvent to_log(const Action& action) { return event_of("action", {{"name", name_in(kActions, action.action)}}); }
LogEvent to_log(const ResumedAfterCut&) { return event_of("resumed_after_cut"); }
LogEvent to_log(const GapBegan& gap) {
  return event_of("gap", {{"channel", gap.channel}, {"state", std::string("lost")}, {"text", gap.text}});
}
LogEvent to_log(const GapEnded& gap) {
  return event_of("gap", {{"channel", gap.channel}, {"state", std::string("back")}, {"lasted_s", gap.lasted_s}});
}
LogEvent to_log(const Overrun& overrun) {
  return event_of(
      "gap",
      {{"channel", overrun.channel}, {"state", std::string("overrun")}, {"samples", static_cast<double>(overrun.samples)}});
}
LogEvent to_log(const DeviceChanged& device) { return event_of("device", {{"channel", device.channel}, {"text", device.text}}); }
LogEvent to_log(const Calibration& c) {
  return event_of("calibration", {{"channel", c.channel},
                                  {"id", c.id},
                                  {"serial", c.serial},
                                  {"calibrated", c.calibrated},
                                  {"slope", c.slope},
                                  {"offset", c.offset}});
}
LogEvent to_log(const Quality& quality) {
  LogEvent event = event_of("quality", {{"channel", quality.channel},
                                        {"samples", static_cast<double>(quality.samples)},
                                        {"rate_hz", quality.rate_hz},
                                        {"jitter_ms", quality.jitter_ms}});
  if (quality.lost) event.fields.emplace_back("lost", static_cast<double>(*quality.lost));
  return event;
}
LogEvent to_log(const Metric& metric) {
  return event_of("metric", {{"key", metric.key}, {"unit", metric.unit}, {"value", metric.value}});
}
LogEvent to_log(const OutcomeDecided& outcome) { return event_of("outcome", {{"outcome", outcome.outcome}}); }
LogEvent to_log(const Presence& presence) { return event_of("presence", {{"state", name_in(kPresence, presence.state)}}); }
LogEvent to_log(const StaffCalled&) { return event_of("call_staff"); }
LogEvent to_log(const StaffAcknowledged&) { return event_of("staff_acknowledged"); }
LogEvent to_log(const StartReleased& released) {
  return event_of("start_released", {{"by", released.by}, {"why", released.why}});
}
LogEvent to_log(const PainStopped&) { return event_of("pain_stop"); }
LogEvent to_log(const PainAnswered& pain) {
  LogEvent event = event_of("pain", {{"when", name_in(kPain, pain.when)}, {"value", number(pain.value)}});
  if (pain.when == PainAnswered::When::stop) event.fields.emplace_back("place", pain.place);
  return event;
}
LogEvent to_log(const QuestionAnswered& answer) {
  return event_of("answer", {{"question", answer.question}, {"answer", std::string(answer.yes ? "yes" : "no")}});
}
LogEvent to_log(const EffortAnswered& effort) { return event_of("effort", {{"value", number(effort.value)}}); }
LogEvent to_log(const ModuleDown& module) {
  return event_of("plugin", {{"state", std::string(module.given_up ? "given_up" : "restarting")}, {"text", module.text}});
}
LogEvent to_log(const ReplayDiffered& difference) { return event_of("replay_differs", {{"text", difference.text}}); }

bool read(const LogEvent& event, ScreenShown& out) {
  if (!is_own(event, "state")) return false;
  const std::optional<Screen> screen = screen_named(text_at(event, "screen"));
  if (screen) out.screen = *screen;
  return screen.has_value();
}
bool read(const LogEvent& event, Action& out) {
  return is_own(event, "action") && value_in(kActions, text_at(event, "name"), out.action);
}
bool read(const LogEvent& event, Calibration& out) {
  if (!is_own(event, "calibration")) return false;
  out = {text_at(event, "channel"),    text_at(event, "id"),         text_at(event, "serial"),
         text_at(event, "calibrated"), number_at(event, "slope", 1), number_at(event, "offset")};
  return true;
}
bool read(const LogEvent& event, Quality& out) {
  if (!is_own(event, "quality")) return false;
  out = {text_at(event, "channel"), count_at(event, "samples"), number_at(event, "rate_hz"), number_at(event, "jitter_ms"), {}};
  if (const double lost = number_at(event, "lost", -1); lost >= 0 && lost <= 1e15) out.lost = std::llround(lost);
  return true;
}
bool read(const LogEvent& event, Metric& out) {
  if (!is_own(event, "metric")) return false;
  out = {text_at(event, "key"), text_at(event, "unit"), number_at(event, "value", std::numeric_limits<double>::quiet_NaN())};
  return true;
}
bool read(const LogEvent& event, OutcomeDecided& out) {
  if (!is_own(event, "outcome")) return false;
  out.outcome = text_at(event, "outcome");
  return true;
}
bool read(const LogEvent& event, StaffCalled&) { return is_own(event, "call_staff"); }
bool read(const LogEvent& event, StartReleased& out) {
  if (!is_own(event, "start_released")) return false;
  out = {text_at(event, "by"), text_at(event, "why")};
  return true;
}
bool read(const LogEvent& event, PainStopped&) { return is_own(event, "pain_stop"); }
bool read(const LogEvent& event, PainAnswered& out) {
  if (!is_own(event, "pain") || !value_in(kPain, text_at(event, "when"), out.when)) return false;
  out.value = whole_at(event, "value", -1);
  out.place = text_at(event, "place");
  return true;
}
bool read(const LogEvent& event, QuestionAnswered& out) {
  if (!is_own(event, "answer")) return false;
  out = {text_at(event, "question"), text_at(event, "answer") == "yes"};
  return true;
}
bool read(const LogEvent& event, SetStarted& out) {
  if (!is_modules(event, "set_start")) return false;
  out = {whole_at(event, "set"), text_at(event, "side")};
  return true;
}
bool read(const LogEvent& event, SetEnded& out) {
  if (!is_modules(event, "set_end")) return false;
  out = {whole_at(event, "set"), text_at(event, "side"), text_at(event, "reason")};
  return true;
}
bool read(const LogEvent& event, Rep& out) { return is_modules(event, "rep") && read_judged(event, out); }
bool read(const LogEvent& event, Hold& out) { return is_modules(event, "hold") && read_judged(event, out); }
bool read(const LogEvent& event, ModulePaused& out) {
  if (!is_modules(event, "paused")) return false;
  out.reason = text_at(event, "reason");
  return true;
}
bool read(const LogEvent& event, ModuleResumed&) { return is_modules(event, "resumed"); }
bool read(const LogEvent& event, ExerciseDone&) { return is_modules(event, "done"); }
bool read(const LogEvent& event, WildSample& out) {
  if (!is_modules(event, "note") || text_at(event, "label") != "wild_sample") return false;
  out.value_n = number_at(event, "value_n");
  return true;
}

}  // namespace patella::session::logged
