// A module as it was written for SDK 1.0, built against the frozen headers beside it: time held at or above a target.
#include <patella/sdk.hpp>

static_assert(PATELLA_ABI_MINOR == 0);

static constexpr patella_param kParams[] = {
    patella::sdk::real_param("force_low_n", "Force, from", "N", "The clock runs at or above this force.", 60, 1, 500),
    patella::sdk::real_param("force_high_n", "Force, to", "N", "0 = open.", 0, 0, 500),
    patella::sdk::duration_param("goal_s", "Time to hold", "All the time above the target, added up.", 3, 1, 600)};

class Module {
 public:
  static constexpr patella_wanted_channel kChannels[] = {patella::sdk::wanted("force", "N", true)};

  Module(patella::sdk::ExerciseHost host, const patella::sdk::Params& params, uint32_t)
      : host_(host), low_n_(params.real("force_low_n")), goal_s_(params.real("goal_s")) {}

  void on_sample(const patella_sample& sample) {
    if (running() && above_ && sample.t_us > last_us_) held_s_ += static_cast<double>(sample.t_us - last_us_) * 1e-6;
    last_us_ = sample.t_us;
    above_ = sample.value >= low_n_;
    if (running() && held_s_ >= goal_s_) finish(sample.t_us);
  }
  void on_tick(int64_t) {}
  void on_action(uint32_t action, int64_t t_us) {
    if (action == PATELLA_ACTION_START && phase_ == PATELLA_PHASE_WAITING) phase_ = PATELLA_PHASE_WORK;
    if (action == PATELLA_ACTION_PAUSE && running()) phase_ = PATELLA_PHASE_PAUSED;
    if (action == PATELLA_ACTION_RESUME && phase_ == PATELLA_PHASE_PAUSED) phase_ = PATELLA_PHASE_WORK;
    if (action == PATELLA_ACTION_END || action == PATELLA_ACTION_PAIN) finish(t_us);
  }
  void on_gap(uint32_t, bool, int64_t) { above_ = false; }
  void fill_view(patella_view& view) const {
    view.phase = phase_;
    patella::sdk::put_text(view.title, "Hold above the target");
    view.timer_s = goal_s_ > held_s_ ? goal_s_ - held_s_ : 0;
    view.timer_total_s = goal_s_;
  }

 private:
  bool running() const { return phase_ == PATELLA_PHASE_WORK; }
  void finish(int64_t t_us) {
    if (phase_ == PATELLA_PHASE_DONE) return;
    phase_ = PATELLA_PHASE_DONE;
    host_.metric("held_s", "s", held_s_);
    host_.event(patella::sdk::Event(PATELLA_EVENT_HOLD, t_us)
                    .count(held_s_ >= goal_s_)
                    .because(held_s_ >= goal_s_ ? "" : "ended_early")
                    .field("hold_s", held_s_));
    host_.event(patella::sdk::Event(PATELLA_EVENT_DONE, t_us));
    host_.cue(PATELLA_CUE_DONE, "Done");
  }

  patella::sdk::ExerciseHost host_;
  double low_n_, goal_s_, held_s_ = 0;
  int64_t last_us_ = 0;
  uint32_t phase_ = PATELLA_PHASE_WAITING;
  bool above_ = false;
};

PATELLA_EXERCISE(Module, "org.patella.test.module_1_0", "Module of 1.0", "1.0.0", kParams)
