// What a client reads after a repetition that did not count: what happened, and what to do at the next one.
#pragma once

#include <cmath>
#include <string>

#include "module_kit/reason_words.hpp"
#include "rep_detector.hpp"

namespace patella::band_reps {

/// "" when it counted, or when its end was somebody's wish.
inline std::string advice_words(const Rep& rep, const std::string& reason, const RepRules& rules) {
  if (reason.empty() || reason == "paused" || reason == "ended_early" || reason == "pain") return "";
  if (reason == reason_of(Verdict::kNotReleased)) return PATELLA_TEXT("Let the band go fully slack between repetitions");
  if (reason == reason_of(Verdict::kTooShort)) return PATELLA_TEXT("Too quick to count: move more slowly");
  if (reason == reason_of(Verdict::kTooWeak) && rep.peak_n < rules.low_n)
    return sdk::message("Force reached {0} of {1}: pull further", sdk::number(std::floor(rep.peak_n), 0, "N"),
                        sdk::number(std::floor(rules.low_n + 0.5), 0, "N"));
  if (reason == reason_of(Verdict::kTooWeak)) return PATELLA_TEXT("The target was not reached: pull further");
  if (reason == reason_of(Verdict::kAboveTarget)) return PATELLA_TEXT("Force went above the target: pull a little less");
  if (reason == reason_of(Verdict::kLeftBand)) return module_kit::left_target_words(rep.hold_us, rules.hold_us);
  if (reason == reason_of(Verdict::kTooLong)) return PATELLA_TEXT("Too slow to count: move a little faster");
  if (reason == "sensor_lost") return PATELLA_TEXT("Sensor lost: this one was not measured");
  return "";
}

}  // namespace patella::band_reps
