#include "base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "base/new_file.hpp"
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
    return Error{S_ISDIR(status.st_mode) ? "is a folder, not a file" : "is not a plain file", path.string(), "Replace it by a file"};
  std::string content;
  char block[65536];
  for (;;) {
    const ssize_t got = ::read(fd.get(), block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_error("cannot be read", path, "Check that it is a file and not a folder");
    if (got == 0) return content;
    if (content.size() + static_cast<std::size_t>(got) > limit)
      return Error{"is larger than " + std::to_string(limit) + " bytes", path.string(),
                   "Check that it is the right file"};
    content.append(block, static_cast<std::size_t>(got));
  }
}

std::filesystem::path previous_of(const std::filesystem::path& path) { return path.string() + ".previous"; }

Status restore_previous(const std::filesystem::path& path) {
  if (::rename(previous_of(path).c_str(), path.c_str()) != 0)
    return file_error("cannot be taken back", previous_of(path), "Check the folder");
  return sync_folder(path.parent_path());
}

Status save_file(const std::filesystem::path& path, std::string_view content) {
  // A new file that fewer may read, or more, would be a change that nobody asked for.
  struct stat old = {};
  const bool replaces = ::stat(path.c_str(), &old) == 0;
  Result<NewFile> file = NewFile::make(path);
  if (!file) return file.error();
  if (Status written = file->write(content); !written) return written;
  if (replaces && ::fchmod(file->fd(), old.st_mode & 0777) != 0)
    return file_error("cannot be given the permissions of the old file", path, "Check whose file it is");
  const std::filesystem::path previous = previous_of(path);
  std::error_code ignored;  // a first save has no previous; one that cannot be linked must not stop the save
  std::filesystem::remove(previous, ignored);
  std::filesystem::create_hard_link(path, previous, ignored);
  if (Status finished = file->finish(Existing::replace); !finished) return finished;
  return sync_folder(path.parent_path());
}

}  // namespace patella
