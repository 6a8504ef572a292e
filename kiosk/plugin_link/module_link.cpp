#include <signal.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

#include <fmt/format.h>

#include "plugin_link/known_outputs.hpp"
#include "plugin_link/links.hpp"
#include "plugin_link/output_ring.hpp"
#include "plugin_link/start_texts.hpp"
#include "plugin_link/supervisor.hpp"

namespace patella::plugin_link {
namespace {

constexpr int kOutputsARound = 8192;

class Module final : public ModuleLink, private ChildProtocol {
 public:
  Module(const HostOptions& options, const PluginInfo& plugin, Start start, const Clock& clock, Log& log, ModuleSink& sink)
      : plugin_(plugin), start_(std::move(start)), sink_(sink), supervisor_(options, name_of(plugin), clock, log, *this) {
    for (const ModuleOutput& output : start_.known) known_.keep(output);
    start_.known.clear();
  }

  int wait_fd() const override { return supervisor_.wait_fd(); }
  int64_t deadline_us() const override { return more_ ? 0 : supervisor_.deadline_us(); }
  LinkState state() const override { return state_; }
  int child_pid() const override { return supervisor_.child_pid(); }
  const std::vector<ConfinementLayer>& confinement() const override { return supervisor_.confinement(); }
  void begin_stop() override { supervisor_.begin_stop(); }
  uint64_t done_seq() const override { return done_seq_; }
  const patella_view& view() const override { return view_; }
  uint64_t view_seq() const override { return view_seq_; }

  void service() override { supervisor_.service(); }

  void feed(std::span<const Record> records) override {
    fed_.insert(fed_.end(), records.begin(), records.end());
    pump();
  }

 private:
  // ---- ChildProtocol

  std::vector<std::string> arguments() const override { return {"--module", plugin_.manifest.library.string()}; }
  std::size_t child_bytes() const override { return wire::kChildRingOffset + wire::kOutputRing * sizeof(wire::Output); }
  std::size_t kiosk_bytes() const override { return wire::kKioskRingOffset + wire::kInputRing * sizeof(Record); }

  wire::Message start_message() const override {
    wire::Message message = start_texts(start_.params);
    message.insert(message.end(),
                   {"seed", std::to_string(static_cast<int64_t>(start_.seed)), "present", std::to_string(start_.present)});
    return message;
  }

  void started(int64_t) override {
    outputs_.emplace(supervisor_.child_memory(), supervisor_.kiosk_memory());
    pushed_ = taken_ = child_done_seq_ = 0;
    catch_up_seq_ = fed_.empty() ? 0 : fed_.back().seq;
    ready_ = differed_ = false;
    set_state(LinkState::starting, {});
    pump();
  }

  void message(const wire::Message& m, int64_t now_us) override {
    if (m.front() == "loaded") supervisor_.expect_beats(now_us);
    if (m.front() == "ready") ready_ = true;
  }

  std::string read_memory(int64_t) override {
    more_ = false;
    const wire::ChildHead& child = supervisor_.head();
    const uint64_t done_seq = child.done_seq.load(std::memory_order_acquire);
    const uint64_t taken = child.taken.load(std::memory_order_acquire);
    if (taken > pushed_ || taken < taken_) return "an impossible count of records taken";
    if (done_seq > last_pushed_seq() || done_seq < child_done_seq_) return "an impossible progress";
    taken_ = taken;
    std::string wrong = read_outputs();
    if (!wrong.empty()) return wrong;
    if (!more_) note_done(done_seq);
    if (outputs_->take_view(last_pushed_seq(), view_, view_seq_, wrong) == OutputRing::Next::wrong) return wrong;
    if (ready_ && child_done_seq_ >= catch_up_seq_) set_state(LinkState::live, {});
    pump();
    return {};
  }

  AfterEnd ended(const Ended& how, bool by_us, Messages& reason) override {
    const uint64_t working_on = supervisor_.head().working_on.load(std::memory_order_relaxed);
    outputs_.reset();
    // A kill from outside says nothing about the record that happened to be at work.
    const bool from_outside = how.by_signal && how.code == SIGKILL && !by_us;
    if (working_on == 0 || from_outside) return AfterEnd::back_off;
    const bool again = working_on == last_death_seq_;
    last_death_seq_ = working_on;
    if (!again) return AfterEnd::back_off;
    reason.push_back(Message("It was the second time at record {0}", working_on));
    return AfterEnd::quarantine;
  }

  void told_state(LinkState state, const Messages& text) override { set_state(state, text); }

  // ---- own

  uint64_t last_pushed_seq() const { return pushed_ == 0 ? 0 : fed_[pushed_ - 1].seq; }

  std::string read_outputs() {
    std::string wrong;
    ModuleOutput output;
    OutputRing::Next next = OutputRing::Next::one;
    for (int i = 0; next == OutputRing::Next::one; ++i) {
      if (i == kOutputsARound) {
        more_ = true;
        break;
      }
      next = outputs_->take(last_pushed_seq(), output, wrong);
      if (next == OutputRing::Next::one) tell(output);
      if (i % 256 == 255 && outputs_->publish()) supervisor_.wake_child();
    }
    if (outputs_->publish()) supervisor_.wake_child();
    return wrong;
  }

  void tell(const ModuleOutput& output) {
    if (output.ordinal >= known_.count()) {
      known_.keep(output);
      sink_.output(output);
    } else if (!differed_ && !known_.same(output)) {
      differed_ = true;  // what follows in this child's life differs as a consequence
      sink_.differs(known_.at(output.ordinal), output);
    }
  }

  void note_done(uint64_t done_seq) {
    child_done_seq_ = done_seq;
    done_seq_ = std::max(done_seq_, done_seq);
  }

  /// Moves what fits into the ring, and wakes the child if it may be asleep.
  void pump() {
    if (!outputs_ || pushed_ == fed_.size()) return;
    const std::size_t room = wire::kInputRing - (pushed_ - taken_);
    const std::size_t count = std::min(room, fed_.size() - pushed_);
    if (count == 0) return;
    char* ring = supervisor_.kiosk_memory().writable(wire::kKioskRingOffset);
    for (std::size_t done = 0; done < count;) {
      const std::size_t slot = (pushed_ + done) & (wire::kInputRing - 1);
      const std::size_t piece = std::min(count - done, wire::kInputRing - slot);
      std::memcpy(ring + slot * sizeof(Record), &fed_[pushed_ + done], piece * sizeof(Record));
      done += piece;
    }
    auto& head = *reinterpret_cast<wire::KioskHead*>(supervisor_.kiosk_memory().writable());
    const uint64_t before = pushed_;
    pushed_ += count;
    head.head.store(pushed_, std::memory_order_release);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (supervisor_.head().taken.load(std::memory_order_relaxed) >= before) supervisor_.wake_child();
  }

  void set_state(LinkState state, const Messages& text) {
    if (told_ && state == state_ && text == text_) return;
    told_ = true;
    state_ = state;
    text_ = text;
    sink_.state(state, text);
  }

  const PluginInfo plugin_;
  Start start_;
  ModuleSink& sink_;
  std::vector<Record> fed_;
  KnownOutputs known_;
  std::optional<OutputRing> outputs_;
  std::size_t pushed_ = 0;  ///< records of fed_ in the present child's ring, ever
  uint64_t taken_ = 0;      ///< of these, taken by the child (checked copy)
  uint64_t child_done_seq_ = 0, done_seq_ = 0, catch_up_seq_ = 0, last_death_seq_ = 0;
  patella_view view_{};
  uint64_t view_seq_ = 0;
  LinkState state_ = LinkState::starting;
  Messages text_;
  bool told_ = false, ready_ = false, differed_ = false, more_ = false;
  Supervisor supervisor_;  // last: it may still call the above while it ends
};

}  // namespace

std::unique_ptr<ModuleLink> ModuleLink::make(const HostOptions& options, const PluginInfo& plugin, Start start,
                                             const Clock& clock, Log& log, ModuleSink& sink) {
  return std::make_unique<Module>(options, plugin, std::move(start), clock, log, sink);
}

}  // namespace patella::plugin_link
