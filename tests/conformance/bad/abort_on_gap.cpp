#include <cstdlib>

#include "calm_module.hpp"

struct Aborts : fixture::CalmModule {
  using CalmModule::CalmModule;
  void on_gap(uint32_t, bool lost, int64_t) {
    if (lost) std::abort();
  }
};
FIXTURE_MODULE(Aborts)
