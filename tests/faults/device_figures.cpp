// Figures of devices, printed: what one child carries, how long a sample takes from the end of its transfer to the kiosk, what
// devices cost. Real drivers in confined children on emulated devices; the emulator's own work is not counted, but each transfer
// of a child goes through umockdev, which a real kernel spares. Run by the bench, on a quiet machine. No limits are checked here.
#include <time.h>

#include <cstdio>
#include <fstream>

#include "emulated_harness.hpp"
#include "emulator/go_direct_model.hpp"
#include "emulator/linescale3_model.hpp"
#include "emulator/pm5_model.hpp"

using namespace faults_test;

namespace {

double percentile(std::vector<double>& values, double part) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

/// Processor time of a process; of this thread, which serves the links as the kiosk's session thread does.
double process_cpu_s(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/schedstat");
  double ran_ns = 0;
  file >> ran_ns;
  return ran_ns * 1e-9;
}
double thread_cpu_s() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

struct Counting final : DriverSink {
  const SystemClock& clock;
  uint64_t count = 0, lost = 0;
  std::vector<double> late_us;  ///< from the sample's time to its arrival here
  std::string trouble;
  explicit Counting(const SystemClock& c) : clock(c) {}
  void samples(std::span<const LinkSample> list) override {
    const int64_t now_us = clock.now_us();
    count += list.size();
    for (const LinkSample& sample : list) late_us.push_back(static_cast<double>(now_us - sample.t_us));
  }
  void state(LinkState state, const Messages& text) override {
    if (state == LinkState::down || state == LinkState::quarantined) trouble = english(text);
  }
  void notice(const Messages&) override {}
  void identity(const std::string&, const std::string&, const std::string&) override {}
  void command_done(const std::string&, bool, const Messages&) override {}
  void lost_samples(uint64_t n) override { lost += n; }
};

struct Fleet {
  SystemClock clock;
  Log log{LogLevel::error};
  struct Member {
    Counting sink;
    std::unique_ptr<DriverLink> link;
    explicit Member(const SystemClock& c) : sink(c) {}
  };
  std::vector<std::unique_ptr<Member>> members;

  void add(const HostOptions& options, const PluginInfo& plugin, DriverLink::Binding binding) {
    members.push_back(std::make_unique<Member>(clock));
    Member& one = *members.back();
    one.link = DriverLink::make(options, plugin, std::move(binding), clock, log, one.sink);
  }
  bool run_until(const std::function<bool()>& done, int64_t limit_us) {
    const int64_t until_us = clock.now_us() + limit_us;
    std::vector<pollfd> fds;
    while (clock.now_us() < until_us) {
      fds.clear();
      int64_t next_us = until_us;
      for (const auto& one : members) {
        one->link->service();
        fds.push_back({one->link->wait_fd(), POLLIN, 0});
        next_us = std::min(next_us, one->link->deadline_us());
      }
      if (done()) return true;
      poll(fds.data(), fds.size(), static_cast<int>(std::clamp<int64_t>((next_us - clock.now_us()) / 1000 + 1, 0, 1000)));
    }
    return false;
  }
  void run_for(double seconds) {
    run_until([] { return false; }, static_cast<int64_t>(seconds * 1e6));
  }
  bool all_flow(uint64_t samples) {
    return run_until(
        [&] { return std::all_of(members.begin(), members.end(), [&](const auto& one) { return one->sink.count > samples; }); },
        30'000'000);
  }
  void start_again() {
    for (const auto& one : members) one->sink.count = one->sink.lost = 0, one->sink.late_us.clear();
  }
  uint64_t total() const {
    uint64_t sum = 0;
    for (const auto& one : members) sum += one->sink.count;
    return sum;
  }
  uint64_t lost() const {
    uint64_t sum = 0;
    for (const auto& one : members) sum += one->sink.lost;
    return sum;
  }
  double children_cpu_s() const {
    double sum = 0;
    for (const auto& one : members) sum += process_cpu_s(one->link->child_pid());
    return sum;
  }
};

constexpr double kSeconds = 10;

[[noreturn]] void give_up(const Error& why) {
  std::fprintf(stderr, "%s\n", why.text().c_str());
  std::exit(1);
}

PluginInfo plugin(const Manifest& manifest) {
  const Result<PluginInfo> info = describe(host_options().host_program, manifest);
  if (!info) give_up(info.error());
  return *info;
}

PluginInfo shipped(const std::string& name) {
  for (const Manifest& candidate : find_plugins({PATELLA_BUILD_DIR "/plugins"}).plugins)
    if (candidate.folder == name) return plugin(candidate);
  give_up({"there is no such plugin", name, "Build it"});
}

/// Plugged in as long as this lives.
struct Plugged {
  emulator::MockBus& bus;
  std::string name;
  template <class Model>
  Plugged(emulator::MockBus& where, const std::string& as, std::unique_ptr<Model> model) : bus(where), name(as) {
    Status done = bus.add(name, std::move(model));
    if (done) done = bus.plug(name);
    if (!done) give_up(done.error());
  }
  ~Plugged() { static_cast<void>(bus.unplug(name)); }
  Plugged(const Plugged&) = delete;
};

struct Cost {
  double rate_hz, children_percent, kiosk_percent;
};
Cost measure(Fleet& fleet) {
  fleet.start_again();
  const double children_s = fleet.children_cpu_s(), thread_s = thread_cpu_s();
  const int64_t from_us = fleet.clock.now_us();
  fleet.run_for(kSeconds);
  const double passed_s = static_cast<double>(fleet.clock.now_us() - from_us) * 1e-6;
  return {static_cast<double>(fleet.total()) / passed_s, (fleet.children_cpu_s() - children_s) / passed_s * 100,
          (thread_cpu_s() - thread_s) / passed_s * 100};
}

void carried() {
  const PluginInfo driver = plugin(manifest("stream_driver", Manifest::Kind::driver));
  for (const int per_channel : {1, 5, 10, 19}) {  // 20 a millisecond are the limit of a channel: a flood
    Fleet fleet;
    fleet.add(host_options(), driver, {{"", ""}, {{"per_channel", -1, static_cast<double>(per_channel), {}}}, {}});
    if (!fleet.all_flow(1000)) return static_cast<void>(std::printf("no samples: %s\n", fleet.members[0]->sink.trouble.c_str()));
    const Cost cost = measure(fleet);
    std::printf("one child, 32 channels: %.0f samples/s, %llu lost; child %.1f %%, kiosk %.1f %% of a core%s\n", cost.rate_hz,
                static_cast<unsigned long long>(fleet.lost()), cost.children_percent, cost.kiosk_percent,
                fleet.members[0]->sink.trouble.empty() ? "" : (" (" + fleet.members[0]->sink.trouble + ")").c_str());
  }
}

void from_transfer(emulator::MockBus& bus) {
  const Plugged bike(bus, "bike", std::make_unique<emulator::Pm5Model>());
  Fleet fleet;
  fleet.add(emulated(), shipped("concept2_pm5"), {});
  if (!fleet.all_flow(50)) give_up({"no samples", "concept2_pm5", ""});
  fleet.start_again();
  fleet.run_for(3 * kSeconds);
  auto& late_us = fleet.members[0]->sink.late_us;
  std::printf(
      "end of a transfer to the kiosk (PM5, whose samples bear that time): p50 %.0f us, p99 %.0f us, worst %.0f us (%zu "
      "samples)\n",
      percentile(late_us, 0.5), percentile(late_us, 0.99), percentile(late_us, 1), late_us.size());
}

void cost_of(const char* what, Fleet& fleet) {
  if (!fleet.all_flow(100)) give_up({"no samples", what, ""});
  const Cost cost = measure(fleet);
  std::printf("%s: %.0f samples/s, %llu lost; children %.1f %%, kiosk %.1f %% of a core\n", what, cost.rate_hz,
              static_cast<unsigned long long>(fleet.lost()), cost.children_percent, cost.kiosk_percent);
}

void eight(emulator::MockBus& bus) {
  const PluginInfo driver = shipped("go_direct");
  const HostOptions options = emulated();
  std::vector<std::unique_ptr<Plugged>> devices;
  Fleet fleet;
  for (int i = 0; i < 8; ++i) {
    emulator::GoDirectModel::Options model;
    model.serial = "GDX" + std::to_string(i);
    devices.push_back(std::make_unique<Plugged>(bus, model.serial, std::make_unique<emulator::GoDirectModel>(model)));
    fleet.add(options, driver, {{model.serial, ""}, {}, {}});
  }
  cost_of("eight devices at 100 Hz (Go Direct)", fleet);
}

void fastest(emulator::MockBus& bus) {
  emulator::LineScale3Model::Options model;
  model.baud = 460'800;
  const Plugged cell(bus, "cell", std::make_unique<emulator::LineScale3Model>(model));
  constexpr double k1280Hz = 3, k460800 = 1;
  Fleet fleet;
  fleet.add(emulated(), shipped("linescale3"), {{"", ""}, {{"rate", -1, k1280Hz, {}}, {"line_speed", -1, k460800, {}}}, {}});
  cost_of("one device set to 1280 Hz (LineScale 3, whose slow clock makes it 1149)", fleet);
}

}  // namespace

int main() {
  auto bus = emulator::MockBus::make();  // before any child, which finds its folder in the environment
  if (!bus) give_up(bus.error());
  setenv("LD_PRELOAD", emulator::MockBus::preload_library(), 1);
  carried();
  from_transfer(**bus);
  eight(**bus);
  fastest(**bus);
  return 0;
}
