// How many rounds the random tests do: short by default, PATELLA_FUZZ_ROUNDS for the long run.
#pragma once

#include <cstdlib>

namespace patella::test {

inline int fuzz_rounds(int usual = 200'000) {
  const char* rounds = std::getenv("PATELLA_FUZZ_ROUNDS");
  return rounds ? std::atoi(rounds) : usual;
}

}  // namespace patella::test
