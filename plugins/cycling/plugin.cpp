#include "cycling/cycling.hpp"

using patella::cycling::Cycling;
PATELLA_EXERCISE(Cycling, "org.patella.cycling", "Stationary bike", "1.1.0", patella::cycling::kParams)
