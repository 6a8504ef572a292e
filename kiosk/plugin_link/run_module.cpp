#include <poll.h>

#include <algorithm>

#include <fmt/format.h>

#include "plugin_link/links.hpp"

namespace patella::plugin_link {
namespace {

struct Collector final : ModuleSink {
  std::vector<ModuleOutput> outputs;
  std::string difference, given_up;
  void output(const ModuleOutput& output) override { outputs.push_back(output); }
  void differs(const ModuleOutput&, const ModuleOutput& now) override {
    difference = fmt::format("The module was started again and then said something else (output {}, after record {})",
                             now.ordinal, now.after_seq);
  }
  void state(LinkState state, const Messages& text) override {
    if (state == LinkState::quarantined) given_up = english(text);
  }
};

}  // namespace

Result<std::vector<ModuleOutput>> run_module(const HostOptions& options, const PluginInfo& plugin, const ModuleLink::Start& start,
                                             std::span<const Record> records, double timeout_s) {
  const SystemClock clock;
  Log log(LogLevel::error);
  Collector collector;
  const auto link = ModuleLink::make(options, plugin, start, clock, log, collector);
  link->feed(records);
  const uint64_t last_seq = records.empty() ? 0 : records.back().seq;
  const auto timeout_us = static_cast<int64_t>(timeout_s * 1e6);
  int64_t progress_us = clock.now_us();
  uint64_t progress_seq = 0;
  while (link->state() != LinkState::live || link->done_seq() < last_seq) {
    link->service();
    if (!collector.given_up.empty()) return Error{collector.given_up, plugin.name, ""};
    if (!collector.difference.empty()) return Error{collector.difference, plugin.name, "Tell who made the module"};
    const int64_t now_us = clock.now_us();
    if (link->done_seq() != progress_seq) {
      progress_seq = link->done_seq();
      progress_us = now_us;
    }
    if (now_us - progress_us > timeout_us)
      return Error{fmt::format("The module made no progress for {} s after record {}", timeout_s, progress_seq), plugin.name, ""};
    const int64_t until_us = std::min(link->deadline_us(), progress_us + timeout_us + 1000);
    pollfd fd{link->wait_fd(), POLLIN, 0};
    const int64_t wait_ms = until_us <= now_us ? 0 : (until_us - now_us) / 1000 + 1;
    if (link->state() != LinkState::live || link->done_seq() < last_seq) poll(&fd, 1, static_cast<int>(wait_ms));
  }
  return std::move(collector.outputs);
}

}  // namespace patella::plugin_link
