#include "plugin_link/output_ring.hpp"

#include <patella/output_rules.hpp>

#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "wire/message.hpp"

namespace patella::plugin_link {
namespace {

using Clean = std::string (*)(std::string_view, std::size_t);

/// Makes a fixed text field, which ends in NUL, fit to show.
template <std::size_t N>
void tidy(char (&field)[N], Clean clean_one = wire::clean_message) {
  const std::size_t length = strnlen(field, N);
  if (wire::is_plain({field, length})) return;
  const std::string clean = clean_one({field, length}, length);
  std::memset(field, 0, N);
  std::memcpy(field, clean.data(), clean.size());
}

template <std::size_t N>
std::string text_of(const char (&field)[N]) {
  return wire::clean_text({field, strnlen(field, N)}, N);
}

/// The first of what the kiosk ends a module for; other broken rules do no harm here (patella/output_rules.hpp).
class Refusal {
 public:
  rules::OnBreach note() {
    return [this](rules::Breach breach, const std::string& what) {
      if (breach == rules::Breach::refused && first_.empty()) first_ = what;
    };
  }
  std::string text() const { return first_; }

 private:
  std::string first_;
};

std::string check_event(patella_event& event) {
  if (event.size != sizeof(patella_event)) return "an event of another size";
  Refusal refusal;
  rules::judge_event(event, std::numeric_limits<int64_t>::max(), refusal.note());
  if (!refusal.text().empty()) return refusal.text();
  tidy(event.reason, event.kind == PATELLA_EVENT_PAUSED ? wire::clean_message : wire::clean_text);
  tidy(event.label);
  for (uint32_t i = 0; i < event.field_count; ++i) tidy(event.fields[i].key, wire::clean_text);
  return {};
}

std::string check_cue(uint32_t cue, const char* text) {
  Refusal refusal;
  rules::judge_cue(cue, text, refusal.note());
  return refusal.text();
}

std::string check_metric(const ModuleOutput& output) {
  Refusal refusal;
  rules::judge_metric(output.key.c_str(), output.unit.c_str(), output.value, refusal.note());
  return refusal.text();
}

}  // namespace

std::string check_view(patella_view& view) {
  Refusal refusal;
  rules::judge_view(view, PATELLA_MAX_WANTED_CHANNELS, refusal.note());
  if (!refusal.text().empty()) return refusal.text();
  tidy(view.title);
  tidy(view.prompt);
  tidy(view.feedback);
  tidy(view.timer_label);
  tidy(view.next_label);
  for (uint32_t i = 0; i < view.readout_count; ++i) {
    tidy(view.readouts[i].key, wire::clean_text);
    tidy(view.readouts[i].label);
    tidy(view.readouts[i].unit, wire::clean_text);
  }
  for (uint32_t i = 0; i < view.segment_count; ++i) tidy(view.segments[i].label);
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
    if (std::string what = check_metric(output); !what.empty()) return refuse(what);
  } else {
    output.kind = ModuleOutput::Kind::cue;
    output.cue = copy.cue.cue;
    output.text = wire::clean_message({copy.cue.text, strnlen(copy.cue.text, sizeof copy.cue.text)});
    if (std::string what = check_cue(output.cue, output.text.c_str()); !what.empty()) return refuse(what);
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
