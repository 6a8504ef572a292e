#include "calm_driver.hpp"

// What SDK 1.0 knew by their keys, and 1.1 is not told by flags.
static constexpr const char* kLineSpeeds[] = {"baud_9600", "baud_57600"};
static constexpr patella_param kParams[] = {
    patella::sdk::text_param("site_key", "Key of the site", "From its maker.", 40),
    patella::sdk::choice_param("line_speed", "Line speed", "As set at the device.", kLineSpeeds, 0),
    patella::sdk::real_param("force_low_n", "Force, from", "N", "Lower end.", 10, 0, 500),
    patella::sdk::real_param("force_high_n", "Force, to", "N", "Upper end.", 50, 0, 500)};
PATELLA_DRIVER(fixture::CalmDriver, "org.patella.fixture", "Fixture", "1.0.0", kParams)
