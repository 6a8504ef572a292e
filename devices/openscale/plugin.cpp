#include "driver.hpp"

PATELLA_DRIVER(patella::openscale::Driver, "org.patella.openscale", "SparkFun OpenScale", "1.0.0", patella::openscale::kParams)
