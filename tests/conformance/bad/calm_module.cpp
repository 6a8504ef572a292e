#include "calm_module.hpp"

FIXTURE_MODULE(fixture::CalmModule)
