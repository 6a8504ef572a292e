// What a client reads after a repetition that did not count: what happened, and what to do at the next one.
#pragma once

#include <string>

#include "module_kit/reason_words.hpp"
#include "rep_detector.hpp"

namespace patella::band_reps {

/// "" when it counted, or when its end was somebody's wish.
inline std::string advice_words(const Rep& rep, const std::string& reason, const RepRules& rules) {
  const auto whole = [](double n) { return std::to_string(static_cast<int>(n + 0.5)); };
  if (reason.empty() || reason == "paused" || reason == "ended_early" || reason == "pain") return "";
  if (reason == reason_of(Verdict::kNotReleased)) return "Let the band go fully slack between repetitions";
  if (reason == reason_of(Verdict::kTooShort)) return "Too quick to count: move more slowly";
  if (reason == reason_of(Verdict::kTooWeak) && rep.peak_n < rules.low_n)
    return "Force reached " + std::to_string(static_cast<int>(rep.peak_n)) + " N of " + whole(rules.low_n) + " N: pull further";
  if (reason == reason_of(Verdict::kTooWeak)) return "The target was not reached: pull further";
  if (reason == reason_of(Verdict::kAboveTarget)) return "Force went above the target: pull a little less";
  if (reason == reason_of(Verdict::kLeftBand)) return module_kit::left_target_words(rep.hold_us, rules.hold_us);
  if (reason == reason_of(Verdict::kTooLong)) return "Too slow to count: move a little faster";
  if (reason == "sensor_lost") return "Sensor lost: this one was not measured";
  return "Not counted: " + reason;
}

}  // namespace patella::band_reps
