#include "calm_module.hpp"

struct Crashes : fixture::CalmModule {
  Crashes(fixture::ExerciseHost host, const fixture::Params& params, uint32_t present) : CalmModule(host, params, present) {
    volatile int* volatile nowhere = nullptr;
    *nowhere = 1;
  }
};
FIXTURE_MODULE(Crashes)
