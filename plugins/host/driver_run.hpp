// Runs one driver: waits for its device, opens it, loads the plugin, confines itself, pumps bytes and samples.
#pragma once

#include <filesystem>

#include "confine.hpp"
#include "kiosk_end.hpp"
#include "start_message.hpp"

namespace patella::host {

/// The exit code.
int run_driver(KioskEnd& kiosk, const std::filesystem::path& library, const Start& start, const ConfineOptions& confine,
               bool allow_no_device, int term_fd);

}  // namespace patella::host
