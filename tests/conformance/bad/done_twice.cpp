#include "calm_module.hpp"

struct Twice : fixture::CalmModule {
  using CalmModule::CalmModule;
  void on_action(uint32_t action, int64_t t_us) {
    const bool was_done = phase_ == PATELLA_PHASE_DONE;
    CalmModule::on_action(action, t_us);
    if (was_done && action == PATELLA_ACTION_END) host_.event(patella::sdk::Event(PATELLA_EVENT_DONE, t_us));
  }
};
FIXTURE_MODULE(Twice)
