// A small kiosk that runs one hostile plugin and then says what became of itself. Its own program, so that an attack that
// works is a result and not the end of the test:
//
//   attacked_kiosk driver|module LIBRARY describe|link [--unconfined]
//
// Prints one line: INTACT or HARMED (what), then how the plugin's process ended.
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "base/files.hpp"
#include "plugin_link/links.hpp"
#include "plugins/hostile_marks.hpp"

namespace {

using namespace patella;
using namespace patella::plugin_link;

constexpr int64_t kLimitUs = 20'000'000;
constexpr int64_t kBeforeDeathUs = 1'500'000;  ///< an unconfined plugin that wants to outlive us has long said so

/// What another process could change about this one.
struct Standing {
  std::array<rlimit, RLIM_NLIMITS> limits{};
  int nice = 0, scheduler = 0;
  long disk = 0;
  cpu_set_t processors{};
  uint64_t canary = 0;
  std::string clients, database;
};

volatile uint64_t& canary() { return *reinterpret_cast<volatile uint64_t*>(hostile::kCanaryAt); }

std::string content(const std::string& file) {
  const auto text = read_file(file, 1u << 20);
  return text ? *text : "gone";
}

Standing look(const std::string& state) {
  Standing now;
  for (int i = 0; i < RLIM_NLIMITS; ++i) getrlimit(static_cast<__rlimit_resource>(i), &now.limits[static_cast<std::size_t>(i)]);
  now.nice = getpriority(PRIO_PROCESS, 0);
  now.scheduler = sched_getscheduler(0);
  now.disk = syscall(SYS_ioprio_get, 1, 0);
  sched_getaffinity(0, sizeof now.processors, &now.processors);
  now.canary = canary();
  now.clients = content(state + "/" + hostile::kClientsFile);
  now.database = content(state + "/" + hostile::kDatabaseFile);
  return now;
}

std::string difference(const Standing& was, const Standing& now) {
  for (std::size_t i = 0; i < was.limits.size(); ++i)
    if (was.limits[i].rlim_cur != now.limits[i].rlim_cur || was.limits[i].rlim_max != now.limits[i].rlim_max)
      return "limit " + std::to_string(i);
  if (was.nice != now.nice) return "nice";
  if (was.scheduler != now.scheduler) return "scheduler";
  if (was.disk != now.disk) return "priority at the disk";
  if (!CPU_EQUAL(&was.processors, &now.processors)) return "processors";
  if (was.canary != now.canary) return "memory";
  if (was.clients != now.clients) return "clients";
  if (was.database != now.database) return "database";
  return "";
}

struct Driver final : DriverSink {
  std::string end;
  void samples(std::span<const LinkSample>) override {}
  void state(LinkState state, const Messages& text) override {
    if (end.empty() && (state == LinkState::down || state == LinkState::quarantined)) end = english(text);
  }
  void notice(const Messages&) override {}
  void identity(const std::string&, const std::string&, const std::string&) override {}
  void command_done(const std::string&, bool, const Messages&) override {}
  void lost_samples(uint64_t) override {}
};

struct Module final : ModuleSink {
  std::string end;
  void output(const ModuleOutput&) override {}
  void differs(const ModuleOutput&, const ModuleOutput&) override {}
  void state(LinkState state, const Messages& text) override {
    if (end.empty() && (state == LinkState::down || state == LinkState::quarantined)) end = english(text);
  }
};

template <class Link>
void serve(Link& link, const std::string& end, bool dies) {
  const SystemClock clock;
  const int64_t from_us = clock.now_us();
  while (end.empty() && clock.now_us() - from_us < kLimitUs) {
    link.service();
    if (!end.empty()) return;
    if (dies && clock.now_us() - from_us > kBeforeDeathUs) kill(getpid(), SIGKILL);
    pollfd fd{link.wait_fd(), POLLIN, 0};
    poll(&fd, 1, static_cast<int>(std::clamp<int64_t>((link.deadline_us() - clock.now_us()) / 1000 + 1, 0, 100)));
  }
}

PluginInfo plugin_of(const std::string& library, bool driver) {
  PluginInfo info;
  info.folder = info.manifest.name = info.name = "hostile";
  info.manifest.library = library;
  info.manifest.id = info.id = "org.patella.test.hostile";
  info.manifest.version = info.version = "1.0.0";
  info.manifest.kind = driver ? Manifest::Kind::driver : Manifest::Kind::exercise;
  info.manifest.abi_major = 1;
  info.manifest.transport = driver ? "none" : "";
  params::ChannelSpec channel;
  channel.key = driver ? "count" : "force";
  channel.max = 1e9;
  channel.nominal_rate_hz = 1000;
  info.channels.push_back(channel);
  return info;
}

std::string run_driver(const HostOptions& options, const PluginInfo& plugin, bool dies) {
  const SystemClock clock;
  Log log(LogLevel::error);
  Driver sink;
  const auto link = DriverLink::make(options, plugin, {}, clock, log, sink);
  serve(*link, sink.end, dies);
  return sink.end;
}

std::string run_module_until_end(const HostOptions& options, const PluginInfo& plugin, bool dies) {
  const SystemClock clock;
  Log log(LogLevel::error);
  Module sink;
  const auto link = ModuleLink::make(options, plugin, {}, clock, log, sink);
  const Record record{1, clock.now_us(), 1, RecordKind::sample, 0, 0, 0};
  link->feed(std::span(&record, 1));
  serve(*link, sink.end, dies);
  return sink.end;
}

void listen_at(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  unlink(path.c_str());
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(fd, 4) != 0) std::perror("control socket");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  const bool driver = std::string_view(argv[1]) == "driver", describes = std::string_view(argv[3]) == "describe";
  const std::filesystem::path library = argv[2];
  const std::string state = library.parent_path().parent_path().parent_path().string();
  HostOptions options;
  options.host_program = PATELLA_BUILD_DIR "/bin/patella-plugin-host";
  options.allow_no_device = true;
  options.confine = argc < 5;
  prctl(PR_SET_DUMPABLE, 0);  // as the kiosk does
  void* page = mmap(reinterpret_cast<void*>(hostile::kCanaryAt), 4096, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (page == MAP_FAILED) return 2;
  canary() = hostile::kCanary;
  listen_at(state + "/" + hostile::kControlFile);

  const Standing before = look(state);
  const PluginInfo plugin = plugin_of(library.string(), driver);
  const bool dies = library.parent_path().filename().string().find(".outlive_parent") != std::string::npos;
  std::string end;
  if (describes) {
    const auto info = describe(options.host_program, plugin.manifest);
    end = info ? "described" : info.error().what;
  } else {
    end = driver ? run_driver(options, plugin, dies) : run_module_until_end(options, plugin, dies);
  }
  const std::string harm = difference(before, look(state));
  std::printf("%s %s\n", harm.empty() ? "INTACT" : ("HARMED (" + harm + ")").c_str(), end.c_str());
  return 0;
}
