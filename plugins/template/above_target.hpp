// Hold a force at or above the target set by the physio until the time is full. What is below does not count.
#pragma once

#include <patella/sdk.hpp>

class AboveTarget {
 public:
  static constexpr patella_wanted_channel kChannels[] = {patella::sdk::wanted("force", "Force", "N", true)};
  static constexpr patella_metric kMetrics[] = {
      patella::sdk::session_metric("time_above_s", "Time above the target", "s", 0, true)};
  static constexpr patella_param kParams[] = {
      patella::sdk::real_param("target_n", "Target force", "N", "The clock runs at or above this force.", 60, 1, 500),
      patella::sdk::duration_param("goal_s", "Time to hold", "All the time above the target, added up.", 30, 1, 600)};

  /// What the client is to do, in words.
  static std::string describe_dose(const patella::sdk::Params& params) {
    return patella::sdk::message("Hold above {0} for {1}", patella::sdk::number(params.real("target_n"), 0, "N"),
                                 patella::sdk::duration(params.real("goal_s")));
  }

  AboveTarget(patella::sdk::ExerciseHost host, const patella::sdk::Params& params, uint32_t)
      : host_(host), target_n_(params.real("target_n")), goal_s_(params.real("goal_s")) {}

  void on_sample(const patella_sample& sample) {
    if (running() && above_ && sample.t_us > last_us_) held_s_ += static_cast<double>(sample.t_us - last_us_) * 1e-6;
    last_us_ = sample.t_us;
    force_n_ = sample.value;
    above_ = force_n_ >= target_n_;
    if (running() && held_s_ >= goal_s_) finish(sample.t_us);
  }
  void on_tick(int64_t) {}
  void on_action(uint32_t action, int64_t t_us) {
    if (action == PATELLA_ACTION_START && phase_ == PATELLA_PHASE_WAITING) phase_ = PATELLA_PHASE_WORK;
    if (action == PATELLA_ACTION_PAUSE && running()) phase_ = PATELLA_PHASE_PAUSED;
    if (action == PATELLA_ACTION_RESUME && phase_ == PATELLA_PHASE_PAUSED) phase_ = PATELLA_PHASE_WORK;
    if (action == PATELLA_ACTION_END || action == PATELLA_ACTION_PAIN) finish(t_us);
  }
  void on_gap(uint32_t, bool, int64_t) {
    above_ = false;  // nothing is held that was not measured
    force_n_ = patella::sdk::kNone;
  }
  void fill_view(patella_view& view) const {
    view.phase = phase_;
    patella::sdk::put_text(view.title, PATELLA_TEXT("Hold above the target"));
    patella::sdk::put_text(view.feedback, running() ? (above_ ? PATELLA_TEXT("On target") : PATELLA_TEXT("Pull harder")) : "");
    view.tone = !running() ? PATELLA_TONE_NEUTRAL : above_ ? PATELLA_TONE_ON_TARGET : PATELLA_TONE_LOW;
    view.readouts[0] = patella::sdk::readout("force", "Force", "N");
    view.readouts[0].value = force_n_;
    view.readouts[0].channel = 0;
    view.readouts[0].role = PATELLA_ROLE_PRIMARY;
    view.readouts[0].target_low = target_n_;
    view.readouts[0].target_high = view.readouts[0].scale_high = 2 * target_n_;
    view.readout_count = 1;
    patella::sdk::put_text(view.timer_label, PATELLA_TEXT("Time left"));
    view.timer_s = goal_s_ > held_s_ ? goal_s_ - held_s_ : 0;
    view.timer_total_s = goal_s_;
    view.timer_rate = running() && above_ ? -1 : 0;
  }

 private:
  bool running() const { return phase_ == PATELLA_PHASE_WORK; }
  void finish(int64_t t_us) {
    if (phase_ == PATELLA_PHASE_DONE) return;
    phase_ = PATELLA_PHASE_DONE;
    host_.metric("time_above_s", "s", held_s_);
    host_.event(patella::sdk::Event(PATELLA_EVENT_DONE, t_us));
  }

  patella::sdk::ExerciseHost host_;
  double target_n_, goal_s_, held_s_ = 0, force_n_ = patella::sdk::kNone;
  int64_t last_us_ = 0;
  uint32_t phase_ = PATELLA_PHASE_WAITING;
  bool above_ = false;
};
