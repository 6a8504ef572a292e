// Exercise module "Stationary bike": phases with a cadence band, on a bike that reports cadence.
//
// Time counts only while pedalling (shown cadence >= 10 rpm), not paused and not lost, and only between two
// cadence values at most 3 s apart (a pause may so cost the time since the last value); while the filter waits (cadence_filter.hpp) the time waits too and is then
// counted with the value that turned out to be true. Pedalling stopped for stop_after_s pauses by itself, pedalling for
// resume_after_s goes on. Work and mean power count only while power is known, the mean heart rate likewise.
#pragma once

#include <patella/sdk.hpp>

#include "cadence_filter.hpp"
#include "feedback.hpp"
#include "module_kit/set_schedule.hpp"
#include "ride.hpp"

namespace patella::cycling {

extern const patella_param kParams[4];

class Cycling {
 public:
  static constexpr patella_wanted_channel kChannels[] = {
      sdk::wanted("cadence", "Cadence", "rpm", true), sdk::wanted("power", "Power", "W", false),
      sdk::wanted("heart_rate", "Heart rate", "bpm", false), sdk::wanted("distance", "Distance", "m", false)};
  static constexpr patella_metric kMetrics[] = {sdk::session_metric("mean_cadence_rpm", "Mean cadence", "rpm", 0, true),
                                                sdk::session_metric("time_in_zone_s", "Time on target", "s", 0, true),
                                                sdk::session_metric("mean_power_w", "Mean power", "W", 0, true),
                                                sdk::session_metric("work_kj", "Work", "kJ", 1, true),
                                                sdk::session_metric("distance_m", "Distance", "m", 0, true),
                                                sdk::session_metric("mean_heart_rate_bpm", "Mean heart rate", "bpm", 0, true),
                                                sdk::session_metric("revolutions", "Revolutions", "", 0, true),
                                                sdk::session_metric("pedalling_s", "Time pedalled", "s", 0, false),
                                                sdk::session_metric("best_cadence_rpm", "Highest cadence", "rpm", 0, false)};

  /// The dose in words, one message a line.
  static std::string describe_dose(const sdk::Params& params);
  enum Channel : uint32_t { kCadence = 0, kPower = 1, kHeartRate = 2, kDistance = 3 };

  Cycling(sdk::ExerciseHost host, const sdk::Params& params, uint32_t present);

  void on_sample(const patella_sample& sample);
  void on_tick(int64_t t_us);
  void on_action(uint32_t action, int64_t t_us);
  void on_gap(uint32_t channel, bool lost, int64_t t_us);
  void fill_view(patella_view& view) const;

 private:
  /// The last value of a channel that is neither filtered nor counted by itself.
  struct Latest {
    bool known = false;
    double value = 0;
    int64_t t_us = 0;
  };

  void on_cadence(int64_t t_us, double rpm);
  void on_distance(double odometer_m);
  void count(int64_t t_us, const CadenceFilter::Outcome& outcome);
  void credit(Stretch stretch, double rpm, int64_t t_us);
  void follow(const module_kit::Turn& turn);
  void begin_riding(int64_t t_us);
  void watch_pedals(int64_t t_us);
  void pause_when_idle(int64_t t_us);
  void go_on(int64_t t_us, const char* reason);
  void give_feedback(int64_t t_us);
  void tell_phase(int64_t t_us);
  void tell_metrics();
  void forget_waiting() { waiting_ = Stretch{}; }
  void finish(int64_t t_us, const char* reason);

  bool has(Channel channel) const { return (present_ & (1u << channel)) != 0; }
  bool riding() const { return schedule_.step() == module_kit::Step::kWork && !paused_ && !auto_paused_; }
  bool cadence_known() const { return !cadence_lost_ && filter_.known(now_us_); }
  bool pedalling() const { return cadence_known() && filter_.rpm() >= kPedallingRpm; }
  double fresh(const Latest& latest, int64_t t_us) const;
  int64_t shown_done_us() const;
  std::string next_words() const;
  void fill_prompt(patella_view& view) const;
  void fill_timer(patella_view& view) const;
  void fill_readouts(patella_view& view) const;

  static constexpr double kPedallingRpm = 10;

  sdk::ExerciseHost host_;
  uint32_t present_;
  int64_t stop_after_us_;
  int64_t resume_after_us_;
  module_kit::SetSchedule schedule_;  // one set: used for the countdown
  Ride ride_;
  CadenceFilter filter_;
  bool cadence_lost_ = false;
  Latest power_, heart_rate_;
  ShortMean power_mean_;
  bool has_odometer_ = false;
  double odometer_m_ = 0;
  double distance_m_ = 0;

  int64_t now_us_ = 0;
  bool paused_ = false;       // by the pause action
  bool auto_paused_ = false;  // because pedalling stopped
  bool has_pedalled_ = false;
  bool idle_ = false;  // known not to pedal, since idle_since_us_
  int64_t idle_since_us_ = 0;
  int64_t pedalling_since_us_ = 0;
  bool has_cadence_us_ = false;
  int64_t cadence_us_ = 0;       // of the last cadence value
  int64_t riding_since_us_ = 0;  // nothing before it counts
  int64_t counted_until_us_ = 0;
  Stretch waiting_;  // time whose cadence the filter has not decided
  BandWatch band_;
  CeilingWatch power_ceiling_, heart_rate_ceiling_;
  Where where_ = Where::kInside;
  bool done_told_ = false;
  int64_t metrics_us_ = 0;
};

}  // namespace patella::cycling
