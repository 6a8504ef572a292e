#include "module_run.hpp"

#include <patella/session_random.hpp>

#include <cmath>
#include <cstring>

namespace patella::host {
namespace {

constexpr uint64_t kRecordsBetweenBeats = 256;
constexpr uint64_t kRecordsBetweenWakes = 4096;

template <std::size_t N>
void put_text(char (&field)[N], const char* text) {
  const std::string clean = wire::clean_message(text ? text : "", N - 1);
  std::memcpy(field, clean.data(), clean.size());
}

class ModuleRun {
 public:
  ModuleRun(KioskEnd& kiosk, const Library& library, uint64_t seed, int term_fd)
      : kiosk_(kiosk), module_(library.exercise), random_(seed), term_fd_(term_fd) {}

  int run(const Start& start) {
    host_ = {sizeof host_, this, on_event, on_metric, on_cue, on_random, on_log};
    self_ = module_.create(&host_, start.values.data(), static_cast<uint32_t>(start.values.size()), start.present);
    if (!self_) {
      kiosk_.send({"error", written(Message("The module did not accept its parameters; the log says why"))});
      return wire::kExitCannotStart;
    }
    publish_view();
    kiosk_.send({"ready"});
    kiosk_.wake_kiosk();
    while (!stop_) turn();
    module_.destroy(self_);
    return wire::kExitOrderly;
  }

 private:
  static ModuleRun& of(void* ctx) { return *static_cast<ModuleRun*>(ctx); }

  static void on_event(void* ctx, const patella_event* event) {
    if (!event) return;
    wire::Output output;
    output.kind = wire::OutputKind::event;
    output.event = patella_event{};
    std::memcpy(&output.event, event, std::min<std::size_t>(event->size, sizeof output.event));
    output.event.size = sizeof output.event;
    of(ctx).push(output);
  }
  static void on_metric(void* ctx, const char* key, const char* unit, double value) {
    if (!std::isfinite(value)) return;
    wire::Output output;
    output.kind = wire::OutputKind::metric;
    output.metric = wire::Metric{};
    put_text(output.metric.key, key);
    put_text(output.metric.unit, unit);
    output.metric.value = value;
    of(ctx).push(output);
  }
  static void on_cue(void* ctx, uint32_t cue, const char* text) {
    wire::Output output;
    output.kind = wire::OutputKind::cue;
    output.cue = wire::Cue{};
    output.cue.cue = cue;
    put_text(output.cue.text, text);
    of(ctx).push(output);
  }
  static uint64_t on_random(void* ctx) { return of(ctx).random_.next(); }
  static void on_log(void* ctx, uint32_t level, const char* text) { of(ctx).kiosk_.log(level, text); }

  /// Outputs are never dropped: when the ring is full, waits for the kiosk, and goes on beating.
  void push(wire::Output& output) {
    const auto ring = kiosk_.outputs();
    while (pushed_ - kiosk_.kiosk().tail.load(std::memory_order_acquire) >= ring.size() && !stop_) {
      kiosk_.wake_kiosk();
      wait(monotonic_us() + wire::kBeatEveryUs / 4);
    }
    output.ordinal = static_cast<uint32_t>(pushed_);
    output.after_seq = current_seq_;
    std::memcpy(static_cast<void*>(&ring[pushed_ & (ring.size() - 1)]), &output, wire::output_bytes(output.kind));
    kiosk_.head().head.store(++pushed_, std::memory_order_release);
  }

  void turn() {
    kiosk_.beat();
    const uint64_t head = kiosk_.kiosk().head.load(std::memory_order_acquire);
    if (head == taken_) {
      publish_view();
      std::atomic_thread_fence(std::memory_order_seq_cst);
      if (kiosk_.kiosk().head.load(std::memory_order_relaxed) == taken_) wait(monotonic_us() + wire::kBeatEveryUs);
      return;
    }
    const uint64_t until = std::min(head, taken_ + kRecordsBetweenBeats);
    while (taken_ < until && !stop_) step();
    finish_batch(head);
  }

  /// One record, one call. Samples are not handed over in batches: an output then names the very record that caused
  /// it, however the input arrived, and so does a death. A batch would save some nanoseconds a sample.
  void step() {
    const auto ring = kiosk_.input();
    const Record record = ring[taken_ & (ring.size() - 1)];
    current_seq_ = record.seq;
    kiosk_.head().working_on.store(record.seq, std::memory_order_release);
    hand_over(record);
    kiosk_.head().working_on.store(0, std::memory_order_release);
    ++taken_;
    view_is_old_ = true;
  }

  void hand_over(const Record& record) {
    const patella_sample sample{record.t_us, record.value, record.channel, 0};
    switch (record.kind) {
      case RecordKind::sample:
        return module_.on_samples(self_, &sample, 1);
      case RecordKind::tick:
        return module_.on_tick(self_, record.t_us);
      case RecordKind::action:
        return module_.on_action(self_, static_cast<uint32_t>(record.code), record.t_us);
      case RecordKind::gap:
        return module_.on_gap(self_, record.channel, record.code != 0 ? 1u : 0u, record.t_us);
    }
  }

  void finish_batch(uint64_t head) {
    kiosk_.head().done_seq.store(current_seq_, std::memory_order_release);
    kiosk_.head().taken.store(taken_, std::memory_order_release);
    const bool drained = taken_ == head;
    if (drained) publish_view();
    if (drained || taken_ - woken_at_ >= kRecordsBetweenWakes) {
      woken_at_ = taken_;
      kiosk_.wake_kiosk();
    }
  }

  void publish_view() {
    if (!view_is_old_) return;
    view_is_old_ = false;
    wire::ChildHead& head = kiosk_.head();
    patella_view view{};
    view.size = sizeof view;
    head.working_on.store(current_seq_, std::memory_order_release);
    module_.fill_view(self_, &view);
    view.size = sizeof view;
    head.working_on.store(0, std::memory_order_release);
    const uint32_t version = head.view_version.load(std::memory_order_relaxed);
    head.view_version.store(version + 1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    std::memcpy(&kiosk_.view(), &view, sizeof view);
    head.view_seq.store(current_seq_, std::memory_order_relaxed);
    head.view_version.store(version + 2, std::memory_order_release);
  }

  void wait(int64_t until_us) {
    pollfd fds[] = {{wire::kToChildFd, POLLIN, 0}, {wire::kControlFd, POLLIN, 0}, {term_fd_, POLLIN, 0}};
    wait_for(fds, until_us);
    if (fds[0].revents) kiosk_.drain_wakes();
    if (fds[1].revents) {
      const auto message = kiosk_.receive();
      if (kiosk_.lost() || (message && message->front() == "stop")) stop_ = true;
    }
    if (fds[2].revents) stop_ = true;
    kiosk_.beat();
  }

  KioskEnd& kiosk_;
  const patella_exercise& module_;
  sdk::SessionRandom random_;
  int term_fd_;
  patella_exercise_host host_{};
  void* self_ = nullptr;
  bool stop_ = false, view_is_old_ = true;
  uint64_t taken_ = 0, pushed_ = 0, current_seq_ = 0, woken_at_ = 0;
};

}  // namespace

int run_module(KioskEnd& kiosk, const Library& library, const Start& start, int term_fd) {
  return ModuleRun(kiosk, library, start.seed, term_fd).run(start);
}

}  // namespace patella::host
