// How old a calibration is, and when staff are reminded.
#pragma once

#include <cstdint>
#include <span>

#include "base/message.hpp"

namespace patella::calibration {

/// Whole days from `made` to `now`; 0 when the clock was set back meanwhile.
int days_since(int64_t made_utc_us, int64_t now_utc_us);

struct Aged {
  Message device;  ///< sensor and serial number
  int64_t made_utc_us = 0;
};

/// What staff are told of those whose calibration is older than `limit_days` (0 = nobody is reminded): one
/// message for all, since a screen has room for few; empty when none is.
Message age_notice(std::span<const Aged> devices, int64_t now_utc_us, int limit_days);

}  // namespace patella::calibration
