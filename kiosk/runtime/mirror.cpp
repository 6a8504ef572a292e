#include "runtime/mirror.hpp"

#include <sys/eventfd.h>

#include <utility>

namespace patella::runtime {

MirrorSlot::MirrorSlot() : changed_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void MirrorSlot::put(std::string line) {
  {
    std::lock_guard lock(mutex_);
    if (line == line_) return;
    line_ = std::move(line);
  }
  eventfd_write(changed_.get(), 1);
}

std::string MirrorSlot::get() const {
  std::lock_guard lock(mutex_);
  return line_;
}

}  // namespace patella::runtime
