// Runs one exercise module on the input ring until the kiosk ends it.
#pragma once

#include "kiosk_end.hpp"
#include "library.hpp"
#include "start_message.hpp"

namespace patella::host {

/// The exit code.
int run_module(KioskEnd& kiosk, const Library& library, const Start& start, int term_fd);

}  // namespace patella::host
