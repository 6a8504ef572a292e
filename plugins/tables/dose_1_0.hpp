// What a module of SDK 1.0 has its client do, from its declared parameters: it had no words of its own for it.
#pragma once

#include <patella/exercise.h>

#include <span>
#include <string>

namespace patella::tables {

/// One message a line, as of patella_exercise.describe_dose: "label: value unit" of each scalar and of each row of a list, in the
/// order of the table, at most kMaxDoseLines. Left out is what says nothing: an upper end of 0, which means open; a text that is
/// empty; a switch that is off. One that is on is its label alone.
std::string dose_of_1_0(std::span<const patella_param> params, std::span<const patella_value> values);

inline constexpr int kMaxDoseLines = 8;  ///< as many as are legible beside the figure

}  // namespace patella::tables
