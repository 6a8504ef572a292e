#include "driver.hpp"

PATELLA_DRIVER(patella::concept2_pm5::Driver, "org.patella.concept2_pm5", "Concept2 PM5", "1.0.0", kPatellaNoParams)
