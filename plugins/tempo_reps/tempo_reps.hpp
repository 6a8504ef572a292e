// Exercise module "Paced repetitions": the client follows a guide through lift, hold and lower, set by set and side by side. What the
// guide went through is recorded as paced, and never as a repetition that was counted. A force is welcome: it is shown as the device
// gives it, without wild readings (module_kit/force_filter.hpp), and does not move the guide.
#pragma once

#include <string>

#include <patella/sdk.hpp>

#include "module_kit/dose.hpp"
#include "module_kit/force_filter.hpp"
#include "module_kit/set_runner.hpp"
#include "module_kit/wild_readings.hpp"
#include "pace_clock.hpp"

namespace patella::tempo_reps {

extern const patella_param kParams[11];

class TempoReps {
 public:
  static constexpr patella_wanted_channel kChannels[] = {sdk::wanted("force", "Force", "N", false)};
  static constexpr patella_metric kMetrics[] = {sdk::session_metric("reps_paced", "Repetitions, paced", "", 0, true),
                                                sdk::session_metric("paced_s", "Time at the pace", "s", 0, false)};
  static constexpr patella_reason kReasons[] = {module_kit::kEnded, module_kit::kPain};

  /// The dose in words, one message a line.
  static std::string describe_dose(const sdk::Params& params);

  TempoReps(sdk::ExerciseHost host, const sdk::Params& params, uint32_t present);

  void on_sample(const patella_sample& sample);
  void on_tick(int64_t t_us);
  void on_action(uint32_t action, int64_t t_us);
  void on_gap(uint32_t channel, bool lost, int64_t t_us);
  void fill_view(patella_view& view) const;

 private:
  void sort(const module_kit::SortedForces& forces);
  void advance(int64_t t_us);
  void follow(const module_kit::Turn& turn);
  void say_part();
  void close_set(int64_t t_us);
  void finish(int64_t t_us, const std::string& reason);
  void fill_work(patella_view& view) const;
  void fill_force(patella_view& view) const;

  sdk::ExerciseHost host_;
  Pace pace_;
  module_kit::SetRunner runner_;
  PaceClock clock_;
  module_kit::ForceFilter filter_;
  module_kit::WildReadings wild_;
  bool has_force_ = false, lost_ = false;
  double force_n_ = 0;
  int said_rep_ = -1, said_part_ = -1;  ///< the part that was said last
  int reps_paced_ = 0;                  ///< in sets that are over
  int64_t paced_us_ = 0;
};

}  // namespace patella::tempo_reps
