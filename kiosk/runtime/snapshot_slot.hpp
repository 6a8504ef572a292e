// The newest snapshot, handed from the session thread to whoever draws or answers. The lock is held for the
// copy of one pointer, so the UI thread never waits for more than that.
#pragma once

#include <mutex>
#include <utility>

#include "session/snapshot.hpp"

namespace patella::runtime {

class SnapshotSlot {
 public:
  void put(session::SnapshotPtr snapshot) {
    std::lock_guard lock(mutex_);
    newest_ = std::move(snapshot);
  }
  session::SnapshotPtr get() const {
    std::lock_guard lock(mutex_);
    return newest_;
  }

 private:
  mutable std::mutex mutex_;
  session::SnapshotPtr newest_ = std::make_shared<session::Snapshot>();
};

}  // namespace patella::runtime
