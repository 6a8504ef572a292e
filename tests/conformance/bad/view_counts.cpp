#include "calm_module.hpp"

struct Counts : fixture::CalmModule {
  using CalmModule::CalmModule;
  void fill_view(patella_view& view) const {
    CalmModule::fill_view(view);
    view.rep_index = ++views_;
  }
  mutable int views_ = 0;
};
FIXTURE_MODULE(Counts)
