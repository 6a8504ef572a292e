// From a sample in a driver's process to a snapshot in another thread of the kiosk: ring, session thread, session core, module,
// snapshot slot, one hop to the thread that draws. 100 Hz, an exercise open, everything stored.
//
//   bench_latency CONFIG SECONDS      CONFIG: a folder whose station "tke" is bound to faulty_force
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
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

/// The floor under the figures below: a sample needs two such wake-ups (child to session thread, session thread to window).
double wake_up_us(const Clock& clock) {
  const UniqueFd there(eventfd(0, EFD_CLOEXEC)), back(eventfd(0, EFD_CLOEXEC));
  std::vector<int64_t> taken_us;
  std::atomic<int64_t> woken_us{0};
  eventfd_t ignored = 0;
  constexpr int kRounds = 300;
  std::thread sleeper([&] {
    eventfd_t count = 0;
    for (int i = 0; i < kRounds; ++i) {
      eventfd_read(there.get(), &count);
      woken_us = clock.now_us();
      eventfd_write(back.get(), 1);
    }
  });
  for (int i = 0; i < kRounds; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const int64_t from_us = clock.now_us();
    eventfd_write(there.get(), 1);
    eventfd_read(back.get(), &ignored);
    taken_us.push_back(woken_us - from_us);
  }
  sleeper.join();
  return percentile(taken_us, 0.5);
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
  std::vector<int64_t> latencies_us;
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
        for (const auto& question : now->questions) engine.post(session::taps::Answer{question.id, false});
        engine.post(session::taps::Next());
      }
      if (now->screen == session::Screen::set_up && now->can_continue && !started) {
        started = true;
        engine.post(session::taps::Start());
      }
      const int64_t measured_us = now->made_us - now->channels[0].age_us;
      if (!started || measured_us == seen_us) continue;
      seen_us = measured_us;
      latencies_us.push_back(now_us - measured_us);
    }
  }
  store.value().reset();
  std::filesystem::remove_all(state);
  fmt::print("# one wake-up of a sleeping thread takes {:.0f} us (median)\n", wake_up_us(clock));
  fmt::print("sample_to_snapshot_p50 {:.0f} us 50\n", percentile(latencies_us, 0.5));
  fmt::print("sample_to_snapshot_p99 {:.0f} us 2000\n", percentile(latencies_us, 0.99));
  fmt::print("# {} samples\n", latencies_us.size());
  return latencies_us.empty() ? 1 : 0;
}
