#include "driver.hpp"

PATELLA_DRIVER(patella::cadence_board::Driver, "org.patella.cadence_board", "Cadence board", "1.0.0", kPatellaNoParams)
