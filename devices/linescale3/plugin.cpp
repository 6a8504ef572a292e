#include "driver.hpp"

PATELLA_DRIVER(patella::linescale3::Driver, "org.patella.linescale3", "LineScale 3 load cell", "1.0.0",
               patella::linescale3::kParams)
