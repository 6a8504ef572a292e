#include "pin/guard.hpp"

#include <algorithm>
#include <array>

namespace patella::pin {

namespace {
constexpr int kFree = 4;
constexpr int64_t kSecond_us = 1'000'000;
constexpr std::array kWaits_us{30 * kSecond_us, 60 * kSecond_us, 300 * kSecond_us, 900 * kSecond_us, 3600 * kSecond_us};
}  // namespace

int64_t wait_us(int failures) {
  if (failures <= kFree) return 0;
  return kWaits_us[std::min(static_cast<std::size_t>(failures - kFree - 1), kWaits_us.size() - 1)];
}

Guard::Guard(int failures_on_disk, int64_t now_us) { failed(failures_on_disk, now_us); }

void Guard::failed(int failures, int64_t now_us) {
  failures_ = failures;
  may_try_at_us_ = now_us + wait_us(failures);
}

void Guard::succeeded() {
  failures_ = 0;
  may_try_at_us_ = 0;
}

}  // namespace patella::pin
