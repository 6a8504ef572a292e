#include "hold/hold.hpp"

using patella::hold::Hold;
PATELLA_EXERCISE(Hold, "org.patella.hold", "Timed hold", "1.2.0", patella::hold::kParams)
