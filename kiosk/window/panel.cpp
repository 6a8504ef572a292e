#include "window/panel.hpp"

#define GLFW_INCLUDE_NONE
#define GLFW_EXPOSE_NATIVE_X11
#include <GLFW/glfw3.h>
#include <GLFW/glfw3native.h>
#include <X11/Xatom.h>
#include <X11/extensions/Xrandr.h>
#include <X11/extensions/dpms.h>

#include <algorithm>
#include <optional>

namespace patella::window {

namespace {

constexpr int64_t kLookUs = 100'000;
constexpr int64_t kAskAgainUs = 1'000'000;  // a window manager is asked, not forced: it may be slow

struct Area {
  int x = 0, y = 0, w = 0, h = 0;
  bool operator==(const Area&) const = default;
};

/// The screen saver and the power saving of the server: off as long as this lives. DPMS itself stays on, so that a panel can
/// still be switched off on purpose.
class NoBlanking {
 public:
  explicit NoBlanking(Display* display) : display_(display) {
    XGetScreenSaver(display_, &timeout_, &interval_, &blanking_, &exposures_);
    XSetScreenSaver(display_, 0, 0, DontPreferBlanking, exposures_);
    int event = 0, error = 0;
    has_dpms_ = DPMSQueryExtension(display_, &event, &error) && DPMSCapable(display_) &&
                DPMSGetTimeouts(display_, &standby_, &suspend_, &off_);
    if (has_dpms_) DPMSSetTimeouts(display_, 0, 0, 0);
    XForceScreenSaver(display_, ScreenSaverReset);  // it may be dark already
    XFlush(display_);
  }
  ~NoBlanking() {
    XSetScreenSaver(display_, timeout_, interval_, blanking_, exposures_);
    if (has_dpms_) DPMSSetTimeouts(display_, standby_, suspend_, off_);
    XFlush(display_);
  }
  NoBlanking(const NoBlanking&) = delete;
  NoBlanking& operator=(const NoBlanking&) = delete;

 private:
  Display* display_;
  int timeout_ = 0, interval_ = 0, blanking_ = 0, exposures_ = 0;
  bool has_dpms_ = false;
  CARD16 standby_ = 0, suspend_ = 0, off_ = 0;
};

class X11Panel final : public Panel {
 public:
  X11Panel(GLFWwindow* window, Display* display, Log& log)
      : window_(window), display_(display), root_(DefaultRootWindow(display)), log_(log), no_blanking_(display) {
    state_ = XInternAtom(display_, "_NET_WM_STATE", False);
    full_screen_ = XInternAtom(display_, "_NET_WM_STATE_FULLSCREEN", False);
    managed_ = manager_knows_full_screen();
    const ::Window own = glfwGetX11Window(window_);
    if (managed_) {
      XChangeProperty(display_, own, state_, XA_ATOM, 32, PropModeReplace, reinterpret_cast<const unsigned char*>(&full_screen_),
                      1);
    } else {
      XSetWindowAttributes attributes{};
      attributes.override_redirect = True;
      XChangeWindowAttributes(display_, own, CWOverrideRedirect, &attributes);
    }
    // GLFW asks for changes of outputs only; all of them wake its loop.
    XRRSelectInput(display_, root_, RRScreenChangeNotifyMask | RRCrtcChangeNotifyMask | RROutputChangeNotifyMask);
    if (const auto panel = find_panel()) place(*panel);
  }

  void cover(int64_t now_us) override {
    if (now_us - looked_us_ < kLookUs) return;
    looked_us_ = now_us;
    const auto panel = find_panel();
    if (!panel) return;  // switched off: what was shown waits for it
    Area own;
    glfwGetWindowPos(window_, &own.x, &own.y);
    glfwGetWindowSize(window_, &own.w, &own.h);
    if (own == *panel || (managed_ && now_us - placed_us_ < kAskAgainUs)) return;
    placed_us_ = now_us;
    if (told_ != *panel)
      log_.info("the panel has {} x {} pixels at {}, {}: the window covers it again", panel->w, panel->h, panel->x, panel->y);
    told_ = *panel;
    place(*panel);
    if (managed_) ask_for_full_screen();
    XFlush(display_);
  }

 private:
  /// The primary monitor, or the first one that is on.
  std::optional<Area> find_panel() const {
    int count = 0;
    XRRMonitorInfo* monitors = XRRGetMonitors(display_, root_, True, &count);
    std::optional<Area> found;
    for (int i = 0; monitors && i < count; ++i) {
      const XRRMonitorInfo& m = monitors[i];
      if (m.width > 0 && m.height > 0 && (!found || m.primary)) found = Area{m.x, m.y, m.width, m.height};
    }
    if (monitors) XRRFreeMonitors(monitors);
    return found;
  }

  void place(const Area& area) {
    glfwSetWindowPos(window_, area.x, area.y);
    glfwSetWindowSize(window_, area.w, area.h);
    if (!managed_) XRaiseWindow(display_, glfwGetX11Window(window_));
  }

  void ask_for_full_screen() {
    XEvent event{};
    event.xclient.type = ClientMessage;
    event.xclient.window = glfwGetX11Window(window_);
    event.xclient.message_type = state_;
    event.xclient.format = 32;
    event.xclient.data.l[0] = 1;  // _NET_WM_STATE_ADD
    event.xclient.data.l[1] = static_cast<long>(full_screen_);
    event.xclient.data.l[3] = 1;  // an application asks
    XSendEvent(display_, root_, False, SubstructureNotifyMask | SubstructureRedirectMask, &event);
  }

  bool manager_knows_full_screen() const {
    Atom type = 0;
    int format = 0;
    unsigned long count = 0, left = 0;
    unsigned char* data = nullptr;
    const Atom supported = XInternAtom(display_, "_NET_SUPPORTED", False);
    constexpr long kMaxAtoms = 1024;
    if (XGetWindowProperty(display_, root_, supported, 0, kMaxAtoms, False, XA_ATOM, &type, &format, &count, &left, &data) !=
            Success ||
        !data)
      return false;
    const auto* atoms = reinterpret_cast<const Atom*>(data);
    const bool known = format == 32 && std::find(atoms, atoms + count, full_screen_) != atoms + count;
    XFree(data);
    return known;
  }

  GLFWwindow* window_;
  Display* display_;
  ::Window root_;
  Log& log_;
  NoBlanking no_blanking_;
  Atom state_ = 0, full_screen_ = 0;
  bool managed_ = false;
  int64_t looked_us_ = 0, placed_us_ = 0;
  Area told_;
};

}  // namespace

std::unique_ptr<Panel> Panel::make(GLFWwindow* window, Log& log) {
  Display* display = glfwGetX11Window(window) ? glfwGetX11Display() : nullptr;
  int event = 0, error = 0, major = 0, minor = 0;
  if (!display || !XRRQueryExtension(display, &event, &error) || !XRRQueryVersion(display, &major, &minor) ||
      major * 100 + minor < 105)
    return nullptr;
  return std::make_unique<X11Panel>(window, display, log);
}

}  // namespace patella::window
