#include "plugin_link/hang_watch.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/unique_fd.hpp"

namespace patella::plugin_link {
namespace {

constexpr int64_t kLateUs = 20'000;  ///< later than this at a look, the rest was not the child's fault

}  // namespace

void HangWatch::start(int64_t now_us, int64_t beat_us, int64_t starved) {
  on_ = true;
  beat_us_ = beat_us;
  starved_us_ = starved;
  looked_us_ = now_us;
  step_us_ = timeout_us_ / 2;
  silent_us_ = 0;
}

int64_t HangWatch::next_us() const { return on_ ? looked_us_ + step_us_ : INT64_MAX; }

bool HangWatch::look(int64_t now_us, int64_t beat_us, int64_t starved) {
  if (!on_ || now_us < next_us()) return false;
  if (beat_us != beat_us_) {
    start(now_us, beat_us, starved);
    return false;
  }
  const int64_t counted = std::min(now_us - looked_us_, step_us_ + kLateUs) - std::max<int64_t>(0, starved - starved_us_);
  silent_us_ += std::max<int64_t>(0, counted);
  starved_us_ = starved;
  looked_us_ = now_us;
  step_us_ = timeout_us_ / 8;  // the second half in small steps: a freeze inside one counts as one
  return silent_us_ >= timeout_us_;
}

int64_t starved_us(int pid) {
  char path[40], text[96] = {};
  std::snprintf(path, sizeof path, "/proc/%d/schedstat", pid);
  const UniqueFd file(open(path, O_RDONLY | O_CLOEXEC));
  if (!file || read(file.get(), text, sizeof text - 1) <= 0) return 0;
  unsigned long long ran_ns = 0, waited_ns = 0;
  if (std::sscanf(text, "%llu %llu", &ran_ns, &waited_ns) != 2) return 0;
  return static_cast<int64_t>(waited_ns / 1000);
}

}  // namespace patella::plugin_link
