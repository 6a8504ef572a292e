// Patella plugin SDK: what a module gets from host->random(). The same numbers on every machine, from the seed that is in the log.
#pragma once

#include <cstdint>

namespace patella::sdk {

/// xorshift64* over a seed that splitmix64 has spread, so that 0 and small seeds do as well as any.
class SessionRandom {
 public:
  explicit SessionRandom(uint64_t seed) {
    uint64_t z = seed + 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    state_ = (z ^ (z >> 31)) | 1u;
  }
  uint64_t next() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return state_ * 0x2545F4914F6CDD1Du;
  }

 private:
  uint64_t state_;
};

}  // namespace patella::sdk
