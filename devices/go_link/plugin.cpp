#include "driver.hpp"

PATELLA_DRIVER(patella::go_link::Driver, "org.patella.go_link", "Vernier Go!Link with a force probe", "1.0.0",
               patella::go_link::Driver::kParams)
