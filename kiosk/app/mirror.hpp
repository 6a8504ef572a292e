// The screen as text, from the UI thread to those who ask for it over the control socket.
#pragma once

#include <mutex>
#include <string>

#include "base/unique_fd.hpp"
#include "ui/ui.hpp"

namespace patella::app {

/// One JSON object in one line: screen, texts, controls with id, label, rect [x, y, w, h] in pixels of the
/// screen, enabled; takes_touches: false for a moment after a change of screen; touches: how many have ended.
std::string mirror_line(const ui::ShownScreen& shown, float scale);

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

}  // namespace patella::app
