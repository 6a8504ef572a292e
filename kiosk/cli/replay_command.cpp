// `patella replay ID`: feeds the stored input to the module once more and compares what it says with the log.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "cli/command_parts.hpp"
#include "cli/commands.hpp"
#include "params/json.hpp"
#include "session/module_event.hpp"
#include "store/store.hpp"

namespace patella::cli {

namespace {

/// "" when the replay says the same, else the first difference.
std::string first_difference(const std::vector<session::LogEvent>& logged, const std::vector<session::LogEvent>& again) {
  const std::size_t common = std::min(logged.size(), again.size());
  for (std::size_t i = 0; i < common; ++i)
    if (!session::same_module_event(logged[i], again[i]))
      return fmt::format(
          "event {}: logged at {:.3f} s after record {}: {}\n         replayed at {:.3f} s after record {}: "
          "{}",
          i + 1, static_cast<double>(logged[i].t_us) / 1e6, logged[i].after_seq, session::to_line(logged[i]),
          static_cast<double>(again[i].t_us) / 1e6, again[i].after_seq, session::to_line(again[i]));
  if (logged.size() > again.size())
    return fmt::format("event {}: logged, not replayed: {}", common + 1, session::to_line(logged[common]));
  if (again.size() > logged.size())
    return fmt::format("event {}: replayed, not logged: {}", common + 1, session::to_line(again[common]));
  return {};
}

std::vector<session::LogEvent> module_events(const store::StoredSession& stored) {
  std::vector<session::LogEvent> events;
  for (const auto& event : stored.events)
    if (event.origin == session::Origin::module) events.push_back(event);
  return events;
}

}  // namespace

int replay_command(const Paths& paths, const std::string& id) {
  auto log = open_log(paths);
  if (!log) return failed(log.error().text() + "\nIf the kiosk is running, stop it first: it alone may open the file.");
  auto stored = (*log)->load(id);
  if (!stored) return failed(stored.error().text());
  const plugin_link::HostOptions host = host_options(paths);
  const auto found = plugin_link::find_plugins(paths.plugins);
  const auto manifest =
      std::find_if(found.plugins.begin(), found.plugins.end(), [&](const auto& m) { return m.id == stored->row.head.module_id; });
  if (manifest == found.plugins.end())
    return failed(
        fmt::format("the module {} is not installed under {}", stored->row.head.module_id, paths.plugins.front().string()));
  auto info = plugin_link::describe(host.host_program, *manifest);
  if (!info) return failed(info.error().text());
  auto values = params::from_log_json(stored->row.head.params_json);
  if (!values) return failed(values.error().text());
  plugin_link::ModuleLink::Start start{std::move(*values), stored->row.head.seed, stored->row.head.present, {}};
  auto outputs = plugin_link::run_module(host, *info, start, stored->records);
  if (!outputs) return failed(outputs.error().text());
  std::vector<session::LogEvent> again;
  for (const auto& output : *outputs)
    if (output.kind == plugin_link::ModuleOutput::Kind::event)
      again.push_back(session::to_log(output.event, output.ordinal, output.after_seq));
  std::vector<session::LogEvent> logged = module_events(*stored);
  // An unfinished session may have been cut between a record and what the module said of it.
  if (stored->row.outcome.empty() && again.size() > logged.size()) again.resize(logged.size());
  const std::string difference = first_difference(logged, again);
  if (difference.empty()) {
    fmt::print("identical: {} records, {} events\n", stored->records.size(), logged.size());
    return 0;
  }
  fmt::print("different\n{}\n", difference);
  if (info->version != stored->row.head.module_version)
    fmt::print("the session was recorded with version {} of the module; {} is installed\n", stored->row.head.module_version,
               info->version);
  return 1;
}

}  // namespace patella::cli
