#include "driver.hpp"

PATELLA_DRIVER(patella::hid_scale::Driver, "org.patella.hid_scale", "USB weighing scale", "1.0.0", kPatellaNoParams)
