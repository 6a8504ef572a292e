// The window: GLFW, OpenGL and the event-driven loop around the screens. Nothing moving = no frames, no CPU.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "session/snapshot.hpp"
#include "session/tap.hpp"

namespace patella::window {

struct WindowOptions {
  bool fullscreen = true;
  int width = 1280, height = 720;  ///< when not fullscreen
  std::string language = "en";
};

enum class Ended {
  on_request = 1,  ///< close() was called
  window_closed    ///< by a developer, at the window itself: only a window that is not full screen lets that happen
};

/// Rows from the top, three bytes (red, green, blue) a pixel.
struct Picture {
  int width = 0, height = 0;
  std::vector<unsigned char> pixels;
};
/// The bytes of a PNG file. Takes a tenth of a second: not for the UI thread. Error: no memory.
Result<std::string> png_of(const Picture& picture);

/// The newest snapshot. Called on the UI thread once a round: it must not wait.
using NewestSnapshot = std::function<session::SnapshotPtr()>;
/// Gets the screen as text after each frame (mirror_line.hpp). On the UI thread: hand over, do not work.
using ShowAsText = std::function<void(std::string line)>;

/// UI thread (the main thread) only, except wake(), ask_screenshot() and close().
class Window {
 public:
  /// Once, before any thread: sets an environment variable.
  static void prepare_process();
  static Result<std::unique_ptr<Window>> make(const WindowOptions& options, const Clock& clock, Log& log,
                                              ShowAsText show_as_text);
  virtual ~Window() = default;
  /// Until close(), or until a window that is not full screen is closed. `each_round` runs once a round, at least every second: the
  /// watchdog's beat.
  virtual Ended run(const NewestSnapshot& newest, const std::function<void(const session::Tap&)>& post,
                    const std::function<void()>& each_round) = 0;
  virtual void wake() = 0;
  virtual void close() = 0;
  /// Any thread: waits at most 20 s for the UI thread to read back what is on the screen; refused at once when the window
  /// closes.
  virtual Result<Picture> ask_screenshot() = 0;
};

}  // namespace patella::window
