#include "calibration/ageing.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace patella::calibration {

int days_since(int64_t made_utc_us, int64_t now_utc_us) {
  constexpr int64_t kDay_us = 86'400'000'000;
  return static_cast<int>(std::clamp<int64_t>((now_utc_us - made_utc_us) / kDay_us, 0, 1'000'000));
}

std::string age_notice(const std::string& device, int64_t made_utc_us, int64_t now_utc_us, int limit_days) {
  if (limit_days <= 0) return "";
  const int days = days_since(made_utc_us, now_utc_us);
  if (days <= limit_days) return "";
  return fmt::format("{} was calibrated {} days ago; the site's limit is {}", device, days, limit_days);
}

}  // namespace patella::calibration
