// Touch beside GLFW, which has none: XInput 2.2 on a second connection to the X server, so that a second
// finger counts while a palm rests on the glass.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

struct GLFWwindow;

namespace patella::window {

struct Contact {
  enum class Phase { down = 1, move, up } phase = Phase::down;
  int id = 0;
  double x = 0, y = 0;  ///< window coordinates
};

class Touch {
 public:
  /// Null when the server has no XInput 2.2 or the window is not an X11 one: the mouse events of GLFW then
  /// serve alone.
  static std::unique_ptr<Touch> make(GLFWwindow* window);
  virtual ~Touch() = default;
  /// UI thread: contacts since the last call, in order. Each one woke glfwWaitEvents.
  virtual std::vector<Contact> take() = 0;
};

}  // namespace patella::window
