#include "calm_driver.hpp"

struct Yes : fixture::CalmDriver {
  using CalmDriver::CalmDriver;
  bool command(std::string_view, double, int64_t) { return true; }
};
FIXTURE_DRIVER(Yes)
