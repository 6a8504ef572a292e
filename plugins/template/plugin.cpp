#include "above_target.hpp"

PATELLA_EXERCISE(AboveTarget, "org.example.above_target", "Time above a target force", "1.0.0", AboveTarget::kParams)
