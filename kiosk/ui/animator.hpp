// Exponential approach, independent of the frame rate, that knows when nothing visible moves any more.
#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>
#include <unordered_map>

namespace patella::ui {

class Animator {
 public:
  /// Before each frame. dt_s is clamped by the caller: after a sleep nothing may jump.
  void begin_frame(float dt_s) {
    dt_s_ = dt_s;
    moving_ = false;
  }
  /// The value under this name, on its way to `target`; the first call starts there. `half_pixel`: the change
  /// in the value's own unit that moves something by half a pixel; below it the value has arrived.
  float to(std::string_view name, float target, float tau_s, float half_pixel) {
    auto [at, fresh] = values_.try_emplace(key(name), target);
    float& value = at->second;
    if (fresh || !std::isfinite(target) || !std::isfinite(value)) return value = target;
    value += (target - value) * (1.f - std::exp(-dt_s_ / tau_s));
    if (std::fabs(target - value) <= half_pixel) return value = target;
    moving_ = true;
    return value;
  }
  void keep_moving() { moving_ = true; }
  bool moving() const { return moving_; }
  float dt_s() const { return dt_s_; }
  void clear() { values_.clear(); }

 private:
  static uint64_t key(std::string_view name) {  // FNV-1a
    uint64_t hash = 1469598103934665603ull;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
    return hash;
  }
  std::unordered_map<uint64_t, float> values_;
  float dt_s_ = 0;
  bool moving_ = false;
};

}  // namespace patella::ui
