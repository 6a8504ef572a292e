#include "spelling_1_0.hpp"

#include <array>
#include <string_view>

namespace patella::tables {
namespace {

struct Larger {
  std::string key;  // "" = none
  bool may_be_equal = false;
};

/// force_low_n … force_high_n, min_rep_s … max_rep_s, release_force_n … start_force_n … force_low_n.
Larger larger_of(const std::string& key) {
  if (const auto at = key.find("_low_"); at != std::string::npos) return {key.substr(0, at) + "_high_" + key.substr(at + 5)};
  if (key.starts_with("min_")) return {"max_" + key.substr(4)};
  if (key.starts_with("release_")) return {"start_" + key.substr(8)};
  const auto unit = key.rfind('_');
  if (key.starts_with("start_") && unit > 6) return {key.substr(6, unit - 6) + "_low" + key.substr(unit), true};
  return {};
}

bool has(const std::vector<patella_param>& params, const std::string& key) {
  for (const patella_param& param : params)
    if (param.key && key == param.key) return true;
  return false;
}

constexpr patella_metric metric_1_0(const char* key, const char* label, const char* unit, int32_t decimals) {
  return {sizeof(patella_metric), key, label, unit, decimals, 1};
}
constexpr patella_metric kMetrics[] = {metric_1_0("best_peak_n", "Highest force", "N", 0),
                                       metric_1_0("mean_peak_n", "Mean of the peaks", "N", 0),
                                       metric_1_0("held_s", "Time held", "s", 1),
                                       metric_1_0("holds_counted", "Holds that count", "", 0),
                                       metric_1_0("mean_cadence_rpm", "Mean cadence", "rpm", 0),
                                       metric_1_0("time_in_zone_s", "Time on target", "s", 0),
                                       metric_1_0("mean_power_w", "Mean power", "W", 0),
                                       metric_1_0("work_kj", "Work", "kJ", 1),
                                       metric_1_0("distance_m", "Distance", "m", 0),
                                       metric_1_0("mean_heart_rate_bpm", "Mean heart rate", "bpm", 0),
                                       metric_1_0("revolutions", "Revolutions", "", 0)};

constexpr patella_reason reason_1_0(const char* id, const char* sentence) { return {sizeof(patella_reason), id, sentence}; }
constexpr patella_reason kReasons[] = {reason_1_0("left_target", "Force left the target too soon: hold it longer"),
                                       reason_1_0("too_weak", "The target was not reached: pull further"),
                                       reason_1_0("above_target", "Force went above the target: pull a little less"),
                                       reason_1_0("too_short", "Too quick: move more slowly"),
                                       reason_1_0("not_released", "Let the band go fully slack between repetitions"),
                                       reason_1_0("too_long", "Too slow: move a little faster"),
                                       reason_1_0("sensor_lost", "Sensor lost: this one was not measured"),
                                       reason_1_0("paused", "Interrupted by a pause"),
                                       reason_1_0("ended_early", "Ended early"),
                                       reason_1_0("pain", "Stopped for pain")};

}  // namespace

void read_spelling(std::vector<patella_param>& params, std::deque<std::string>& kept) {
  for (patella_param& param : params) {
    if (!param.key) continue;
    const std::string key = param.key;
    if (param.type == PATELLA_PARAM_TEXT && key.ends_with("_key")) param.flags |= PATELLA_PARAM_SECRET;
    if (param.type == PATELLA_PARAM_CHOICE && key == "line_speed") param.flags |= PATELLA_PARAM_LINE_SPEED;
    const Larger larger = larger_of(key);
    if (larger.key.empty() || !has(params, larger.key)) continue;
    param.less_than = kept.emplace_back(larger.key).c_str();
    if (larger.may_be_equal) param.flags |= PATELLA_PARAM_OR_EQUAL;
  }
}

int32_t decimals_of(const char* unit) {
  constexpr std::array<std::string_view, 5> kWhole = {"", "rpm", "W", "bpm", "%"};
  for (const std::string_view whole : kWhole)
    if (!unit || whole == unit) return 0;
  return 1;
}

std::span<const patella_metric> metrics_of_1_0() { return kMetrics; }
std::span<const patella_reason> reasons_of_1_0() { return kReasons; }

}  // namespace patella::tables
