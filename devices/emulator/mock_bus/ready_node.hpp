// The file behind a device node. Programs poll it, and umockdev does not pretend anything there: what the
// file is decides what poll() sees.
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace patella::emulator {

/// file: always ready, so that a waiting program spins (what umockdev makes by itself); fifo: ready when
/// there is something to fetch; pty: the same, and an unplug shows as POLLHUP as on real hardware.
enum class NodeKind { fifo, pty, file };

class ReadyNode {
 public:
  /// Makes the file. Folders above it must exist.
  static Result<ReadyNode> make(const std::string& path, NodeKind kind);

  /// Whether poll() for POLLOUT comes back.
  void set_ready(bool ready);
  /// pty: POLLHUP from now on. Others: ready for good.
  void hang_up();

 private:
  NodeKind kind_ = NodeKind::fifo;
  bool ready_ = true;
  UniqueFd fd_, master_;
};

}  // namespace patella::emulator
