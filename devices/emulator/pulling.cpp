#include "emulator/pulling.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace patella::emulator {

namespace {

double smooth(double x) { return 0.5 - 0.5 * std::cos(std::numbers::pi * std::clamp(x, 0.0, 1.0)); }

}  // namespace

Pulling::Pulling(uint64_t seed, bool scripted, bool untidy, const PullingScript& script)
    : random_(seed), automatic_(scripted), untidy_(untidy), script_(script) {}

void Pulling::start_script(int64_t now_us) {
  if (!automatic_) return;
  clear(now_us);
  script_running_ = true;
  const double unloaded_s = static_cast<double>(script_.unloaded_us) * 1e-6, let_go_s = std::min(0.4, unloaded_s);
  add(let_go_s, 0);
  add(unloaded_s - let_go_s, 0);
}

void Pulling::automatic(bool on, int64_t now_us) {
  automatic_ = on;
  if (on) return start_script(now_us);
  slack(now_us);
}

void Pulling::pull(double peak_n, double hold_s, int count, int64_t now_us) {
  clear(now_us);
  const double rest_n = std::min(from_n_, 8.0);
  for (int i = 0; i < std::max(count, 1); ++i) {
    const double peak = peak_n * (1 + 0.02 * random_.normal());
    add(random_.between(0.4, 0.8), peak);
    add(hold_s, peak * random_.between(0.97, 1.01), untidy_ && random_.between(0, 1) < 0.4 ? peak * 0.15 : 0);
    const bool last = i + 1 >= count;
    const double valley = untidy_ && !last && random_.between(0, 1) < 0.4 ? random_.between(12, 26) : rest_n;
    add(random_.between(0.4, 0.7), valley);
    if (!last) add(random_.between(1.3, 1.8), valley);
  }
}

void Pulling::load(double force_n, int64_t now_us) {
  clear(now_us);
  trembles_ = false;
  add(0.3, std::max(0.0, force_n));
}

bool Pulling::act(const Act& act, int64_t now_us) {
  const bool mine = act.gesture == Gesture::pull || act.gesture == Gesture::slack || act.gesture == Gesture::load;
  if (act.gesture == Gesture::automatic) {
    automatic(act.a > 0, now_us);
    return true;
  }
  if (!mine) return false;
  automatic(false, now_us);
  if (act.gesture == Gesture::pull) pull(act.a, act.b, static_cast<int>(act.c), now_us);
  if (act.gesture == Gesture::load) load(act.a, now_us);
  return true;
}

void Pulling::clear(int64_t now_us) {
  from_n_ = base_n(now_us);
  parts_.clear();
  part_start_us_ = now_us;
  script_running_ = false;
  trembles_ = true;
}

void Pulling::add(double duration_s, double to_n, double dip_n) {
  parts_.push_back({static_cast<int64_t>(duration_s * 1e6), to_n, dip_n});
}

void Pulling::add_script_rep() {
  const double peak = kScriptPeakN * (1 + 0.03 * random_.normal());
  tremor_n_ = random_.between(1.0, 1.8);
  tremor_hz_ = random_.between(8.5, 10.5);
  const double valley = untidy_ && random_.between(0, 1) < 0.3 ? random_.between(12, 26) : kScriptSlackN;
  const double pace = script_.pace;
  add(random_.between(0.8, 1.2) / pace, peak);
  add(random_.between(0.8, 1.2) / pace, peak * random_.between(0.97, 1.01),
      untidy_ && random_.between(0, 1) < 0.4 ? peak * 0.15 : 0);
  add(random_.between(1.8, 2.2) / pace, valley);
  add(random_.between(1.8, 2.2) / pace, valley);
}

double Pulling::base_n(int64_t now_us) {
  for (;;) {
    if (parts_.empty() && automatic_ && script_running_) add_script_rep();
    if (parts_.empty()) return from_n_;
    const Part& part = parts_.front();
    const int64_t in_us = now_us - part_start_us_;
    if (in_us < part.duration_us) {
      const double x = static_cast<double>(in_us) / static_cast<double>(part.duration_us);
      return from_n_ + (part.to_n - from_n_) * smooth(x) - part.dip_n * std::sin(std::numbers::pi * x);
    }
    from_n_ = part.to_n;
    part_start_us_ += part.duration_us;
    parts_.pop_front();
  }
}

double Pulling::force_n(int64_t now_us) {
  const double base = base_n(now_us);
  if (!trembles_) return std::max(0.0, base);
  // A muscle trembles when it works: nothing below 8 N, all of it from 28 N on.
  const double share = std::clamp((base - 8) / 20, 0.0, 1.0);
  const double t_s = static_cast<double>(now_us % 1'000'000'000) * 1e-6;
  const double wave = 0.6 * std::sin(2 * std::numbers::pi * tremor_hz_ * t_s) +
                      0.4 * std::sin(2 * std::numbers::pi * (tremor_hz_ * 1.23) * t_s + 1.1);
  return std::max(0.0, base + share * tremor_n_ * wave);
}

}  // namespace patella::emulator
