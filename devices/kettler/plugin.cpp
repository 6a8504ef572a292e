#include "driver.hpp"

PATELLA_DRIVER(patella::kettler::Driver, "org.patella.kettler", "Kettler bike", "1.0.0", patella::kettler::kParams)
