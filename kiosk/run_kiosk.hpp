// The running kiosk, put together: window, engine, store, control socket. The only place that knows all of them.
#pragma once

#include "cli/commands.hpp"

namespace patella {

/// Until the window closes or a signal ends it; the exit status. UI thread = the thread that calls.
int run_kiosk(const runtime::Paths& paths, const cli::RunOptions& options);

}  // namespace patella
