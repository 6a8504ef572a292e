#include "calm_driver.hpp"

FIXTURE_DRIVER(fixture::CalmDriver)
