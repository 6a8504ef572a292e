#include "calm_module.hpp"

static const void* get_interface(const char*) { return &patella::sdk::ExerciseGlue<fixture::CalmModule>::kTable; }
extern "C" PATELLA_EXPORT const patella_plugin_entry patella_entry;
extern "C" const patella_plugin_entry patella_entry = {
    sizeof(patella_plugin_entry), PATELLA_ABI_MAJOR + 1, 0, "org.patella.fixture", "Fixture", "1.0.0", nullptr, 0, get_interface};
