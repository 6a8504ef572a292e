#include "calm_module.hpp"

static constexpr patella_param kParams[] = {patella::sdk::real_param("force_n", "Force", "N", "A force.", 500, 1, 100),
                                            patella::sdk::real_param("force_n", "Force", "N", "Again.", 5, 1, 100)};
PATELLA_EXERCISE(fixture::CalmModule, "org.patella.fixture", "Fixture", "1.0.0", kParams)
