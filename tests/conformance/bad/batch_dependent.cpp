#include "calm_module.hpp"

using Glue = patella::sdk::ExerciseGlue<fixture::CalmModule>;

// Takes the last sample of a batch for the whole of it.
static void last_of_batch(void* self, const patella_sample* samples, uint32_t count) {
  Glue::on_samples(self, samples + count - 1, 1);
}
static constexpr patella_exercise table() {
  patella_exercise table = Glue::kTable;
  table.on_samples = last_of_batch;
  return table;
}
static constexpr patella_exercise kTable = table();
PATELLA_PLUGIN_(PATELLA_EXERCISE_INTERFACE, kTable, "org.patella.fixture", "Fixture", "1.0.0", kPatellaNoParams)
