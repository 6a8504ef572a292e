#include "mock_bus/ready_node.hpp"

#include <fcntl.h>
#include <pty.h>
#include <sys/stat.h>
#include <termios.h>

#include <cerrno>
#include <cstring>

namespace patella::emulator {

namespace {

constexpr int kPipeBytes = 4096;

Error failure(const std::string& path) { return {"cannot make the device node: " + std::string(std::strerror(errno)), path, ""}; }

}  // namespace

Result<ReadyNode> ReadyNode::make(const std::string& path, NodeKind kind) {
  ReadyNode node;
  node.kind_ = kind;
  ::unlink(path.c_str());
  if (kind == NodeKind::file) {
    node.fd_.reset(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (!node.fd_) return failure(path);
  } else if (kind == NodeKind::fifo) {
    if (::mkfifo(path.c_str(), 0666) != 0) return failure(path);
    node.fd_.reset(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    if (!node.fd_ || ::fcntl(node.fd_.get(), F_SETPIPE_SZ, kPipeBytes) < 0) return failure(path);
  } else {
    int master = -1, slave = -1;
    char name[64];
    if (::openpty(&master, &slave, name, nullptr, nullptr) != 0) return failure(path);
    node.master_.reset(master);
    node.fd_.reset(slave);
    ::fcntl(master, F_SETFD, FD_CLOEXEC);
    ::fcntl(slave, F_SETFD, FD_CLOEXEC);
    if (::symlink(name, path.c_str()) != 0) return failure(path);
  }
  node.set_ready(false);
  return node;
}

void ReadyNode::set_ready(bool ready) {
  if (kind_ == NodeKind::file || ready == ready_ || !fd_) return;
  ready_ = ready;
  if (kind_ == NodeKind::pty) {
    ::tcflow(fd_.get(), ready ? TCOON : TCOOFF);
    return;
  }
  // A full pipe is not writable; an empty one is.
  char page[kPipeBytes] = {};
  const ssize_t moved = ready ? ::read(fd_.get(), page, sizeof page) : ::write(fd_.get(), page, sizeof page);
  static_cast<void>(moved);
}

void ReadyNode::hang_up() {
  set_ready(true);
  if (kind_ != NodeKind::pty) return;
  master_.reset();
  fd_.reset();
}

}  // namespace patella::emulator
