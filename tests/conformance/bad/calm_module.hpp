// A module without a fault. Each bad fixture is this one with a single mistake.
#pragma once

#include <patella/sdk.hpp>

namespace fixture {

using patella::sdk::ExerciseHost;
using patella::sdk::Params;

class CalmModule {
 public:
  static constexpr patella_wanted_channel kChannels[] = {patella::sdk::wanted("force", "N", true)};
  CalmModule(ExerciseHost host, const Params&, uint32_t) : host_(host) {}

  void on_sample(const patella_sample& sample) { peak_n_ = sample.value > peak_n_ ? sample.value : peak_n_; }
  void on_tick(int64_t t_us) {
    if (phase_ == PATELLA_PHASE_WORK && t_us > start_us_ + 25'000'000) finish(t_us);
  }
  void on_action(uint32_t action, int64_t t_us) {
    if (action == PATELLA_ACTION_START && phase_ == PATELLA_PHASE_WAITING) {
      phase_ = PATELLA_PHASE_WORK;
      start_us_ = t_us;
    }
    if (action == PATELLA_ACTION_END || action == PATELLA_ACTION_PAIN) finish(t_us);
  }
  void on_gap(uint32_t, bool, int64_t) {}
  void fill_view(patella_view& view) const {
    view.phase = phase_;
    patella::sdk::put_text(view.title, "Pull");
  }

 protected:
  void finish(int64_t t_us) {
    if (phase_ == PATELLA_PHASE_DONE) return;
    phase_ = PATELLA_PHASE_DONE;
    host_.metric("peak_n", "N", peak_n_);
    host_.event(patella::sdk::Event(PATELLA_EVENT_DONE, t_us));
  }
  ExerciseHost host_;
  double peak_n_ = 0;
  int64_t start_us_ = 0;
  uint32_t phase_ = PATELLA_PHASE_WAITING;
};

}  // namespace fixture

#define FIXTURE_MODULE(CLASS) PATELLA_EXERCISE(CLASS, "org.patella.fixture", "Fixture", "1.0.0", kPatellaNoParams)
