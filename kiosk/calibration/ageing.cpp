#include "calibration/ageing.hpp"

#include <algorithm>
#include <vector>

namespace patella::calibration {

int days_since(int64_t made_utc_us, int64_t now_utc_us) {
  constexpr int64_t kDayUs = 86'400'000'000;
  return static_cast<int>(std::clamp<int64_t>((now_utc_us - made_utc_us) / kDayUs, 0, 1'000'000));
}

Message age_notice(std::span<const Aged> devices, int64_t now_utc_us, int limit_days) {
  constexpr int kMaxNamed = 4;
  std::vector<Message> names;
  int due = 0;
  for (const Aged& device : devices) {
    const int days = days_since(device.made_utc_us, now_utc_us);
    if (limit_days <= 0 || days <= limit_days || ++due > kMaxNamed) continue;
    names.push_back(Message("{0} ({1})", device.device, Message::plural("{0} day old", "{0} days old", days)));
  }
  if (due == 0) return {};
  if (due > kMaxNamed)
    return Message("Calibration is due: {0} and {1} more: `patella calibrate`", in_a_row(names), due - kMaxNamed);
  return Message("Calibration is due: {0}: `patella calibrate`", in_a_row(names));
}

}  // namespace patella::calibration
