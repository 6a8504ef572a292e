// Patella plugin SDK: the rules for what a module gives: events, metrics and cues (exercise.h), the view (view.h). Written here and
// nowhere else: the kiosk ends a module by those that say `refused`, the hosts for tests (testing.hpp) report all. Not for use
// inside a plugin.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

#include "breach.hpp"
#include "exercise.h"
#include "texts.hpp"
#include "view.h"

namespace patella::rules {

inline constexpr std::size_t kMetricKeyBytes = 48, kMetricUnitBytes = 16, kCueBytes = 96;  // with the NUL

namespace detail {

/// Builds words only when something is wrong: a kiosk looks at every view.
class Judge {
 public:
  Judge(std::string about, const OnBreach& on_breach) : about_(std::move(about)), on_breach_(on_breach) {}
  void say(Breach breach, const std::string& what) const { on_breach_(breach, about_ + what); }
  void check(bool good, Breach breach, const char* what) const {
    if (!good) say(breach, what);
  }
  void within(double value, double low, double high, Breach breach, const char* name) const {
    if (value >= low && value <= high) return;
    char words[160];
    std::snprintf(words, sizeof words, "%s is %g, %g…%g allowed", name, value, low, high);
    say(breach, words);
  }
  template <std::size_t N>
  void text(const char (&field)[N], const char* name, bool is_message, bool may_be_full = true) const {
    if (strnlen(field, N) == N || !is_text(field, N, is_message))
      return say(strnlen(field, N) == N ? Breach::refused : Breach::rule, std::string(name) + " is not UTF-8 that ends in NUL");
    if (!is_message || field[0] == 0) return;
    if (const std::string fault = message_fault(field); !fault.empty())
      say(Breach::doubtful, std::string(name) + " is shown with its braces: " + fault + ": " + field);
    if (!may_be_full && std::strlen(field) + 1 == N)
      say(Breach::doubtful, std::string(name) + " fills its field, so it may be cut: " + field);
  }
  void band(double low, double high, const char* name) const {
    check(!std::isinf(low) && !std::isinf(high) && !(low > high), Breach::rule, name);
  }

 private:
  std::string about_;
  const OnBreach& on_breach_;
};

inline void judge_readout(const Judge& judge, const patella_readout& r, uint32_t channels) {
  judge.text(r.key, "readout key", false);
  judge.text(r.label, "readout label", true);
  judge.text(r.unit, "readout unit", false);
  judge.check(r.key[0] != 0, Breach::rule, "a readout without a key");
  judge.check(!std::isinf(r.value), Breach::refused, "a readout is infinite");
  judge.within(r.channel, -1, PATELLA_MAX_WANTED_CHANNELS - 1, Breach::refused, "readout channel");
  if (r.channel >= static_cast<int32_t>(channels))
    judge.say(Breach::rule, "a readout of a channel that the module does not have");
  judge.within(r.decimals, 0, 6, Breach::refused, "readout decimals");
  judge.within(r.role, PATELLA_ROLE_PRIMARY, PATELLA_ROLE_SECONDARY, Breach::refused, "readout role");
  judge.band(r.target_low, r.target_high, "the ends of a readout's target");
  judge.check(r.scale_low < r.scale_high, Breach::refused, "scale_low is not below scale_high");
}

inline void judge_segments(const Judge& judge, const patella_view& view) {
  for (uint32_t i = 0; i < view.segment_count; ++i) {
    const patella_segment& s = view.segments[i];
    judge.text(s.label, "segment label", true);
    if (!std::isfinite(s.duration_s) || !std::isfinite(s.done_s))
      judge.say(Breach::refused, "a segment without a duration");
    else if (!(s.duration_s > 0))
      judge.say(Breach::rule, "a segment without a duration");
    else
      judge.within(s.done_s, 0, s.duration_s, Breach::rule, "segment done_s");
  }
  judge.within(view.segment_index, -1, static_cast<double>(view.segment_count) - 1, Breach::refused, "segment_index");
}

inline void judge_counters(const Judge& judge, const patella_view& view) {
  judge.check(view.set_index >= 0 && view.set_count >= 0 && (view.set_count == 0 || view.set_index <= view.set_count),
              Breach::rule, "set_index or set_count");
  judge.check(view.rep_index >= -1 && view.rep_count >= 0, Breach::rule, "rep_index or rep_count");
  for (uint32_t i = 0; i < view.rep_mark_count; ++i)
    judge.within(view.rep_marks[i], PATELLA_MARK_PENDING, PATELLA_MARK_NOT_COUNTED, Breach::refused, "rep mark");
  judge.check(!std::isinf(view.timer_s) && !std::isinf(view.timer_total_s), Breach::refused,
              "timer_s or timer_total_s is infinite");
  judge.check(!(view.timer_total_s <= 0), Breach::rule, "timer_total_s is not above 0");
  judge.check(std::isfinite(view.timer_rate), Breach::refused, "timer_rate is no number");
  judge.check(view.timer_rate == -1 || view.timer_rate == 0 || view.timer_rate == 1, Breach::rule,
              "timer_rate is none of -1, 0, 1");
}

inline void judge_trace(const Judge& judge, const patella_view& view, uint32_t channels) {
  judge.within(view.trace_channel, -1, PATELLA_MAX_WANTED_CHANNELS - 1, Breach::refused, "trace_channel");
  for (const double number : {view.trace_offset, view.trace_min, view.trace_max, view.trace_seconds})
    judge.check(std::isfinite(number), Breach::refused, "the trace has a number that is not finite");
  if (view.trace_channel < 0) return;
  if (view.trace_channel >= static_cast<int32_t>(channels))
    judge.say(Breach::rule, "a trace of a channel that the module does not have");
  judge.check(view.trace_min < view.trace_max, Breach::rule, "trace_min is not below trace_max");
  judge.check(view.trace_seconds > 0, Breach::rule, "trace_seconds is not above 0");
  judge.band(view.trace_low, view.trace_high, "the ends of the trace's target");
}

}  // namespace detail

/// `channels`: channel_count of the module.
inline void judge_view(const patella_view& view, uint32_t channels, const OnBreach& on_breach) {
  const detail::Judge judge("view: ", on_breach);
  judge.check(view.size == sizeof view, Breach::refused, "its size was changed");
  judge.within(view.phase, PATELLA_PHASE_WAITING, PATELLA_PHASE_DONE, Breach::refused, "phase");
  judge.within(view.tone, PATELLA_TONE_NEUTRAL, PATELLA_TONE_HIGH, Breach::refused, "tone");
  judge.within(view.side, PATELLA_SIDE_NONE, PATELLA_SIDE_RIGHT, Breach::refused, "side");
  judge.text(view.title, "title", true, false);
  judge.text(view.prompt, "prompt", true, false);
  judge.text(view.feedback, "feedback", true, false);
  judge.text(view.timer_label, "timer_label", true, false);
  judge.text(view.next_label, "next_label", true, false);
  if (view.readout_count > PATELLA_VIEW_READOUTS || view.segment_count > PATELLA_VIEW_SEGMENTS ||
      view.rep_mark_count > PATELLA_VIEW_REP_MARKS)
    return judge.say(Breach::refused, "more parts than fit");
  int primary = 0;
  for (uint32_t i = 0; i < view.readout_count; ++i) {
    detail::judge_readout(judge, view.readouts[i], channels);
    if (view.readouts[i].role == PATELLA_ROLE_PRIMARY) ++primary;
  }
  judge.check(primary <= 1, Breach::rule, "more than one PRIMARY readout");
  detail::judge_segments(judge, view);
  detail::judge_counters(judge, view);
  detail::judge_trace(judge, view, channels);
}

/// `now_us`: the latest time that the module has heard of.
inline void judge_event(const patella_event& event, int64_t now_us, const OnBreach& on_breach) {
  const detail::Judge judge("event of kind " + std::to_string(event.kind) + ": ", on_breach);
  judge.check(event.size >= sizeof event, Breach::rule, "its size is too small");
  judge.check(event.kind >= PATELLA_EVENT_SET_START && event.kind <= PATELLA_EVENT_NOTE, Breach::refused, "an unknown kind");
  judge.within(event.side, PATELLA_SIDE_NONE, PATELLA_SIDE_RIGHT, Breach::refused, "side");
  judge.check(event.counted <= 1, Breach::refused, "counted is neither 0 nor 1");
  judge.check(event.set >= 0 && event.n >= 0, Breach::rule, "set or n below 0");
  judge.text(event.reason, "its reason", true, false);
  judge.text(event.label, "its label", true, false);
  judge.check(event.t_us <= now_us, Breach::rule, "its time is in the future");
  judge.check(event.t_us >= 0, Breach::rule, "its time is before the session");
  if (event.field_count > PATELLA_EVENT_FIELDS) return judge.say(Breach::refused, "more fields than fit");
  for (uint32_t i = 0; i < event.field_count; ++i) {
    const patella_field& field = event.fields[i];
    judge.text(field.key, "the key of a field", false);
    judge.check(field.key[0] != 0, Breach::rule, "a field without a key");
    judge.check(std::isfinite(field.value), Breach::refused, "a field that is not finite");
    for (uint32_t k = 0; k < i; ++k)
      judge.check(std::strncmp(event.fields[k].key, field.key, sizeof field.key) != 0, Breach::rule, "a field twice");
  }
  if (event.kind == PATELLA_EVENT_REP && !event.counted) {
    judge.check(event.n == 0, Breach::rule, "a rep that does not count has a number");
    judge.check(event.reason[0] != 0, Breach::doubtful, "a rep does not count, without a reason");
  }
  if (event.kind == PATELLA_EVENT_PHASE || event.kind == PATELLA_EVENT_NOTE)
    judge.check(event.label[0] != 0, Breach::rule, "no label");
}

inline void judge_metric(const char* key, const char* unit, double value, const OnBreach& on_breach) {
  if (!is_text(key, kMetricKeyBytes) || key[0] == 0) return on_breach(Breach::refused, "a metric without a readable key");
  const detail::Judge judge("metric " + std::string(key) + ": ", on_breach);
  judge.check(is_text(unit, kMetricUnitBytes), Breach::rule, "its unit is not readable");
  judge.check(std::isfinite(value), Breach::refused, "it is not finite");
}

inline void judge_cue(uint32_t cue, const char* text, const OnBreach& on_breach) {
  const detail::Judge judge("cue: ", on_breach);
  judge.within(cue, PATELLA_CUE_COUNT, PATELLA_CUE_HINT, Breach::refused, "its kind");
  if (!is_text(text, kCueBytes, true)) return judge.say(Breach::rule, "its text is not UTF-8 that ends in NUL");
  if (const std::string fault = message_fault(text); !fault.empty())
    judge.say(Breach::doubtful, "its text is shown with its braces: " + fault + ": " + text);
}

}  // namespace patella::rules
