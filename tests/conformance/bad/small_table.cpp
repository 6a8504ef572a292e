#include "calm_module.hpp"

static patella_exercise small() {
  patella_exercise table = patella::sdk::ExerciseGlue<fixture::CalmModule>::kTable;
  table.size = offsetof(patella_exercise, fill_view);
  return table;
}
static const patella_exercise small_table = small();
PATELLA_PLUGIN_(PATELLA_EXERCISE_INTERFACE, small_table, "org.patella.fixture", "Fixture", "1.0.0", kPatellaNoParams)
