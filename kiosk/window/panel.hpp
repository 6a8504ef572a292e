// The panel as the X server has it: the kiosk's window covers it whole, also after it was off, turned or given another mode,
// and it does not go dark by itself while the kiosk runs.
#pragma once

#include <memory>

#include "base/log.hpp"

struct GLFWwindow;

namespace patella::window {

/// UI thread only. The window must live longer.
class Panel {
 public:
  /// For a window that is not shown yet: takes it out of the hands of a window manager, or asks one for the full screen.
  /// Null when GLFW has no X11 window here.
  static std::unique_ptr<Panel> make(GLFWwindow* window, Log& log);
  virtual ~Panel() = default;  ///< what it found of blanking is in force again
  /// Each round of the loop: where the panel has changed, the window follows. At most ten looks a second.
  virtual void cover(int64_t now_us) = 0;
};

}  // namespace patella::window
