// Signing in with a PIN.
#pragma once

#include <memory>

#include "staff/desk.hpp"

namespace patella::staff {

/// `lets_start`: not into the area; whoever gets through it lets a client's exercise start, and the client's screen is back.
std::unique_ptr<Screen> make_sign_in(Desk& desk, bool lets_start);

}  // namespace patella::staff
