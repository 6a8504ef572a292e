#include "mock_bus/peer_socket.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace patella::emulator {

namespace {

ino_t inode_of(int fd) {
  struct stat about {};
  return ::fstat(fd, &about) == 0 && S_ISSOCK(about.st_mode) ? about.st_ino : 0;
}

/// A connection that was accepted at the node's socket (the listening socket itself bears the same name).
bool is_accepted_at(int fd, const std::string& root, const std::string& node) {
  sockaddr_un address{};
  socklen_t size = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0 || address.sun_family != AF_UNIX) return false;
  int listens = 0;
  socklen_t int_size = sizeof listens;
  if (::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &int_size) != 0 || listens) return false;
  const std::string path = address.sun_path;
  return path.starts_with(root + "/ioctl/") && path.ends_with(node);
}

}  // namespace

UniqueFd find_peer_socket(const std::string& root, const std::string& node, const std::vector<int>& known) {
  std::vector<ino_t> known_inodes;
  for (const int fd : known) known_inodes.push_back(inode_of(fd));
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc/self/fd"), ::closedir);
  if (!folder) return {};
  while (const dirent* entry = ::readdir(folder.get())) {
    const int fd = std::atoi(entry->d_name);
    const ino_t inode = inode_of(fd);
    if (inode == 0 || std::find(known_inodes.begin(), known_inodes.end(), inode) != known_inodes.end()) continue;
    // A connection that has hung up already belongs to a program that is gone.
    if (is_accepted_at(fd, root, node) && !has_hung_up(fd)) return UniqueFd(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
  }
  return {};
}

bool has_hung_up(int socket_fd) {
  pollfd one{socket_fd, 0, 0};
  return ::poll(&one, 1, 0) > 0 && (one.revents & (POLLHUP | POLLERR | POLLNVAL));
}

}  // namespace patella::emulator
