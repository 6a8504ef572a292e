#include "base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "base/unique_fd.hpp"

namespace patella {

namespace {
Error file_error(const std::string& what, const std::filesystem::path& path, const std::string& remedy) {
  return {what + ": " + std::strerror(errno), path.string(), remedy};
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
  // Not blocking: a named pipe in its place must not hold up the start.
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) return file_error("cannot be opened", path, "Check that it exists and can be read");
  struct stat status = {};
  if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode))
    return Error{S_ISDIR(status.st_mode) ? "is a folder, not a file" : "is not a plain file", path.string(),
                 "Replace it by a file"};
  std::string content;
  char block[65536];
  for (;;) {
    const ssize_t got = ::read(fd.get(), block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_error("cannot be read", path, "Check that it is a file and not a folder");
    if (got == 0) return content;
    if (content.size() + static_cast<std::size_t>(got) > limit)
      return Error{"is larger than " + std::to_string(limit) + " bytes", path.string(), "Check that it is the right file"};
    content.append(block, static_cast<std::size_t>(got));
  }
}

}  // namespace patella
