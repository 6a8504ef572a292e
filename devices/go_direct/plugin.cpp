#include "driver.hpp"

PATELLA_DRIVER(patella::go_direct::Driver, "org.patella.go_direct", "Vernier Go Direct force sensor", "1.0.0",
               patella::go_direct::Driver::kParams)
