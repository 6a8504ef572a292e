// Figures of the links, printed: run by hand or by the bench, on a quiet machine. No limits are checked here.
#include <signal.h>
#include <sys/resource.h>

#include <cstdio>
#include <fstream>

#include "harness.hpp"
#include "plugins/mischief.hpp"

using namespace faults_test;

namespace {

double percentile(std::vector<double>& values, double part) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

struct LatencySink final : DriverSink {
  const SystemClock& clock;
  std::vector<double> us;
  explicit LatencySink(const SystemClock& c) : clock(c) {}
  void samples(std::span<const LinkSample> list) override {
    const int64_t now_us = clock.now_us() % 1'000'000'000;
    for (const LinkSample& sample : list) us.push_back(static_cast<double>(now_us) - sample.value);
  }
  void state(LinkState, const Messages&) override {}
  void notice(const Messages&) override {}
  void identity(const std::string&, const std::string&, const std::string&) override {}
  void command_done(const std::string&, bool, const Messages&) override {}
  void lost_samples(uint64_t) override {}
};

double pss_kib(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/smaps_rollup");
  std::string word;
  double kib = 0;
  while (file >> word)
    if (word == "Pss:" && file >> kib) return kib;
  return 0;
}

/// Processor time of this process and of its ended children.
double cpu_s() {
  double total_s = 0;
  for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage use{};
    getrusage(who, &use);
    for (const timeval& time : {use.ru_utime, use.ru_stime})
      total_s += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  }
  return total_s;
}

std::vector<Record> one_hour() {
  std::vector<Record> records;
  for (int i = 1; i <= 360'000; ++i) {
    records.push_back({records.size() + 1, int64_t{i} * 10'000, i % 600 + 0.25, RecordKind::sample, 0, 0, 0});
    if (i % 5 == 0) records.push_back({records.size() + 1, int64_t{i} * 10'000, 0, RecordKind::tick, 0, 0, 0});
  }
  return records;
}

void latency(const HostOptions& options, const PluginInfo& plugin, Log& log) {
  const SystemClock clock;
  LatencySink sink(clock);
  const auto link = DriverLink::make(options, plugin, {{"", ""}, mischief_params(faults::of_driver::kStamped, 1'000'000), {}},
                                     clock, log, sink);
  run_until([&] { return sink.us.size() > 5'000; }, *link);
  std::printf("sample, child to sink, 1 kHz: p50 %.0f us, p99 %.0f us, worst %.0f us (%zu samples)\n", percentile(sink.us, 0.5),
              percentile(sink.us, 0.99), percentile(sink.us, 1), sink.us.size());
  std::printf("PSS of a driver's child: %.0f KiB\n", pss_kib(link->child_pid()));
}

void again(const HostOptions& options, const PluginInfo& plugin, Log& log) {
  const SystemClock clock;
  std::vector<double> noticed_ms, flowing_ms, hang_ms;
  for (int round = 0; round < 10; ++round) {
    DriverRecord record;
    const auto link = DriverLink::make(options, plugin, {{"", ""}, mischief_params(0), {}}, clock, log, record);
    run_until([&] { return record.count > 50; }, *link);
    const auto since_ms = [&](int64_t from_us) { return static_cast<double>(clock.now_us() - from_us) * 1e-3; };
    int64_t from_us = clock.now_us();
    kill(link->child_pid(), SIGKILL);
    run_until([&] { return record.times(LinkState::down) == 1; }, *link);
    noticed_ms.push_back(since_ms(from_us));
    const uint64_t before = record.count;
    run_until([&] { return record.count > before; }, *link);
    flowing_ms.push_back(since_ms(from_us));
    run_until([&] { return record.count > before + 50; }, *link);
    from_us = clock.now_us();
    kill(link->child_pid(), SIGSTOP);
    run_until([&] { return record.times(LinkState::down) == 2; }, *link);
    hang_ms.push_back(since_ms(from_us));
  }
  std::printf("kill -9, noticed: p50 %.1f ms, worst %.1f ms\n", percentile(noticed_ms, 0.5), percentile(noticed_ms, 1));
  std::printf("kill -9, samples again (0.25 s back-off included): p50 %.0f ms, worst %.0f ms\n", percentile(flowing_ms, 0.5),
              percentile(flowing_ms, 1));
  std::printf("hang noticed and ended: p50 %.0f ms, worst %.0f ms\n", percentile(hang_ms, 0.5), percentile(hang_ms, 1));
}

void replay(const HostOptions& options, const PluginInfo& module, int mischief) {
  const SystemClock clock;
  const std::vector<Record> records = one_hour();
  ModuleLink::Start start;
  start.params = mischief_params(mischief);
  std::vector<double> ms;
  std::size_t outputs = 0;
  const double cpu_before_s = cpu_s();
  for (int round = 0; round < 9; ++round) {
    const int64_t from_us = clock.now_us();
    const auto result = run_module(options, module, start, records);
    ms.push_back(static_cast<double>(clock.now_us() - from_us) * 1e-3);
    if (!result) {
      std::printf("replay failed: %s\n", result.error().text().c_str());
      return;
    }
    outputs = result->size();
  }
  std::printf(
      "replay of 1 h at 100 Hz (%zu records, %zu outputs): best %.0f ms, p50 %.0f ms, worst %.0f ms, "
      "%.0f ms of processor time in both processes\n",
      records.size(), outputs, percentile(ms, 0), percentile(ms, 0.5), percentile(ms, 1),
      (cpu_s() - cpu_before_s) * 1e3 / static_cast<double>(ms.size()));
}

}  // namespace

int main() {
  const HostOptions options = host_options();
  Log log(LogLevel::error);
  const auto driver = describe(options.host_program, manifest("fault_driver", Manifest::Kind::driver));
  const auto module = describe(options.host_program, manifest("fault_module", Manifest::Kind::exercise));
  if (!driver || !module) return 1;
  latency(options, *driver, log);
  again(options, *driver, log);
  replay(options, *module, faults::of_module::kQuiet);
  replay(options, *module, faults::kNone);
  return 0;
}
