// What set-based modules say of their dose, a line each, and the reasons that all of them give.
#pragma once

#include <cmath>
#include <string>

#include <patella/sdk.hpp>

namespace patella::module_kit {

/// With as many decimals as it needs, at most two: 2 s, 2.5 s.
inline sdk::Argument exact(double value, std::string_view unit = "") {
  int decimals = 0;
  for (double scaled = value; decimals < 2 && std::fabs(scaled - std::floor(scaled + 0.5)) > 1e-6; scaled *= 10) ++decimals;
  return sdk::number(value, decimals, unit);
}

/// "Target 40 N to 80 N", "Target from 40 N", "Target up to 80 N"; "" without a target. An edge of 0 is open.
inline std::string target_line(double low_n, double high_n) {
  if (low_n > 0 && high_n > low_n) return sdk::message("Target {0} to {1}", exact(low_n, "N"), exact(high_n, "N"));
  if (low_n > 0) return sdk::message("Target from {0}", exact(low_n, "N"));
  if (high_n > 0) return sdk::message("Target up to {0}", exact(high_n, "N"));
  return "";
}

/// "" where there is none.
inline std::string rest_line(int sets, double rest_s) {
  return sets > 1 && rest_s > 0 ? sdk::message("{0} rest between sets", exact(rest_s, "s")) : "";
}

inline constexpr patella_reason kLeftTarget = sdk::reason("left_target", "Force left the target too soon: hold it longer");
inline constexpr patella_reason kEndedEarly = sdk::reason("ended_early", "Ended early");
inline constexpr patella_reason kEnded = sdk::reason("ended", "Ended early");
inline constexpr patella_reason kPain = sdk::reason("pain", "Stopped for pain");

}  // namespace patella::module_kit
