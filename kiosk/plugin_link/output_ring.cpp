#include "plugin_link/output_ring.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "wire/message.hpp"

namespace patella::plugin_link {
namespace {

using Clean = std::string (*)(std::string_view, std::size_t);

/// Makes a fixed text field fit to show. False: it has no end, so it was not filled by rule.
template <std::size_t N>
bool tidy(char (&field)[N], Clean clean_one = wire::clean_message) {
  const std::size_t length = strnlen(field, N);
  if (length == N) return false;
  if (wire::is_plain({field, length})) return true;
  const std::string clean = clean_one({field, length}, length);
  std::memset(field, 0, N);
  std::memcpy(field, clean.data(), clean.size());
  return true;
}

template <std::size_t N>
std::string text_of(const char (&field)[N]) {
  return wire::clean_text({field, strnlen(field, N)}, N);
}

bool between(uint32_t value, uint32_t low, uint32_t high) { return value >= low && value <= high; }

std::string check_event(patella_event& event) {
  if (event.size != sizeof(patella_event)) return "an event of another size";
  if (!between(event.kind, PATELLA_EVENT_SET_START, PATELLA_EVENT_NOTE))
    return fmt::format("an event of unknown kind {}", event.kind);
  if (!between(event.side, PATELLA_SIDE_NONE, PATELLA_SIDE_RIGHT)) return "an event with an unknown side";
  if (event.counted > 1) return "an event that is neither counted nor not counted";
  if (event.field_count > PATELLA_EVENT_FIELDS) return "an event with too many fields";
  const bool words = event.kind == PATELLA_EVENT_PAUSED;
  if (!tidy(event.reason, words ? wire::clean_message : wire::clean_text) || !tidy(event.label))
    return "an event with text that has no end";
  for (uint32_t i = 0; i < event.field_count; ++i)
    if (!tidy(event.fields[i].key, wire::clean_text) || !std::isfinite(event.fields[i].value))
      return "an event with a field that makes no sense";
  return {};
}

std::string check_readout(patella_readout& readout) {
  if (!tidy(readout.key, wire::clean_text) || !tidy(readout.label) || !tidy(readout.unit, wire::clean_text))
    return "a readout with text that has no end";
  if (!between(readout.role, PATELLA_ROLE_PRIMARY, PATELLA_ROLE_SECONDARY)) return "a readout with an unknown role";
  if (readout.channel < -1 || readout.channel > 7) return "a readout of a channel that it cannot have";
  if (readout.decimals < 0 || readout.decimals > 6) return "a readout with impossible decimals";
  if (std::isinf(readout.value) || !(readout.scale_low < readout.scale_high))
    return "a readout with an impossible value or scale";
  return {};
}

}  // namespace

std::string check_view(patella_view& view) {
  if (view.size != sizeof(patella_view)) return "a view of another size";
  if (!between(view.phase, PATELLA_PHASE_WAITING, PATELLA_PHASE_DONE)) return "a view in an unknown phase";
  if (!between(view.tone, PATELLA_TONE_NEUTRAL, PATELLA_TONE_HIGH)) return "a view with an unknown tone";
  if (!between(view.side, PATELLA_SIDE_NONE, PATELLA_SIDE_RIGHT)) return "a view with an unknown side";
  if (!tidy(view.title) || !tidy(view.prompt) || !tidy(view.feedback) || !tidy(view.timer_label) || !tidy(view.next_label))
    return "a view with text that has no end";
  if (view.readout_count > PATELLA_VIEW_READOUTS || view.rep_mark_count > PATELLA_VIEW_REP_MARKS ||
      view.segment_count > PATELLA_VIEW_SEGMENTS)
    return "a view with more parts than fit";
  for (uint32_t i = 0; i < view.readout_count; ++i)
    if (std::string wrong = check_readout(view.readouts[i]); !wrong.empty()) return wrong;
  for (uint32_t i = 0; i < view.rep_mark_count; ++i)
    if (!between(view.rep_marks[i], PATELLA_MARK_PENDING, PATELLA_MARK_NOT_COUNTED)) return "a view with an unknown rep mark";
  for (uint32_t i = 0; i < view.segment_count; ++i)
    if (!tidy(view.segments[i].label) || !std::isfinite(view.segments[i].duration_s) || !std::isfinite(view.segments[i].done_s))
      return "a view with a segment that makes no sense";
  if (view.segment_index < -1 || view.segment_index >= static_cast<int32_t>(view.segment_count) || view.trace_channel < -1 ||
      view.trace_channel > 7)
    return "a view with an index outside its parts";
  const double numbers[] = {view.timer_rate, view.trace_offset, view.trace_min, view.trace_max, view.trace_seconds};
  const bool finite = std::all_of(std::begin(numbers), std::end(numbers), [](double number) { return std::isfinite(number); });
  if (!finite || std::isinf(view.timer_s) || std::isinf(view.timer_total_s)) return "a view with a number that makes no sense";
  return {};
}

OutputRing::Next OutputRing::take(uint64_t last_fed, ModuleOutput& output, std::string& wrong) {
  const uint64_t head = child_.head.load(std::memory_order_acquire);
  const auto refuse = [&](std::string what) {
    wrong = std::move(what);
    return Next::wrong;
  };
  if (head - tail_ > wire::kOutputRing) return refuse("an impossible fill level in its ring");
  if (head == tail_) return Next::none;
  wire::Output copy;
  const wire::Output* slot = &ring_[tail_ & (wire::kOutputRing - 1)];
  std::memcpy(static_cast<void*>(&copy), slot, wire::kOutputHead);
  asm volatile("" ::: "memory");  // from here on only the copy is looked at
  const std::size_t bytes = wire::output_bytes(copy.kind);
  if (bytes == 0) return refuse("an output of unknown kind");
  std::memcpy(copy.bytes, slot->bytes, bytes - wire::kOutputHead);
  asm volatile("" ::: "memory");
  if (copy.ordinal != static_cast<uint32_t>(tail_)) return refuse(fmt::format("output {} instead of {}", copy.ordinal, tail_));
  if (copy.after_seq < last_seq_ || copy.after_seq > last_fed) return refuse("an output of a record that it does not have");
  output = ModuleOutput{};
  output.ordinal = copy.ordinal;
  output.after_seq = copy.after_seq;
  if (copy.kind == wire::OutputKind::event) {
    if (std::string what = check_event(copy.event); !what.empty()) return refuse(what);
    output.kind = ModuleOutput::Kind::event;
    output.event = copy.event;
  } else if (copy.kind == wire::OutputKind::metric) {
    output.kind = ModuleOutput::Kind::metric;
    output.key = text_of(copy.metric.key);
    output.unit = text_of(copy.metric.unit);
    output.value = copy.metric.value;
    if (output.key.empty() || !std::isfinite(output.value)) return refuse("a figure that makes no sense");
  } else {
    output.kind = ModuleOutput::Kind::cue;
    output.cue = copy.cue.cue;
    output.text = wire::clean_message({copy.cue.text, strnlen(copy.cue.text, sizeof copy.cue.text)});
    if (!between(output.cue, PATELLA_CUE_COUNT, PATELLA_CUE_HINT)) return refuse("an unknown cue");
  }
  same_record_ = copy.after_seq == last_seq_ ? same_record_ + 1 : 1;
  if (same_record_ > kMaxOutputsARecord) return refuse("a flood of outputs");
  last_seq_ = copy.after_seq;
  ++tail_;
  return Next::one;
}

bool OutputRing::publish() {
  if (published_ == tail_) return false;
  const bool may_wait = child_.head.load(std::memory_order_relaxed) - published_ >= wire::kOutputRing;
  published_ = tail_;
  kiosk_.tail.store(tail_, std::memory_order_release);
  return may_wait;
}

OutputRing::Next OutputRing::take_view(uint64_t last_fed, patella_view& view, uint64_t& seq, std::string& wrong) {
  for (int tries = 0; tries < 3; ++tries) {
    const uint32_t version = child_.view_version.load(std::memory_order_acquire);
    if (version == view_version_ || version % 2 != 0) return Next::none;
    patella_view copy;
    const uint64_t copied_seq = child_.view_seq.load(std::memory_order_relaxed);
    std::memcpy(&copy, view_, sizeof copy);
    std::atomic_thread_fence(std::memory_order_acquire);
    if (child_.view_version.load(std::memory_order_relaxed) != version) continue;
    wrong = copied_seq > last_fed ? "a view of a record that it does not have" : check_view(copy);
    if (!wrong.empty()) return Next::wrong;
    view_version_ = version;
    view = copy;
    seq = copied_seq;
    return Next::one;
  }
  return Next::none;
}

}  // namespace patella::plugin_link
