// The answers of a Kettler bike, line by line. Pure: text in, values out.
// Source: status lines of real bikes as their owners published them; kettlerUSB2BLE and GoldenCheetah's
// notes.
#pragma once

#include <optional>
#include <string_view>

namespace patella::kettler {

struct Status {
  double heart_rate_bpm = 0;  ///< 0 = no belt
  double cadence_rpm = 0;
  double speed_m_s = 0;   ///< the bike tells 0.1 km/h
  double distance_m = 0;  ///< the bike tells 0.1 km
  double target_w = 0;    ///< what the bike is set to
  double energy_kj = 0;
  double time_s = 0;  ///< the bike's own work time
  double power_w = 0;
};

/// Eight fields, separated by a TAB, on some models by spaces: heart rate, cadence, speed, distance, target,
/// energy, mm:ss, power. Nothing when a field is missing, is not one to five digits (two and two for the
/// time; three to five where the bike fills with zeros, so that a cut field is known), or is more than a bike
/// can do.
std::optional<Status> read_status(std::string_view line);
/// It is the answer of a bike to the question for its status, whether its values can be read or not.
bool looks_like_status(std::string_view line);

/// What the bike may say to anything else.
enum class Answer { error, acknowledged, other };
/// "ERROR" = the command is not known; "ACK" and "RUN" = done.
Answer read_answer(std::string_view line);

}  // namespace patella::kettler
