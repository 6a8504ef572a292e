#include "calibration/steady.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace patella::calibration {

namespace {
constexpr int64_t kMostKept = 4096;
}

void Steady::add(int64_t t_us, double value) {
  if (!std::isfinite(value) || (!kept_.empty() && t_us - kept_.back().t_us > window_us())) kept_.clear();
  if (!std::isfinite(value)) return;
  if (!kept_.empty() && t_us - kept_.back().t_us < window_us() / kMostKept) return;
  kept_.push_back({t_us, value});
  // One older than the window stays: only with it is the window whole.
  while (kept_.size() > 2 && t_us - kept_[1].t_us >= window_us()) kept_.pop_front();
}

bool Steady::whole() const {
  return static_cast<int>(kept_.size()) >= rules_.fewest && kept_.back().t_us - kept_.front().t_us >= window_us();
}

Steady::Window Steady::now() const {
  if (kept_.empty()) return {};
  Window window{0, 0, static_cast<int>(kept_.size())};
  double least = kept_.front().value, most = least;
  for (const Kept& kept : kept_) {
    window.mean += kept.value;
    least = std::min(least, kept.value);
    most = std::max(most, kept.value);
  }
  window.mean /= static_cast<double>(kept_.size());
  window.spread = most - least;
  return window;
}

std::optional<Steady::Window> Steady::still() const {
  if (!whole()) return std::nullopt;
  const Window window = now();
  return window.spread <= rules_.most_spread ? std::optional(window) : std::nullopt;
}

std::string Steady::why_not() const {
  if (kept_.empty()) return "the sensor sends nothing";
  if (!whole()) return fmt::format("it has not been read for {:g} s yet", rules_.window_s);
  const Window window = now();
  if (window.spread <= rules_.most_spread) return "";
  return fmt::format("the reading is not still: it moves by {:.1f} within {:g} s, at most {:g} are allowed", window.spread,
                     rules_.window_s, rules_.most_spread);
}

std::string tare_refusal(const Steady& recent, double unloaded) {
  if (const std::string why = recent.why_not(); !why.empty()) return "not tared: " + why;
  const double mean = recent.now().mean;
  if (std::fabs(mean) <= unloaded) return "";
  return fmt::format("not tared: there are {:.1f} on the sensor, at most {:g} count as unloaded. Take the load off", mean,
                     unloaded);
}

void PointTaker::begin(int64_t now_us) {
  steady_.reset();
  since_us_ = now_us;
  waiting_ = true;
}

void PointTaker::sample(int64_t t_us, double value) {
  if (t_us >= since_us_) steady_.add(t_us, value);
}

std::optional<Result<Steady::Window>> PointTaker::poll(int64_t now_us) {
  if (!waiting_) return std::nullopt;
  if (const auto window = steady_.still()) {
    waiting_ = false;
    return Result<Steady::Window>(*window);
  }
  if (now_us - since_us_ < patience_us_) return std::nullopt;
  waiting_ = false;
  return Result<Steady::Window>(Error{steady_.why_not(), "", "Let it hang free until it is still, and measure again"});
}

}  // namespace patella::calibration
