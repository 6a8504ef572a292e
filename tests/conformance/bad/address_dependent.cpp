#include "calm_module.hpp"

struct Addressed : fixture::CalmModule {
  using CalmModule::CalmModule;
  void on_action(uint32_t action, int64_t t_us) {
    const auto address = reinterpret_cast<uintptr_t>(this);
    host_.metric("order", "", static_cast<double>(address >> 4));
    CalmModule::on_action(action, t_us);
  }
};
FIXTURE_MODULE(Addressed)
