#include "step.hpp"

#include <algorithm>

#include "random.hpp"

namespace patella::check {
namespace {

/// A value that goes to a level, stays, and goes to the next: repetitions and holds of all lengths.
class Mover {
 public:
  Mover(double level, uint64_t seed) : level_(level), random_(seed) {}
  double at(double t_s) {
    while (t_s >= until_s_) choose();
    const double along = std::clamp((t_s - from_s_) / ramp_s_, 0.0, 1.0);
    return from_ + (to_ - from_) * along + level_ * 0.01 * (random_.unit() - 0.5);
  }

 private:
  void choose() {
    constexpr double kLevels[] = {0, 0, 0.5, 0.9, 1, 1, 1, 1.05, 1.2, 2};
    from_ = to_;
    to_ = level_ * kLevels[random_.below(std::size(kLevels))];
    from_s_ = until_s_;
    ramp_s_ = random_.between(0.2, 1.0);
    until_s_ = from_s_ + ramp_s_ + random_.between(0.1, random_.below(4) == 0 ? 12 : 3);
  }
  double level_, from_ = 0, to_ = 0, from_s_ = 0, ramp_s_ = 0.5, until_s_ = 2;  // at rest for the first 2 s
  Random random_;
};

int64_t us(double seconds) { return static_cast<int64_t>(seconds * 1e6); }

void add_actions(Stream& stream, const Workout& shape, uint32_t channels) {
  const auto action = [&](double t_s, uint32_t code) { stream.push_back({Step::Kind::action, us(t_s), 0, code, 0}); };
  action(3, PATELLA_ACTION_START);
  if (shape.gaps_and_pauses)
    for (double t_s = 40; t_s + 30 < shape.length_s; t_s += 97) {
      for (uint32_t c = 0; c < channels; ++c) {
        stream.push_back({Step::Kind::gap, us(t_s), c, 1, 0});
        stream.push_back({Step::Kind::gap, us(t_s + 2.5), c, 0, 0});
      }
      action(t_s + 10, PATELLA_ACTION_PAUSE);
      action(t_s + 14, PATELLA_ACTION_RESUME);
      action(t_s + 25, PATELLA_ACTION_SKIP);
    }
  if (shape.last_action) action(shape.length_s - 2, shape.last_action);
}

}  // namespace

Stream workout(const Plugin& plugin, uint64_t seed, const Workout& shape) {
  const uint32_t channels = plugin.exercise->channel_count;
  Stream stream;
  const double step_s = 1 / shape.rate_hz;
  for (uint32_t c = 0; c < channels; ++c) {
    Mover mover(typical(plugin, plugin.exercise->channels[c].unit, 80), seed * 31 + c);
    Random jitter(seed * 77 + c);
    for (double t_s = 0.003 * c; t_s < shape.length_s; t_s += step_s)
      stream.push_back({Step::Kind::sample, us(t_s + 0.2 * step_s * jitter.unit()), c, 0, mover.at(t_s)});
  }
  for (int64_t t_us = 0; t_us < us(shape.length_s); t_us += PATELLA_TICK_US) stream.push_back({Step::Kind::tick, t_us, 0, 0, 0});
  add_actions(stream, shape, channels);
  std::stable_sort(stream.begin(), stream.end(), [](const Step& a, const Step& b) { return a.t_us < b.t_us; });
  return stream;
}

Stream wild(const Plugin& plugin, uint64_t seed, int steps) {
  const uint32_t channels = plugin.exercise->channel_count;
  Random random(seed);
  Stream stream;
  int64_t now_us = 0;
  for (int i = 0; i < steps; ++i) {
    const uint64_t kind = random.below(100);
    if (kind < 55 && channels > 0) {
      const auto channel = static_cast<uint32_t>(random.below(channels));
      const double level = typical(plugin, plugin.exercise->channels[channel].unit, 80);
      const double value = random.below(50) == 0 ? random.between(-1e9, 1e9) : random.between(-0.2, 2) * level;
      const int64_t late_us = static_cast<int64_t>(random.below(40'000));
      stream.push_back({Step::Kind::sample, std::max<int64_t>(0, now_us - late_us), channel, 0, value});
    } else if (kind < 95 || channels == 0) {
      now_us += PATELLA_TICK_US;
      stream.push_back({Step::Kind::tick, now_us, 0, 0, 0});
    } else if (kind < 97) {
      // END and PAIN seldom, so that the exercise gets somewhere; 7 … 9 do not exist yet and are to be ignored.
      const uint64_t rare = random.below(40);
      const auto code = static_cast<uint32_t>(rare == 0 ? 5 + random.below(5) : 1 + random.below(4));
      stream.push_back({Step::Kind::action, now_us, 0, code, 0});
    } else {
      stream.push_back(
          {Step::Kind::gap, now_us, static_cast<uint32_t>(random.below(channels)), static_cast<uint32_t>(random.below(2)), 0});
    }
  }
  return stream;
}

}  // namespace patella::check
