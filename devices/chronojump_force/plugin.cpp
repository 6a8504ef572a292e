#include "driver.hpp"

PATELLA_DRIVER(patella::chronojump_force::Driver, "org.patella.chronojump_force", "Chronojump force sensor", "1.0.0",
               patella::chronojump_force::kParams)
