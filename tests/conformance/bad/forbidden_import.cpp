#include <time.h>

#include "calm_module.hpp"

struct Clocked : fixture::CalmModule {
  using CalmModule::CalmModule;
  void on_action(uint32_t action, int64_t t_us) {
    timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) == 0) CalmModule::on_action(action, t_us);
  }
};
FIXTURE_MODULE(Clocked)
