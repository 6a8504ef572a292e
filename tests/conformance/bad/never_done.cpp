#include "calm_module.hpp"

struct Never : fixture::CalmModule {
  using CalmModule::CalmModule;
  void on_action(uint32_t action, int64_t t_us) {
    if (action != PATELLA_ACTION_PAIN) CalmModule::on_action(action, t_us);
  }
};
FIXTURE_MODULE(Never)
