#include "calibration/steady.hpp"

#include <algorithm>
#include <cmath>

namespace patella::calibration {

namespace {
constexpr int64_t kMaxKept = 4096;
}

void Steady::add(int64_t t_us, double value) {
  if (!std::isfinite(value) || (!kept_.empty() && t_us - kept_.back().t_us > window_us())) kept_.clear();
  if (!std::isfinite(value)) return;
  if (!kept_.empty() && t_us - kept_.back().t_us < window_us() / kMaxKept) return;
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

Message Steady::why_not() const {
  if (kept_.empty()) return Message("The sensor sends nothing");
  if (!whole()) return Message("The sensor has not been read for {0} yet", shortest(rules_.window_s, 1, "s"));
  const Window window = now();
  if (window.spread <= rules_.most_spread) return {};
  return Message("The reading is not still: it moves by {0} within {1}, at most {2} are allowed", Quantity{window.spread, 1, "N"},
                 shortest(rules_.window_s, 1, "s"), shortest(rules_.most_spread, 2, "N"));
}

Messages tare_refusal(const Steady& recent, double unloaded) {
  if (const Message why = recent.why_not(); !why.empty()) return {Message("Not tared"), why};
  const double mean = recent.now().mean;
  if (std::fabs(mean) <= unloaded) return {};
  return {Message("Not tared: there are {0} on the sensor, at most {1} count as unloaded", Quantity{mean, 1, "N"},
                  shortest(unloaded, 1, "N")),
          Message("Take the load off")};
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
  return Result<Steady::Window>(
      in_words(steady_.why_not(), "", Message("Let it hang free until it is still, and measure again")));
}

}  // namespace patella::calibration
