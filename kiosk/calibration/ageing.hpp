// How old a calibration is, and when staff are reminded.
#pragma once

#include <cstdint>
#include <string>

namespace patella::calibration {

/// Whole days from `made` to `now`; 0 when the clock was set back meanwhile.
int days_since(int64_t made_utc_us, int64_t now_utc_us);

/// What staff are told when the calibration is older than `limit_days` (0 = nobody is reminded); else "". `device` names
/// sensor and serial number.
std::string age_notice(const std::string& device, int64_t made_utc_us, int64_t now_utc_us, int limit_days);

}  // namespace patella::calibration
