#include "driver.hpp"

PATELLA_DRIVER(patella::tacx_1932::Driver, "org.patella.tacx_1932", "Tacx trainer", "1.0.0", kPatellaNoParams)
