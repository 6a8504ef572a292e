#include "calm_module.hpp"

struct Hangs : fixture::CalmModule {
  using CalmModule::CalmModule;
  void on_tick(int64_t) {
    for (volatile int for_ever = 0; for_ever >= 0;) for_ever = 0;
  }
};
FIXTURE_MODULE(Hangs)
