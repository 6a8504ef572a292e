// A module that counts: an event each 10th sample, a figure each tick, and mischief at the sample with the value 666.
#include <patella/sdk.hpp>

#include "mischief.hpp"

namespace {

using namespace patella::sdk;

using namespace faults::of_module;

constexpr double kTrigger = 666;

/// A restarted child finds its input in the ring; a first one is created before anything was fed.
bool input_waits() {
  const faults::Mapping page = faults::map(faults::kKioskPage, PROT_READ);
  return reinterpret_cast<const std::atomic<uint64_t>*>(page.at + 64)->load() > 0;
}

class FaultModule {
 public:
  static constexpr patella_wanted_channel kChannels[] = {wanted("force", "N", true)};

  FaultModule(ExerciseHost host, const Params& params, uint32_t)
      : host_(host), mischief_(params.integer("mischief")), reborn_(mischief_ == kOnce && input_waits()) {}

  void on_sample(const patella_sample& sample) {
    ++samples_;
    sum_ += sample.value;
    if (samples_ % (mischief_ == kQuiet ? 1000 : 10) == 0) tell(sample.t_us);
    if (sample.value == kTrigger) misbehave(sample.t_us);
  }
  void on_tick(int64_t t_us) {
    t_us_ = t_us;
    if (mischief_ != kQuiet) host_.metric("sum_n", "N", sum_);
    while (mischief_ == kEndlessOutputs) host_.metric("flood", "", 1);
    if (mischief_ == kManyOutputs)
      for (int i = 0; i < 3000; ++i) host_.cue(PATELLA_CUE_COUNT, "more than the ring holds");
  }
  void on_action(uint32_t action, int64_t t_us) {
    Event event(PATELLA_EVENT_NOTE, t_us);
    host_.event(event.named("action").field("action", action));
  }
  void on_gap(uint32_t, bool lost, int64_t t_us) {
    Event event(PATELLA_EVENT_NOTE, t_us);
    host_.event(event.named(lost ? "lost" : "back"));
  }
  void fill_view(patella_view& view) const {
    view.phase = PATELLA_PHASE_WORK;
    put_text(view.title, "Counting");
    view.rep_index = static_cast<int32_t>(samples_);
    view.readout_count = 1;
    view.readouts[0] = readout("force", "Force", "N");
    view.readouts[0].value = sum_;
    if (mischief_ == kBadView && bad_) view.readout_count = 77;
  }

 private:
  void tell(int64_t t_us) {
    const double value = mischief_ == kDiffers ? static_cast<double>(getpid()) : static_cast<double>(host_.random() % 1000);
    Event event(PATELLA_EVENT_REP, t_us);
    host_.event(event.of_set(1, PATELLA_SIDE_NONE).number(static_cast<int>(samples_ / 10)).count(true).field("random", value));
  }
  void misbehave(int64_t t_us) {
    bad_ = true;
    if (mischief_ == kOnce && !reborn_) std::abort();
    if (mischief_ == kBadOutput) {
      patella_event event = Event(PATELLA_EVENT_NOTE, t_us);
      event.kind = 99;
      host_.event(event);
    }
    if (mischief_ < faults::kFirstOwn) faults::commit(mischief_);
  }

  ExerciseHost host_;
  int mischief_;
  bool reborn_, bad_ = false;
  int64_t samples_ = 0, t_us_ = 0;
  double sum_ = 0;
};

constexpr patella_param kParams[] = {int_param("mischief", "Mischief", "", "What it does", 0, 0, 100)};

}  // namespace

PATELLA_EXERCISE(FaultModule, "org.patella.test.fault_module", "Fault module", "1.0.0", kParams)
