// `patella run`: the kiosk with its window.
#include "run_kiosk.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <future>
#include <thread>
#include <tuple>

#include "cli/parent.hpp"
#include "runtime/answers.hpp"
#include "runtime/control_socket.hpp"
#include "runtime/engine_thread.hpp"
#include "text/language.hpp"
#include "window/window.hpp"

namespace patella {

namespace {

using namespace runtime;
using window::Window;

constexpr unsigned kEndWithinS = 15;  // the store's last tries take 5

/// Tells systemd, when it watches. Nothing else depends on it.
void notify_systemd(const char* state) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  if (!path || std::strlen(path) >= sizeof(sockaddr_un::sun_path)) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, path);
  if (path[0] == '@') address.sun_path[0] = '\0';
  UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + std::strlen(path));
  if (fd)
    ::sendto(fd.get(), state, std::strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&address),
             length);
}

struct WindowWatcher final : EngineWatcher {
  Window* screen = nullptr;
  void published() override {
    if (screen) screen->wake();
  }
};

window::WindowOptions window_options(const cli::RunOptions& options, const config::Kiosk& kiosk) {
  window::WindowOptions wanted;
  wanted.fullscreen = kiosk.fullscreen && !options.windowed;
  wanted.language = shown_language(kiosk);
  if (const auto size = cli::window_size_of(options.size)) std::tie(wanted.width, wanted.height) = *size;
  return wanted;
}

Result<std::string> picture_of(Window& screen) {
  const Result<window::Picture> picture = screen.ask_screenshot();
  if (!picture) return picture.error();
  return window::png_of(*picture);
}

}  // namespace

int run_kiosk(const Paths& paths, const cli::RunOptions& options) {
  if (!make_state_folder(paths)) return 1;
  Log log(LogLevel::info, paths.state / "kiosk.log");
  SystemClock clock;
  MirrorSlot mirror;
  // For the window alone. What the stations need is read with the plugins, which may take its time.
  const config::Kiosk site = config::load_kiosk_file(paths.config);
  // Before any thread: it sets the process's language of messages. English works whatever becomes of it.
  if (const auto languages = text::open_catalogues(paths.locale); !languages) log.error("{}", languages.error().text());
  Window::prepare_process();
  // Signals are taken by one thread; all threads made from here on inherit the mask.
  sigset_t mask;
  sigemptyset(&mask);
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&mask, signal);
  pthread_sigmask(SIG_BLOCK, &mask, nullptr);
  // The store's file is opened while the window is made.
  auto opened =
      std::async(std::launch::async | std::launch::deferred, [&] { return StoreThread::make(database_file(paths), clock, log); });
  auto screen =
      Window::make(window_options(options, site), clock, log, [&mirror](std::string line) { mirror.put(std::move(line)); });
  if (!screen) {
    fmt::print(stderr, "{}\n", screen.error().text());
    return 1;
  }
  auto store = opened.get();
  if (!store) {
    fmt::print(stderr, "{}\n", store.error().text());
    return 1;
  }
  SnapshotSlot slot;
  slot.put(starting_snapshot(site, clock));
  WindowWatcher watcher;
  watcher.screen = screen->get();
  std::atomic<bool> ending{false};
  window::Ended ended{};
  {
    EngineThread engine(paths, **store, slot, clock, log, watcher);
    const AnswerSources sources{slot, **store, engine, paths, clock, ending, [&screen] { return picture_of(**screen); }};
    auto control = ControlSocket::make(
        control_file(paths), mirror, [&sources](const std::string& request) { return answer(request, sources); }, log);
    if (!control) {
      fmt::print(stderr, "{}\n", control.error().text());
      return 1;
    }
    std::jthread signals([&, mask](const std::stop_token& stop) {
      const timespec second{1, 0};
      while (!stop.stop_requested())
        if (sigtimedwait(&mask, nullptr, &second) > 0) {
          ::alarm(kEndWithinS);  // whoever watched over this process may be gone: an end that hangs is cut off
          (*screen)->close();
        }
    });
    notify_systemd("READY=1");
    // In the second round, so that the first frame is on the screen: a dozen children that are looked at take the processor.
    int rounds = 0;
    const auto each_round = [&] {
      if (rounds < 2 && ++rounds == 2) engine.start();
      if (rounds == 1) (*screen)->wake();
      notify_systemd("WATCHDOG=1");
    };
    ended = (*screen)->run([&slot] { return slot.get(); }, [&engine](const session::Tap& tap) { engine.post(tap); }, each_round);
    notify_systemd("STOPPING=1");
    engine.end();
    ending = true;
  }
  store.value().reset();
  return ended == window::Ended::window_closed ? int{cli::kExitWindowClosed} : 0;
}

}  // namespace patella
