#include "calibration/ageing.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace patella::calibration {

int days_since(int64_t made_utc_us, int64_t now_utc_us) {
  constexpr int64_t kDay_us = 86'400'000'000;
  return static_cast<int>(std::clamp<int64_t>((now_utc_us - made_utc_us) / kDay_us, 0, 1'000'000));
}

std::string age_notice(std::span<const Aged> devices, int64_t now_utc_us, int limit_days) {
  constexpr int kMostNamed = 4;
  std::string names;
  int due = 0;
  for (const Aged& device : devices) {
    const int days = days_since(device.made_utc_us, now_utc_us);
    if (limit_days <= 0 || days <= limit_days || ++due > kMostNamed) continue;
    names += fmt::format("{}{} ({} days old)", names.empty() ? "" : ", ", device.device, days);
  }
  if (due == 0) return "";
  if (due > kMostNamed) names += fmt::format(" and {} more", due - kMostNamed);
  return "Calibration is due: " + names + ": `patella calibrate`";
}

}  // namespace patella::calibration
