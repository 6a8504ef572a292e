#include "tool/command_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace patella::emulator {

namespace {

Error cannot_open(const std::string& path) { return {"cannot be opened: " + std::string(std::strerror(errno)), path, ""}; }

}  // namespace

Result<CommandSource> CommandSource::script(const std::string& path) {
  CommandSource source;
  source.fd_.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!source.fd_) return cannot_open(path);
  source.read_more();
  source.fd_.reset();
  source.text_ += '\n';
  return source;
}

CommandSource CommandSource::standard_input() {
  CommandSource source;
  source.is_input_ = true;
  source.fd_.reset(::dup(STDIN_FILENO));
  if (source.fd_) ::fcntl(source.fd_.get(), F_SETFD, FD_CLOEXEC);
  return source;
}

Result<CommandSource> CommandSource::control(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0 && ::mkfifo(path.c_str(), 0600) != 0) return cannot_open(path);
  if (::stat(path.c_str(), &about) != 0) return cannot_open(path);
  CommandSource source;
  source.is_fifo_ = S_ISFIFO(about.st_mode);
  // Open for writing too: so the FIFO has no end when a writer closes it.
  source.fd_.reset(::open(path.c_str(), (source.is_fifo_ ? O_RDWR | O_NONBLOCK : O_RDONLY) | O_CLOEXEC));
  if (!source.fd_) return cannot_open(path);
  return source;
}

void CommandSource::read_more() {
  char chunk[4096];
  for (;;) {
    const ssize_t got = ::read(fd_.get(), chunk, sizeof chunk);
    if (got < 0 && errno == EINTR) continue;
    if (got > 0) text_.append(chunk, static_cast<std::size_t>(got));
    if (got <= 0 && is_input_ && !(got < 0 && errno == EAGAIN)) {
      fd_.reset();
      text_ += '\n';
    }
    // One read a poll for what could block; the rest until it has no more.
    if (got <= 0 || is_input_) return;
  }
}

bool CommandSource::next_line(std::string& line) {
  const std::size_t end = text_.find('\n');
  if (end == std::string::npos) return false;
  line = text_.substr(0, end);
  text_.erase(0, end + 1);
  return true;
}

}  // namespace patella::emulator
