#include "app/engine_thread.hpp"

#include <fmt/format.h>

#include <utility>

namespace patella::app {

namespace {
/// "" = none. Where the first one is, so that staff need no terminal to know whose file it is.
std::string faults_banner(const Assembly& assembly) {
  const auto& findings = assembly.config.findings;
  const std::size_t count = findings.size() + assembly.problems.size();
  if (count == 0) return {};
  std::string where = "in a plugin";
  if (!findings.empty()) {
    const auto& first = findings.front();
    where = first.line > 0 ? fmt::format("in {}, line {}", first.file, first.line) : "in " + first.file;
  }
  return count == 1 ? fmt::format("Tell staff: the configuration has a fault {}. `patella check config` explains it", where)
                    : fmt::format("Tell staff: the configuration has {} faults, the first {}. "
                                  "`patella check config` lists them", count, where);
}
}  // namespace

session::SnapshotPtr starting_snapshot(const config::Kiosk& site, const Clock& clock) {
  auto snapshot = std::make_shared<session::Snapshot>();
  snapshot->made_us = clock.now_us();
  snapshot->wall_clock = local_text(clock.wall()).substr(11, 5);
  snapshot->site_name = site.site_name;
  snapshot->starting = true;
  return snapshot;
}

EngineThread::EngineThread(const Paths& paths, StoreThread& store, SnapshotSlot& slot, const Clock& clock, Log& log, EngineWatcher& watcher)
    : paths_(paths), store_(store), slot_(slot), clock_(clock), log_(log), watcher_(watcher) {}

EngineThread::~EngineThread() { end(); }

void EngineThread::start() {
  thread_ = std::thread([this] { run(); });
}

void EngineThread::end() {
  if (!thread_.joinable()) return;
  end_.release();
  thread_.join();
}

Assembly EngineThread::assembled(const plugin_link::HostOptions& host) const {
  Assembly assembly = assemble(paths_, host);
  for (const auto& finding : assembly.config.findings) log_.warning("{}", finding.text());
  for (const auto& problem : assembly.problems) log_.warning("{}", problem);
  for (const auto& remark : assembly.remarks) log_.info("{}", remark);
  return assembly;
}

// The thread stays until the end, though it only waits: the children that the engine's start makes die with the thread that made them.
void EngineThread::run() {
  const plugin_link::HostOptions host = host_options(paths_);
  Assembly assembly = assembled(host);
  const std::string config_faults = faults_banner(assembly);
  Engine engine(std::move(assembly), host, store_, slot_, clock_, log_, watcher_);
  if (host.under_umockdev) engine.add_banner("Emulated devices: no real sensor is read");
  if (!config_faults.empty()) engine.add_banner(config_faults);
  engine.let_staff_in(paths_);
  {  // before the stations are on the screen, so that no touch of them is lost
    std::lock_guard lock(mutex_);
    engine_ = &engine;
  }
  engine.start({});
  end_.acquire();
  std::lock_guard lock(mutex_);
  engine_ = nullptr;
}

void EngineThread::post(const session::Tap& tap) {
  std::lock_guard lock(mutex_);
  if (engine_) engine_->post(tap);
}

void EngineThread::acknowledge(const std::string& notice_id, const std::string& by) {
  std::lock_guard lock(mutex_);
  if (engine_) engine_->acknowledge(notice_id, by);
}

std::optional<EditPlugins> EngineThread::edit_plugins() {
  std::lock_guard lock(mutex_);
  return engine_ ? std::optional(engine_->edit_plugins()) : std::nullopt;
}

void EngineThread::edits_changed(config::Config config) {
  std::lock_guard lock(mutex_);
  if (engine_) engine_->edits_changed(std::move(config));
}

}  // namespace patella::app
