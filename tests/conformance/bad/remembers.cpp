#include "calm_module.hpp"

struct Remembers : fixture::CalmModule {
  Remembers(fixture::ExerciseHost host, const fixture::Params& params, uint32_t present) : CalmModule(host, params, present) {
    static int lives = 0;
    peak_n_ = 1000 * ++lives;
  }
};
FIXTURE_MODULE(Remembers)
