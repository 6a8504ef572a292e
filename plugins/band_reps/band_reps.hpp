// Exercise module "Band repetitions": sets of pulls against a band whose force is measured.
//
// Each set begins with a tare (tare.hpp), which stands for the whole set. What the band does until it is known is kept and
// judged then, so no repetition is lost to it; a band that is never slack is not tared, and nothing is counted,
// unless the physio allows the load at rest as the zero. How a repetition is found: rep_detector.hpp. It is marked and spoken when it has been
// reached at its top, and told as an event when it is over; a set ends when its last repetition is over. END,
// PAIN, a pause and a lost sensor cut a repetition short: it then counts if it had been reached.
#pragma once

#include <string>
#include <vector>

#include <patella/sdk.hpp>

#include "module_kit/dose.hpp"
#include "module_kit/force_filter.hpp"
#include "module_kit/set_runner.hpp"
#include "module_kit/wild_readings.hpp"
#include "rep_detector.hpp"
#include "tare.hpp"

namespace patella::band_reps {

using module_kit::Force;

extern const patella_param kParams[20];

class BandReps {
 public:
  static constexpr patella_wanted_channel kChannels[] = {sdk::wanted("force", "Force", "N", true)};
  static constexpr patella_metric kMetrics[] = {
      sdk::session_metric("best_peak_n", "Highest force", "N", 0, true),
      sdk::session_metric("mean_peak_n", "Mean of the peaks", "N", 0, true),
      sdk::session_metric("reps_counted", "Repetitions that count", "", 0, false),
      sdk::session_metric("reps_not_counted", "Repetitions that do not count", "", 0, false),
      sdk::session_metric("impulse_ns", "Impulse", "N·s", 0, false)};
  static constexpr patella_reason kReasons[] = {module_kit::kLeftTarget,
                                                sdk::reason("too_weak", "The target was not reached: pull further"),
                                                sdk::reason("above_target", "Force went above the target: pull a little less"),
                                                sdk::reason("too_short", "Too quick: move more slowly"),
                                                sdk::reason("not_released", "Let the band go fully slack between repetitions"),
                                                sdk::reason("too_long", "Too slow: move a little faster"),
                                                sdk::reason("sensor_lost", "Sensor lost: this one was not measured"),
                                                sdk::reason("paused", "Interrupted by a pause"),
                                                module_kit::kEndedEarly,
                                                module_kit::kEnded,
                                                module_kit::kPain};

  /// The dose in words, one message a line.
  static std::string describe_dose(const sdk::Params& params);
  enum Channel : uint32_t { kForce = 0 };

  BandReps(sdk::ExerciseHost host, const sdk::Params& params, uint32_t present);

  void on_sample(const patella_sample& sample);
  void on_tick(int64_t t_us);
  void on_action(uint32_t action, int64_t t_us);
  void on_gap(uint32_t channel, bool lost, int64_t t_us);
  void fill_view(patella_view& view) const;

 private:
  void sort(const module_kit::SortedForces& forces);
  void take(const Force& force);
  void judge_kept();
  void detect(const Force& force);
  void speak();
  void close_rep(const Rep& rep, const std::string& reason);
  void note_refused(const Force& force);
  void note_rest_load(int64_t t_us);
  void interrupt(int64_t t_us, const std::string& reason);
  void follow(const module_kit::Turn& turn);
  void begin_detecting(int64_t t_us, bool set_begins);
  void finish(int64_t t_us, const std::string& reason);
  void tell_metrics();

  bool in_set(int64_t t_us) const { return runner_.schedule().working() && t_us >= work_since_us_; }
  double shown_n() const { return last_.n - tare_.baseline_n(); }
  std::string prompt() const;
  std::string not_tared_words() const;
  void fill_work(patella_view& view) const;
  void fill_feedback(patella_view& view) const;
  void fill_timer(patella_view& view) const;
  void fill_marks(patella_view& view) const;
  void fill_force(patella_view& view) const;

  sdk::ExerciseHost host_;
  int reps_;
  int64_t tempo_up_us_, tempo_down_us_;
  RepRules rules_;
  std::vector<std::string> contradictions_;  // among the parameters, in words; told in the log and at the start
  module_kit::SetRunner runner_;
  module_kit::ForceFilter filter_;
  module_kit::WildReadings wild_;
  Tare tare_;
  RepDetector detector_;
  std::vector<Force> kept_;  // since the set began, while the tare is sought

  int64_t now_us_ = 0;
  bool lost_ = false;
  bool has_last_ = false;
  Force last_;
  int64_t work_since_us_ = 0;
  int64_t set_since_us_ = 0;
  bool reached_told_ = false, zone_told_ = false;

  int counted_ = 0;                // in this set
  std::vector<uint8_t> verdicts_;  // enum patella_mark, each repetition of this set that is over
  std::string last_reason_;        // why the last one did not count; "" when it did
  std::string advice_;             // the same in words for the client, with what to do
  int counted_total_ = 0, not_counted_total_ = 0;
  double peak_sum_n_ = 0, best_peak_n_ = 0, impulse_sum_ns_ = 0;
};

}  // namespace patella::band_reps
