// `patella run`: the kiosk with its window.
#include <fmt/format.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <tuple>

#include "app/base64.hpp"
#include "app/commands.hpp"
#include "app/control_socket.hpp"
#include "app/edits_report.hpp"
#include "app/engine_thread.hpp"
#include "app/export_job.hpp"
#include "app/json_text.hpp"
#include "app/notice_report.hpp"
#include "app/parent.hpp"
#include "app/session_report.hpp"
#include "app/sliced_store.hpp"
#include "app/staff_list.hpp"
#include "app/window.hpp"

namespace patella::app {

namespace {

constexpr unsigned kEndWithin_s = 15;  // the store's last tries take 5

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
    ::sendto(fd.get(), state, std::strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT,
             reinterpret_cast<const sockaddr*>(&address), length);
}

struct WindowWatcher final : EngineWatcher {
  Window* window = nullptr;
  void published() override {
    if (window) window->wake();
  }
};

std::string status_json(const session::Snapshot& now) {
  nlohmann::json stations = nlohmann::json::array();
  for (const auto& tile : now.stations) {
    nlohmann::json devices = nlohmann::json::array();
    for (const auto& device : tile.devices)
      devices.push_back({{"channel", device.binding},
                         {"device", device.label},
                         {"state", device.text.empty() ? "ready" : device.text}});
    stations.push_back({{"id", tile.id},
                        {"title", tile.title},
                        {"usable", tile.can_open},
                        {"why_not", tile.why_not},
                        {"devices", devices}});
  }
  nlohmann::json in_use = nlohmann::json::array();
  for (const auto& device : now.devices_in_use) in_use.push_back({{"driver", device.driver}, {"port", device.port}});
  const nlohmann::json status{{"running", true},           {"pid", ::getpid()}, {"starting", now.starting},
                              {"station", now.station.id}, {"banners", now.banners},
                              {"stations", stations},      {"exercise", now.view.size != 0},
                              {"notices", notices_json(now.notices)}, {"devices_in_use", in_use}};
  return json_text(status);
}

std::string answer_with(const Status& status) {
  return status.ok() ? R"({"ok":true})"
                     : json_text({{"ok", false}, {"error", status.error().text()}});
}

std::string rows_answer(StoreThread& store, Result<std::string> (*read)(store::Store&)) {
  const auto rows = store.ask<Result<std::string>>(read).get();
  if (!rows) return answer_with(rows.error());
  return json_text({{"ok", true}, {"rows", nlohmann::json::parse(*rows)}});
}

/// The picture itself: whoever asks makes the file, so that the kiosk opens no path that it is given.
std::string screenshot_answer(Window& window) {
  const Result<Picture> picture = window.ask_screenshot();
  if (!picture) return answer_with(picture.error());
  const Result<std::string> png = png_of(*picture);
  if (!png) return answer_with(png.error());
  return json_text({{"ok", true}, {"png", base64_of(*png)}});
}

std::string answer_notices(const std::string& request, SnapshotSlot& slot, StoreThread& store, const std::filesystem::path& config) {
  nlohmann::json rows;
  if (flag_in(request, "all")) {
    using Rows = Result<std::vector<notices::Notice>>;
    const auto read = store.ask<Rows>([](store::Store& s) -> Rows { return s.notices_to_staff({}); }).get();
    if (!read) return answer_with(read.error());
    rows = notices_json(*read, reload_config(config, {}, {}));
  } else {
    rows = notices_json(slot.get()->notices);
  }
  return json_text({{"ok", true}, {"rows", std::move(rows)}});
}

std::string answer_acknowledge(const std::string& request, SnapshotSlot& slot, EngineThread& engine) {
  const std::string id = text_in(request, "id"), by = text_in(request, "by");
  const session::OpenNotices open = slot.get()->notices;
  const auto is = [&](const session::OpenNotice& one) { return one.notice.id == id; };
  if (by.empty() || !open || std::none_of(open->begin(), open->end(), is)) return answer_with(no_open_notice(id));
  engine.acknowledge(id, by);
  return answer_with({});
}

/// `ending`: the kiosk goes, and a long answer with it.
std::string answer(const std::string& request, SnapshotSlot& slot, StoreThread& store, Window& window, EngineThread& engine,
                   const Paths& paths, const Clock& clock, const std::atomic<bool>& ending) {
  const std::string what = text_in(request, "ask");
  if (what == "notices") return answer_notices(request, slot, store, paths.config);
  if (what == "undo_edits") return answer_undo_edits(request, paths, store, engine, clock);
  if (what == "acknowledge") return answer_acknowledge(request, slot, engine);
  if (what == "status") return status_json(*slot.get());
  if (what == "screenshot") return screenshot_answer(window);
  if (what == "sessions") {
    SlicedStore sliced(store, ending);
    return sessions_answer(sliced, request);
  }
  if (what == "calibrations") return rows_answer(store, calibrations_text);
  if (what == "band_checks") return rows_answer(store, band_checks_text);
  if (what == "staff") return rows_answer(store, staff_text);
  if (what == "export") {
    const ExportJob job = ExportJob::from_json(request);
    SlicedStore sliced(store, ending);
    const auto done = run_export(sliced, job);
    if (!done) return answer_with(done.error());
    return json_text({{"ok", true}, {"text", *done}});
  }
  return answer_with(
      Error{"not a question the kiosk knows", "", "Use status, sessions, export, mirror or screenshot"});
}

WindowOptions window_options(const RunOptions& options, const config::Kiosk& kiosk) {
  WindowOptions window;
  window.fullscreen = kiosk.fullscreen && !options.windowed;
  if (const auto size = window_size_of(options.size)) std::tie(window.width, window.height) = *size;
  return window;
}

}  // namespace

std::optional<std::pair<int, int>> window_size_of(const std::string& text) {
  int width = 0, height = 0, used = 0;
  if (std::sscanf(text.c_str(), "%5dx%5d%n", &width, &height, &used) != 2 || static_cast<std::size_t>(used) != text.size())
    return std::nullopt;
  if (width < 320 || height < 240 || width > 16384 || height > 16384) return std::nullopt;
  return std::pair(width, height);
}

int run_kiosk(const Paths& paths, const RunOptions& options) {
  if (!make_state_folder(paths)) return 1;
  Log log(LogLevel::info, paths.state / "kiosk.log");
  SystemClock clock;
  MirrorSlot mirror;
  // For the window alone. What the stations need is read with the plugins, which may take its time.
  const config::Kiosk site = config::load_kiosk_file(paths.config);
  // Signals are taken by one thread; all threads made from here on inherit the mask.
  sigset_t mask;
  sigemptyset(&mask);
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&mask, signal);
  pthread_sigmask(SIG_BLOCK, &mask, nullptr);
  auto window = Window::make(window_options(options, site), clock, log, mirror);
  if (!window) {
    fmt::print(stderr, "{}\n", window.error().text());
    return 1;
  }
  auto store = StoreThread::make(database_file(paths), clock, log);
  if (!store) {
    fmt::print(stderr, "{}\n", store.error().text());
    return 1;
  }
  SnapshotSlot slot;
  slot.put(starting_snapshot(site, clock));
  WindowWatcher watcher;
  watcher.window = window->get();
  std::atomic<bool> ending{false};
  Ended ended{};
  {
    EngineThread engine(paths, **store, slot, clock, log, watcher);
    auto control = ControlSocket::make(
        control_file(paths), mirror,
        [&](const std::string& request) { return answer(request, slot, **store, **window, engine, paths, clock, ending); }, log);
    if (!control) {
      fmt::print(stderr, "{}\n", control.error().text());
      return 1;
    }
    std::jthread signals([&, mask](const std::stop_token& stop) {
      const timespec second{1, 0};
      while (!stop.stop_requested())
        if (sigtimedwait(&mask, nullptr, &second) > 0) {
          ::alarm(kEndWithin_s);  // whoever watched over this process may be gone: an end that hangs is cut off
          (*window)->close();
        }
    });
    notify_systemd("READY=1");
    // In the second round, so that the first frame is on the screen: a dozen children that are looked at take the processor.
    int rounds = 0;
    const auto each_round = [&] {
      if (rounds < 2 && ++rounds == 2) engine.start();
      if (rounds == 1) (*window)->wake();
      notify_systemd("WATCHDOG=1");
    };
    ended = (*window)->run(slot, [&](const session::Tap& tap) { engine.post(tap); }, each_round);
    notify_systemd("STOPPING=1");
    engine.end();
    ending = true;
  }
  store.value().reset();
  return ended == Ended::window_closed ? int{kExitWindowClosed} : 0;
}

}  // namespace patella::app
