#include "runtime/engine_thread.hpp"

#include <malloc.h>

#include <utility>

#include "text/language.hpp"

#include "plugin_link/answer_cache.hpp"
#include "runtime/session_thread.hpp"
#include "runtime/state_folder.hpp"

namespace patella::runtime {

namespace {
/// Empty = none. Where the first one is, so that staff need no terminal to know whose file it is.
Messages faults_banner(const Assembly& assembly) {
  const auto& diagnostics = assembly.config.diagnostics;
  const std::size_t count = diagnostics.size() + assembly.problems.size();
  if (count == 0) return {};
  Message where("in a plugin");
  if (!diagnostics.empty()) {
    const auto& first = diagnostics.front();
    where = first.line > 0 ? Message("in {0}, line {1}", Name{first.file}, first.line) : Message("in {0}", Name{first.file});
  }
  return session::for_staff(
      {Message::plural("The configuration has {0} fault, {1}", "The configuration has {0} faults, the first {1}", count, where),
       Message("`patella check config` explains it")});
}
}  // namespace

session::SnapshotPtr starting_snapshot(const config::Kiosk& site, const Clock& clock) {
  auto snapshot = std::make_shared<session::Snapshot>();
  snapshot->made_us = clock.now_us();
  snapshot->wall_clock = local_text(clock.wall()).substr(11, 5);
  snapshot->kiosk.edit().site_name = site.site_name;
  snapshot->starting = true;
  return snapshot;
}

EngineThread::EngineThread(const Paths& paths, StoreThread& store, SnapshotSlot& slot, const Clock& clock, Log& log,
                           EngineWatcher& watcher)
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

Assembly EngineThread::assembled(const plugin_link::HostOptions& host, plugin_link::AnswerCache& cache) const {
  Assembly assembly = assemble(paths_, host, &cache);
  for (const auto* plugins : {&assembly.modules, &assembly.drivers})
    for (const plugin_link::PluginInfo& plugin : *plugins) text::open_plugin_catalogues(plugin.manifest.library.parent_path());
  for (const auto& diagnostic : assembly.config.diagnostics) log_.warning("{}", diagnostic.text());
  for (const auto& problem : assembly.problems) log_.warning("{}", problem);
  for (const auto& remark : assembly.remarks) log_.info("{}", remark);
  return assembly;
}

// The thread stays until the end, though it only waits: the children that the engine's start makes die with the thread that made them.
void EngineThread::run() {
  const plugin_link::HostOptions host = host_options(paths_);
  plugin_link::AnswerCache cache(answers_file(paths_), host.host_program);
  Assembly assembly = assembled(host, cache);
  const Messages config_faults = faults_banner(assembly);
  plugin_link::ProcessLinks links(host, clock_, log_);
  SessionThread session_thread;
  Engine engine(std::move(assembly), links, store_, slot_, clock_, log_, watcher_, session_thread);
  if (host.under_umockdev) engine.add_banner(Message("Emulated devices: no real sensor is read"));
  if (!config_faults.empty()) engine.add_banner(config_faults);
  engine.enable_staff_area(paths_);
  engine.use_dose_words(std::make_unique<HostDoseWords>(host.host_program));
  {  // before the stations are on the screen, so that no touch of them is lost
    std::lock_guard lock(mutex_);
    engine_ = &engine;
  }
  engine.start({});
  if (Status saved = cache.save(); !saved)
    log_.warning("plugins will be asked again at the next start: {}", saved.error().text());
  ::malloc_trim(0);  // a start needs several megabytes more than what comes after it
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

}  // namespace patella::runtime
