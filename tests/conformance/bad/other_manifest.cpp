#include "calm_module.hpp"

PATELLA_EXERCISE(fixture::CalmModule, "org.patella.another", "Fixture", "1.0.0", kPatellaNoParams)
