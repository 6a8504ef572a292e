#include "driver.hpp"

PATELLA_DRIVER(patella::ant_plus::Driver, "org.patella.ant_plus", "ANT+ stick", "1.0.0", patella::ant_plus::kParams)
