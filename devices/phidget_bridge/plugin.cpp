#include "driver.hpp"

PATELLA_DRIVER(patella::phidget_bridge::Driver, "org.patella.phidget_bridge", "Phidgets bridge 1046", "1.0.0",
               patella::phidget_bridge::Driver::kParams)
