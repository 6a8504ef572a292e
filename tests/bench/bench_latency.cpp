// From a sample in a driver's process to a snapshot in another thread of the kiosk: ring, session thread, session core, module,
// snapshot slot, one hop to the thread that draws. 100 Hz, an exercise open, everything stored.
//
//   bench_latency CONFIG SECONDS      CONFIG: a folder whose station "tke" is bound to faulty_force
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <thread>
#include <vector>

#include "runtime/engine.hpp"
#include "runtime/session_thread.hpp"
#include "runtime/store_thread.hpp"

using namespace patella;

namespace {

struct Hop final : runtime::EngineWatcher {
  UniqueFd fd{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  void published() override { eventfd_write(fd.get(), 1); }
};

double percentile(std::vector<int64_t>& values, double part) {
  if (values.empty()) return -1;
  std::sort(values.begin(), values.end());
  return static_cast<double>(values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))]);
}

/// The floor under the figures: the same way with nothing on it. Another process notes the time and wakes a thread of this one, as a
/// driver's child wakes the session thread; that one wakes the thread that measures, as the window is woken.
void two_wake_ups(const Clock& clock, std::vector<int64_t>& taken_us) {
  constexpr int kRounds = 300, kEveryUs = 10'000;
  const UniqueFd there(eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE)), on(eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE));
  void* shared = mmap(nullptr, sizeof(std::atomic<int64_t>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return;
  auto& from_us = *new (shared) std::atomic<int64_t>(0);
  const pid_t driver = fork();
  if (driver < 0) return;
  if (driver == 0) {
    for (int i = 0; i < kRounds; ++i) {
      usleep(kEveryUs);
      from_us = clock.now_us();
      eventfd_write(there.get(), 1);
    }
    _exit(0);
  }
  std::thread session([&] {
    eventfd_t count = 0;
    for (int i = 0; i < kRounds; ++i) {
      eventfd_read(there.get(), &count);
      eventfd_write(on.get(), 1);
    }
  });
  eventfd_t count = 0;
  for (int i = 0; i < kRounds; ++i) {
    eventfd_read(on.get(), &count);
    taken_us.push_back(clock.now_us() - from_us);
  }
  session.join();
  waitpid(driver, nullptr, 0);
  munmap(shared, sizeof(std::atomic<int64_t>));
}

/// Of all threads of this process: the kiosk without its window, and what stands here for that.
int64_t cpu_us() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return int64_t{used.tv_sec} * 1'000'000 + used.tv_nsec / 1000;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::filesystem::path state = std::filesystem::temp_directory_path() / fmt::format("patella-bench-{}", getpid());
  std::filesystem::create_directories(state);
  const runtime::Paths paths = runtime::find_paths(argv[1], state.string());
  SystemClock clock;
  Log log(LogLevel::error);
  const plugin_link::HostOptions host = runtime::host_options(paths);
  auto store = runtime::StoreThread::make(state / "patella.db", clock, log);
  if (!store) return 1;
  std::vector<int64_t> latencies_us, floor_us;
  two_wake_ups(clock, floor_us);
  int64_t cpu_from_us = 0, cpu_to_us = 0;
  {
    runtime::SnapshotSlot slot;
    Hop hop;
    plugin_link::ProcessLinks links(host, clock, log);
    runtime::SessionThread session_thread;
    runtime::Engine engine(runtime::assemble(paths, host), links, **store, slot, clock, log, hop, session_thread);
    engine.start({runtime::ResumePolicy::Kind::close, ""});
    for (const session::Tap& tap : {session::Tap(session::taps::OpenStation{"tke"}), session::Tap(session::taps::ChooseGuest()),
                                    session::Tap(session::taps::SetPain{0})})
      engine.post(tap);
    bool answered = false, started = false;
    int64_t seen_us = 0;
    const int64_t until_us = clock.now_us() + std::atoll(argv[2]) * 1'000'000;
    while (clock.now_us() < until_us) {
      pollfd wait{hop.fd.get(), POLLIN, 0};
      poll(&wait, 1, 1000);
      const session::SnapshotPtr now = slot.get();
      const int64_t now_us = clock.now_us();
      eventfd_t ignored = 0;
      eventfd_read(hop.fd.get(), &ignored);
      if (now->screen == session::Screen::screening && !answered) {
        answered = true;
        for (const auto& question : *now->questions) engine.post(session::taps::Answer{question.id, false});
        engine.post(session::taps::Next());
      }
      if (now->screen == session::Screen::set_up && now->can_continue && !started) {
        started = true;
        engine.post(session::taps::Start());
      }
      const int64_t measured_us = now->made_us - now->channels[0].age_us;
      if (!started || measured_us == seen_us) continue;
      seen_us = measured_us;
      if (latencies_us.empty()) cpu_from_us = cpu_us();
      latencies_us.push_back(now_us - measured_us);
    }
    cpu_to_us = cpu_us();
  }
  store.value().reset();
  std::filesystem::remove_all(state);
  two_wake_ups(clock, floor_us);
  fmt::print("sample_to_snapshot_p50 {:.0f} us 30\n", percentile(latencies_us, 0.5));
  fmt::print("sample_to_snapshot_p99 {:.0f} us 1000\n", percentile(latencies_us, 0.99));
  fmt::print("# of these, two wake-ups of sleeping threads with nothing between them: {:.0f} us (p50), {:.0f} us (p99)\n",
             percentile(floor_us, 0.5), percentile(floor_us, 0.99));
  fmt::print("processor_time_per_sample {:.1f} us\n",
             static_cast<double>(cpu_to_us - cpu_from_us) / static_cast<double>(std::max<std::size_t>(1, latencies_us.size())));
  fmt::print("# {} samples\n", latencies_us.size());
  return latencies_us.empty() ? 1 : 0;
}
