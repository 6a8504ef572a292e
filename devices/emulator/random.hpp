// Seeded random numbers that come out the same with every compiler and library.
#pragma once

#include <cstdint>

namespace patella::emulator {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15u + 0xD1B54A32D192ED03u) {}
  /// splitmix64 (Steele, Lea, Flood 2014).
  uint64_t next() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  uint8_t byte() { return static_cast<uint8_t>(next() >> 24); }
  double between(double low, double high) { return low + (high - low) * (static_cast<double>(next() >> 11) * 0x1.0p-53); }
  /// Mean 0, standard deviation about 1, never beyond 3.5: a sum of uniform numbers.
  double normal() {
    double sum = 0;
    for (int i = 0; i < 12; ++i) sum += between(-0.5, 0.5);
    return sum < -3.5 ? -3.5 : sum > 3.5 ? 3.5 : sum;
  }

 private:
  uint64_t state_;
};

}  // namespace patella::emulator
