// Seconds as the physio writes them, microseconds as the modules count them.
#pragma once

#include <cmath>
#include <cstdint>

namespace patella::module_kit {

inline int64_t to_us(double s) { return static_cast<int64_t>(std::floor(s * 1e6 + 0.5)); }
inline double to_s(int64_t us) { return static_cast<double>(us) / 1e6; }

}  // namespace patella::module_kit
