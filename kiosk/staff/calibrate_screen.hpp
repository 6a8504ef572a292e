// A force sensor being calibrated.
#pragma once

#include <memory>

#include "staff/desk.hpp"

namespace patella::staff {

/// `entry`: of the board, with a force channel.
std::unique_ptr<Screen> make_calibrate(Desk& desk, const SensorBoard::Entry& entry);

}  // namespace patella::staff
