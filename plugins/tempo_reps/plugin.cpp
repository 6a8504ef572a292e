#include "tempo_reps/tempo_reps.hpp"

using patella::tempo_reps::TempoReps;
PATELLA_EXERCISE(TempoReps, "org.patella.tempo_reps", "Paced repetitions", "1.0.0", patella::tempo_reps::kParams)
