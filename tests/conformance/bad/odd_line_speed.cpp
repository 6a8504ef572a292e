#include "calm_driver.hpp"

static constexpr const char* kLineSpeeds[] = {"baud_57600", "fast"};
static constexpr patella_param kParams[] = {
    patella::sdk::line_speed(patella::sdk::choice_param("line_speed", "Line speed", "As set at the device.", kLineSpeeds, 0))};
PATELLA_DRIVER(fixture::CalmDriver, "org.patella.fixture", "Fixture", "1.0.0", kParams)
