// What a Concept2 monitor is asked and what it answers, as values. Pure.
// Source: Concept2 PM CSAFE Communication Definition, rev 0.25 and 0.27. Public commands and those inside
// wrapper 1A answer with the low byte first, the proprietary wrappers 76, 77, 7E, 7F with the high byte
// first.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace patella::concept2_pm5 {

/// Contents of the requests, for encode_report().
std::vector<uint8_t> ask_version();
std::vector<uint8_t> ask_serial();
std::vector<uint8_t> ask_machine_type();
std::vector<uint8_t> ask_status();
/// Time, distance, cadence, power, heart rate, and the state block: the request sent ten times a second.
std::vector<uint8_t> ask_values();

/// Bits 3–0 of the status byte.
enum class MachineState : uint8_t {
  error = 0,
  ready = 1,
  idle = 2,
  have_id = 3,
  in_use = 5,
  pause = 6,
  finish = 7,
  manual = 8,
  offline = 9
};

struct Version {
  int manufacturer = 0, device_class = 0, model = 0, hardware = 0, software = 0;
};

/// One answer. What was not in it, or had another length or unit than documented, is empty.
struct Answer {
  bool toggle = false;  ///< flips with every frame the monitor answers
  int previous = 0;     ///< of the frame before: 0 ok, 1 rejected, 2 bad, 3 not ready
  uint8_t state = 0;    ///< MachineState; values not listed there are possible
  std::optional<Version> version;
  std::optional<std::string> serial;  ///< nine characters
  std::optional<int> machine_type;    ///< C0…C2 bike, E2 multi-erg bike, 0…8 rower, 80 ski
  std::optional<double> cadence_rpm;  ///< A7: strokes a minute on a rower
  std::optional<double> power_w;      ///< B4, in watts
  bool power_in_other_unit = false;
  std::optional<int> heart_rate_bpm;  ///< B0; 0 = no belt
  std::optional<double> distance_m;   ///< 1A A3 in 0.1 m, else A1
  bool distance_is_coarse = false;    ///< told in whole kilometres only
  std::optional<double> time_s;       ///< 1A A0 in 0.01 s, else A0
  std::optional<int> workout_state;   ///< 1A 8D: 0 wait, 1 work, 2 count-down, 3 rest, 4–9 intervals, 10 end,
                                      ///< 11 ended early, 12 logged, 13 re-arm
  std::optional<int> stroke_state;    ///< 1A BF
  bool has_values() const { return cadence_rpm || power_w || workout_state; }
};

/// Contents of a frame. Empty when the blocks in it do not fit its length.
std::optional<Answer> read_answer(std::span<const uint8_t> contents);

}  // namespace patella::concept2_pm5
