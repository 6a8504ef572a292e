// What the running kiosk answers over the control socket.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>

#include "base/result.hpp"
#include "runtime/engine_thread.hpp"
#include "runtime/snapshot_slot.hpp"
#include "runtime/store_thread.hpp"

namespace patella::runtime {

/// All of them stay as long as questions are answered.
struct AnswerSources {
  SnapshotSlot& slot;
  StoreThread& store;
  EngineThread& engine;
  const Paths& paths;
  const Clock& clock;
  const std::atomic<bool>& ending;               ///< the kiosk goes, and a long answer with it
  std::function<Result<std::string>()> picture;  ///< of the screen, the bytes of a PNG file; any thread, may wait
};

/// One line of JSON asks, one answers. Waits for the store; any thread but the store's and the session's.
std::string answer(const std::string& request, const AnswerSources& from);

}  // namespace patella::runtime
