// From raw counts to volts to newtons: the Go!Link's own correction and the calibration a probe carries.
// Pure. Source: VernierST/GoIO_SDK, GSensorDDSMem.h, GSkipComm.h, GMBLSensor.cpp.
#pragma once

#include <optional>
#include <string>

#include "packet.hpp"

namespace patella::go_link {

enum class Input : uint8_t {
  ten_volt = 1,   ///< VIN: probes of ±10 V
  five_volt = 2,  ///< VIN_LOW: probes of 0 … 5 V
};

/// The Go!Link's flash record, 20 bytes, big-endian: corrects the raw counts of each input.
struct Correction {
  double offset = 0, slope = 1;
};
inline constexpr uint8_t kFlashBytes = 20;
/// None is needed when the record has no signature or makes no sense: offset 0, slope 1.
Correction read_correction(std::span<const uint8_t> flash, Input input);

/// V of corrected counts.
double volts(int raw, Input input, const Correction& correction);

/// What a probe with a memory says about itself, 128 bytes.
struct Probe {
  int number = 0;  ///< type of sensor
  std::string name;
  Input input = Input::five_volt;
  bool is_force = false;        ///< its unit is one of force
  double a = 0, b = 0, c = 0;   ///< N = a + b·V + c·V²
  double min_n = 0, max_n = 0;  ///< equal: not known
};
inline constexpr uint8_t kProbeBytes = 128;
/// Probes with a smaller number carry no memory.
inline constexpr int kFirstWithMemory = 20;
/// Empty when the record is blank, its checksum is wrong, or its calibration is neither linear nor quadratic.
std::optional<Probe> read_probe(std::span<const uint8_t> record);

}  // namespace patella::go_link
