// A client's screens outside of an exercise.
#include "support/catch.hpp"
#include "ui/tests/harness.hpp"
