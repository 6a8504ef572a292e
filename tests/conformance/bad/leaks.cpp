#include "calm_module.hpp"

struct Leaks : fixture::CalmModule {
  Leaks(fixture::ExerciseHost host, const fixture::Params& params, uint32_t present) : CalmModule(host, params, present) {
    lost_ = new char[100];
    lost_[0] = 1;
  }
  char* volatile lost_;
};
FIXTURE_MODULE(Leaks)
