// Exercise module "Timed hold": sets of one hold each, by the clock alone or only while a force is in its band.
// Rules of the clock: hold_clock.hpp. Force is taken as the device gives it (tared by the device), without wild readings
// (module_kit/force_filter.hpp).
#pragma once

#include <string>

#include <patella/sdk.hpp>

#include "hold_clock.hpp"
#include "module_kit/dose.hpp"
#include "module_kit/force_filter.hpp"
#include "module_kit/set_runner.hpp"
#include "module_kit/wild_readings.hpp"

namespace patella::hold {

extern const patella_param kParams[10];

class Hold {
 public:
  static constexpr patella_wanted_channel kChannels[] = {sdk::wanted("force", "Force", "N", false)};
  static constexpr patella_metric kMetrics[] = {sdk::session_metric("held_s", "Time held", "s", 0, true),
                                                sdk::session_metric("holds_counted", "Holds that count", "", 0, true)};
  static constexpr patella_reason kReasons[] = {module_kit::kLeftTarget, module_kit::kEndedEarly, module_kit::kEnded,
                                                module_kit::kPain};

  /// The dose in words, one message a line.
  static std::string describe_dose(const sdk::Params& params);
  enum Channel : uint32_t { kForce = 0 };

  Hold(sdk::ExerciseHost host, const sdk::Params& params, uint32_t present);

  void on_sample(const patella_sample& sample);
  void on_tick(int64_t t_us);
  void on_action(uint32_t action, int64_t t_us);
  void on_gap(uint32_t channel, bool lost, int64_t t_us);
  void fill_view(patella_view& view) const;

 private:
  void sort(const module_kit::SortedForces& forces);
  void take(const module_kit::Force& force);
  void tell_notes(int64_t t_us);
  void follow(const module_kit::Turn& turn);
  void close_when_over(int64_t t_us);
  void tell_hold(int64_t t_us, const std::string& reason);
  void finish(int64_t t_us, const std::string& hold_reason, const std::string& set_reason);
  void fill_work(patella_view& view) const;
  void fill_feedback(patella_view& view) const;
  void fill_force(patella_view& view) const;
  bool force_known() const { return has_force_ && !lost_; }

  sdk::ExerciseHost host_;
  bool present_;
  bool wants_gate_;
  HoldSettings settings_;
  std::string contradiction_;  // among the parameters, in words; "" = none
  std::string advice_;         // what became of the last hold and what to do; "" = it counted
  module_kit::SetRunner runner_;
  HoldClock clock_;
  module_kit::ForceFilter filter_;
  module_kit::WildReadings wild_;
  int64_t work_since_us_ = 0;
  bool has_force_ = false;
  bool lost_ = false;
  double force_n_ = 0;
  int held_count_ = 0;
  double held_total_s_ = 0;
};

}  // namespace patella::hold
