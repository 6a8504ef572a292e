// The engine on a thread of its own, from the first look at the plugins to the end: the window has something to show
// meanwhile, also while a plugin hangs.
#pragma once

#include <mutex>
#include <optional>
#include <semaphore>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "runtime/assembly.hpp"
#include "runtime/engine.hpp"
#include "runtime/snapshot_slot.hpp"
#include "runtime/store_thread.hpp"

namespace patella::runtime {

/// What is shown until the engine has published.
session::SnapshotPtr starting_snapshot(const config::Kiosk& site, const Clock& clock);

class EngineThread {
 public:
  /// All of them stay longer than this.
  EngineThread(const Paths& paths, StoreThread& store, SnapshotSlot& slot, const Clock& clock, Log& log, EngineWatcher& watcher);
  ~EngineThread();

  void start();  ///< once
  /// The end of Engine::~Engine(), when this returns; waits for plugins that are being looked at (5 s each at most, all at once).
  void end();

  /// Any thread. Before there are stations on the screen a tap means nothing, and no notice is open: nothing happens.
  void post(const session::Tap& tap);
  void acknowledge(const std::string& notice_id, const std::string& by);
  /// Any thread. Nothing before there are stations on the screen.
  std::optional<EditPlugins> edit_plugins();
  void edits_changed(config::Config config);

 private:
  void run();
  Assembly assembled(const plugin_link::HostOptions& host, plugin_link::AnswerCache& cache) const;

  const Paths& paths_;
  StoreThread& store_;
  SnapshotSlot& slot_;
  const Clock& clock_;
  Log& log_;
  EngineWatcher& watcher_;
  std::mutex mutex_;
  Engine* engine_ = nullptr;  ///< under mutex_; none before its start and after its end
  std::binary_semaphore end_{0};
  std::thread thread_;
};

}  // namespace patella::runtime
