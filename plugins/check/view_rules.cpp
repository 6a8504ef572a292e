// The rules of view.h, one after the other.
#include <fmt/format.h>

#include <cmath>

#include "module_run.hpp"

namespace patella::check {
namespace {

template <std::size_t N>
void message(const char (&field)[N], const char* name, Findings& findings) {
  judge_message(field, N, fmt::format("view: {}", name), findings);
}

template <std::size_t N>
void text(const char (&field)[N], const char* name, Findings& findings) {
  if (!is_text(field, N)) findings.fault(fmt::format("view: {} is not UTF-8 that ends in NUL", name));
}

void within(double value, double low, double high, const char* name, Findings& findings) {
  if (!(value >= low && value <= high))
    findings.fault(fmt::format("view: {} is {:g}, {:g}…{:g} allowed", name, value, low, high));
}

void band(double low, double high, const char* name, Findings& findings) {
  if (std::isinf(low) || std::isinf(high) || low > high) findings.fault(fmt::format("view: {} is {:g}…{:g}", name, low, high));
}

void readouts(const patella_view& view, uint32_t channels, Findings& findings) {
  int primary = 0;
  for (uint32_t i = 0; i < view.readout_count; ++i) {
    const patella_readout& r = view.readouts[i];
    text(r.key, "readout key", findings);
    message(r.label, "readout label", findings);
    text(r.unit, "readout unit", findings);
    if (r.key[0] == 0) findings.fault("view: a readout without a key");
    if (std::isinf(r.value)) findings.fault("view: a readout is infinite");
    within(r.channel, -1, static_cast<double>(channels) - 1, "readout channel", findings);
    within(r.decimals, 0, 6, "readout decimals", findings);
    within(r.role, PATELLA_ROLE_PRIMARY, PATELLA_ROLE_SECONDARY, "readout role", findings);
    if (r.role == PATELLA_ROLE_PRIMARY) ++primary;
    band(r.target_low, r.target_high, "readout target", findings);
    if (!(r.scale_low < r.scale_high)) findings.fault("view: scale_low is not below scale_high");
  }
  if (primary > 1) findings.fault("view: more than one PRIMARY readout");
}

void segments(const patella_view& view, Findings& findings) {
  for (uint32_t i = 0; i < view.segment_count; ++i) {
    const patella_segment& s = view.segments[i];
    message(s.label, "segment label", findings);
    if (!(s.duration_s > 0) || !std::isfinite(s.duration_s))
      findings.fault("view: a segment without duration");
    else
      within(s.done_s, 0, s.duration_s, "segment done_s", findings);
  }
  within(view.segment_index, -1, static_cast<double>(view.segment_count) - 1, "segment_index", findings);
}

void counters_and_timer(const patella_view& view, Findings& findings) {
  if (view.set_index < 0 || view.set_count < 0 || (view.set_count > 0 && view.set_index > view.set_count))
    findings.fault(fmt::format("view: set {} of {}", view.set_index, view.set_count));
  if (view.rep_index < -1 || view.rep_count < 0)
    findings.fault(fmt::format("view: rep {} of {}", view.rep_index, view.rep_count));
  for (uint32_t i = 0; i < view.rep_mark_count; ++i)
    within(view.rep_marks[i], PATELLA_MARK_PENDING, PATELLA_MARK_NOT_COUNTED, "rep mark", findings);
  if (std::isinf(view.timer_s) || std::isinf(view.timer_total_s) || view.timer_total_s <= 0)
    findings.fault(fmt::format("view: timer {:g} of {:g}", view.timer_s, view.timer_total_s));
  if (view.timer_rate != -1 && view.timer_rate != 0 && view.timer_rate != 1)
    findings.fault(fmt::format("view: timer_rate {:g}", view.timer_rate));
}

void trace(const patella_view& view, uint32_t channels, Findings& findings) {
  within(view.trace_channel, -1, static_cast<double>(channels) - 1, "trace_channel", findings);
  if (view.trace_channel < 0) return;
  if (!(view.trace_min < view.trace_max)) findings.fault("view: trace_min is not below trace_max");
  if (!(view.trace_seconds > 0) || !std::isfinite(view.trace_offset)) findings.fault("view: trace_seconds or trace_offset");
  band(view.trace_low, view.trace_high, "trace band", findings);
}

}  // namespace

void judge_view(const patella_view& view, uint32_t channels, Findings& findings) {
  if (view.size != sizeof view) findings.fault(fmt::format("view: size became {}", view.size));
  within(view.phase, PATELLA_PHASE_WAITING, PATELLA_PHASE_DONE, "phase", findings);
  within(view.tone, PATELLA_TONE_NEUTRAL, PATELLA_TONE_HIGH, "tone", findings);
  within(view.side, PATELLA_SIDE_NONE, PATELLA_SIDE_RIGHT, "side", findings);
  message(view.title, "title", findings);
  message(view.prompt, "prompt", findings);
  message(view.feedback, "feedback", findings);
  message(view.timer_label, "timer_label", findings);
  message(view.next_label, "next_label", findings);
  if (view.readout_count > PATELLA_VIEW_READOUTS || view.segment_count > PATELLA_VIEW_SEGMENTS ||
      view.rep_mark_count > PATELLA_VIEW_REP_MARKS)
    return findings.fault("view: a count is larger than its array");
  readouts(view, channels, findings);
  segments(view, findings);
  counters_and_timer(view, findings);
  trace(view, channels, findings);
}

}  // namespace patella::check
