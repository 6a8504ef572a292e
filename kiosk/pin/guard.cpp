#include "pin/guard.hpp"

#include <algorithm>
#include <array>

namespace patella::pin {

namespace {
constexpr int kFree = 4;
constexpr int64_t kSecondUs = 1'000'000;
constexpr std::array kWaitsUs{30 * kSecondUs, 60 * kSecondUs, 300 * kSecondUs, 900 * kSecondUs, 3600 * kSecondUs};
}  // namespace

int64_t wait_us(int failures) {
  if (failures <= kFree) return 0;
  return kWaitsUs[std::min(static_cast<std::size_t>(failures - kFree - 1), kWaitsUs.size() - 1)];
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
