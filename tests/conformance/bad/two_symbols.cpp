#include "calm_module.hpp"

extern "C" PATELLA_EXPORT const int also_visible;
extern "C" const int also_visible = 1;
FIXTURE_MODULE(fixture::CalmModule)
