// Seeded random numbers that are the same on every machine (std distributions are not).
#pragma once

#include <cstdint>

namespace patella::check {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t next() {  // splitmix64
    uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  /// 0 … bound - 1; bound >= 1.
  uint64_t below(uint64_t bound) { return next() % bound; }
  /// 0 … 1.
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  double between(double low, double high) { return low + (high - low) * unit(); }

 private:
  uint64_t state_;
};

}  // namespace patella::check
