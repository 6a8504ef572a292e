#include "window/touch.hpp"

#define GLFW_INCLUDE_NONE
#define GLFW_EXPOSE_NATIVE_X11
#include <GLFW/glfw3.h>
#include <GLFW/glfw3native.h>
#include <X11/extensions/XInput2.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "base/unique_fd.hpp"

namespace patella::window {

namespace {

class X11Touch final : public Touch {
 public:
  X11Touch(Display* display, int opcode)
      : display_(display), opcode_(opcode), stop_(eventfd(0, EFD_CLOEXEC)), thread_([this] { run(); }) {}
  ~X11Touch() override {
    eventfd_write(stop_.get(), 1);
    thread_.join();
    XCloseDisplay(display_);
  }
  std::vector<Contact> take() override {
    std::lock_guard lock(mutex_);
    return std::exchange(contacts_, {});
  }

 private:
  void run() {
    for (;;) {
      while (XPending(display_) > 0) read_event();
      pollfd fds[2] = {{ConnectionNumber(display_), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
      poll(fds, 2, -1);
      if (fds[1].revents) return;
    }
  }
  void read_event() {
    XEvent event;
    XNextEvent(display_, &event);
    if (event.type != GenericEvent || event.xcookie.extension != opcode_ || !XGetEventData(display_, &event.xcookie)) return;
    const auto* touch = static_cast<const XIDeviceEvent*>(event.xcookie.data);
    const auto phase = event.xcookie.evtype == XI_TouchBegin    ? Contact::Phase::down
                       : event.xcookie.evtype == XI_TouchUpdate ? Contact::Phase::move
                                                                : Contact::Phase::up;
    {
      std::lock_guard lock(mutex_);
      contacts_.push_back({phase, touch->detail, touch->event_x, touch->event_y});
    }
    XFreeEventData(display_, &event.xcookie);
    glfwPostEmptyEvent();
  }
  Display* display_;
  int opcode_;
  UniqueFd stop_;
  std::mutex mutex_;
  std::vector<Contact> contacts_;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Touch> Touch::make(GLFWwindow* window) {
  const Window target = glfwGetX11Window(window);
  Display* display = target ? XOpenDisplay(nullptr) : nullptr;
  if (!display) return nullptr;
  int opcode = 0, first_event = 0, first_error = 0, major = 2, minor = 2;
  unsigned char bits[XIMaskLen(XI_LASTEVENT)] = {};
  for (int event : {XI_TouchBegin, XI_TouchUpdate, XI_TouchEnd}) XISetMask(bits, event);
  XIEventMask mask{XIAllMasterDevices, sizeof bits, bits};
  if (!XQueryExtension(display, "XInputExtension", &opcode, &first_event, &first_error) ||
      XIQueryVersion(display, &major, &minor) != Success || XISelectEvents(display, target, &mask, 1) != Success) {
    XCloseDisplay(display);
    return nullptr;
  }
  XFlush(display);
  return std::make_unique<X11Touch>(display, opcode);
}

}  // namespace patella::window
