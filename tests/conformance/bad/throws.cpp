#include <stdexcept>

#include "calm_module.hpp"

struct Throws : fixture::CalmModule {
  using CalmModule::CalmModule;
  void on_action(uint32_t action, int64_t t_us) {
    if (action == PATELLA_ACTION_PAUSE) throw std::runtime_error("no pause");
    CalmModule::on_action(action, t_us);
  }
};
FIXTURE_MODULE(Throws)
