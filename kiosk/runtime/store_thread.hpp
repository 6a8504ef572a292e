// The thread that owns the store.
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "runtime/store_queue.hpp"

namespace patella::runtime {

class StoreThread final : public StoreQueue {
 public:
  /// The store is opened here, so that a start without a usable state folder is told at once.
  static Result<std::unique_ptr<StoreThread>> make(const std::filesystem::path& file, const Clock& clock, Log& log);
  /// Commits what is queued (tries for 5 s) and joins.
  ~StoreThread();

 private:
  StoreThread(std::unique_ptr<store::Store> store, Messages notice, const Clock& clock, Log& log);
  void queued(bool may_wait) override;
  void run();
  bool wait();

  std::condition_variable wake_;
  bool stop_ = false;              ///< under mutex()
  std::atomic<bool> idle_{false};  ///< it sleeps until something is queued, with no commit to come
  std::thread thread_;
};

}  // namespace patella::runtime
