#include <cstring>

#include "calm_module.hpp"

struct Endless : fixture::CalmModule {
  using CalmModule::CalmModule;
  void fill_view(patella_view& view) const {
    CalmModule::fill_view(view);
    std::memset(view.prompt, 'x', sizeof view.prompt);
  }
};
FIXTURE_MODULE(Endless)
