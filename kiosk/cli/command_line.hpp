// The command line of `patella`: what was typed, checked, and the command that it names.
#pragma once

#include <functional>

#include "cli/commands.hpp"

namespace patella::cli {

/// Handed in by the program, so that no command knows the window.
using RunKiosk = std::function<int(const Paths& paths, const RunOptions& options)>;

/// The exit status: 0 done, 1 it could not be done, 2 wrong use. Also keeps other processes of this user out of this one's memory and
/// makes every file its owner's alone: call it first, once.
int command_line(int argc, char** argv, const RunKiosk& run_kiosk);

}  // namespace patella::cli
