// What SDK 1.0 said by the spelling of keys, and what the kiosk of 1.0 knew of the figures and reasons of modules.
#pragma once

#include <patella/exercise.h>

#include <deque>
#include <span>
#include <string>
#include <vector>

namespace patella::tables {

/// Sets flags and `less_than` of the parameters of one table by their keys. `kept`: where the keys of partners live.
void read_spelling(std::vector<patella_param>& params, std::deque<std::string>& kept);
/// How many decimals a value of that unit is shown with.
int32_t decimals_of(const char* unit);

std::span<const patella_metric> metrics_of_1_0();
std::span<const patella_reason> reasons_of_1_0();

}  // namespace patella::tables
