#include "band_reps/band_reps.hpp"

using patella::band_reps::BandReps;
PATELLA_EXERCISE(BandReps, "org.patella.band_reps", "Band repetitions", "1.5.0", patella::band_reps::kParams)
