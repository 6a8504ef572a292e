// The screen as text, from the UI thread to those who ask for it over the control socket.
#pragma once

#include <mutex>
#include <string>

#include "base/unique_fd.hpp"

namespace patella::runtime {

/// The newest line. Any thread.
class MirrorSlot {
 public:
  MirrorSlot();
  /// Wakes those who follow when the line differs from the last one.
  void put(std::string line);
  std::string get() const;
  int changed_fd() const { return changed_.get(); }  ///< eventfd, one reader

 private:
  mutable std::mutex mutex_;
  std::string line_ = "{}";
  UniqueFd changed_;
};

}  // namespace patella::runtime
