#include "line_force.hpp"

PATELLA_DRIVER(LineForce, "org.example.line_force", "Force sensor, time and force a line", "1.0.0", kPatellaNoParams)
