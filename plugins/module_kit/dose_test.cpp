#include "module_kit/dose.hpp"

#include "support/catch.hpp"

using namespace patella::module_kit;

TEST_CASE("a target is said by the edges that it has") {
  CHECK(target_line(40, 80) == "Target {40 N} to {80 N}");
  CHECK(target_line(40, 0) == "Target from {40 N}");
  CHECK(target_line(0, 80) == "Target up to {80 N}");
  CHECK(target_line(0, 2.5) == "Target up to {2.5 N}");
  CHECK(target_line(0, 0) == "");
  CHECK(target_line(40, 30) == "Target from {40 N}");  // an upper edge below the lower one is left open
}
