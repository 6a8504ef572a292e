// "Which sensor is mine?"
#pragma once

#include <memory>

#include "staff/desk.hpp"

namespace patella::staff {

/// `entry`: of the board; its driver has sensors to choose from.
std::unique_ptr<Screen> make_pairing(Desk& desk, const SensorBoard::Entry& entry);

}  // namespace patella::staff
