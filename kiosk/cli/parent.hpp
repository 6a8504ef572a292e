// Between the kiosk and the parent that starts it again (run_parent() in commands.hpp, for a kiosk that systemd does not watch).
#pragma once

namespace patella::cli {

/// What a kiosk says with its exit status to its parent. With any other status, 0 too, it ended without having been asked to, and is
/// started again.
enum ChildExit : int { kExitCannotStart = 78, kExitWindowClosed = 79 };

/// In the kiosk: SIGTERM when its parent dies, so that it never runs on unwatched. False: the parent is dead already.
bool end_with_parent(int parent);

/// What run_kiosk() returned, for the parent; as it is without one, but a window that a developer closed is no failure.
int child_exit(int status, int parent);

}  // namespace patella::cli
