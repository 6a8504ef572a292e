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

Status write_all(int fd, std::string_view content, const std::filesystem::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return file_error("cannot be written", path, "Check the free space and the permissions");
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Status sync_folder(const std::filesystem::path& folder) {
  UniqueFd fd(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0)
    return file_error("the folder cannot be synced", folder, "Check the disk");
  return {};
}
}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return file_error("cannot be opened", path, "Check that it exists and can be read");
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
  const std::filesystem::path temporary = path.string() + ".new";
  // A new file that fewer may read, or more, would be a change that nobody asked for.
  struct stat old = {};
  const bool replaces = ::stat(path.c_str(), &old) == 0;
  const mode_t mode = replaces ? old.st_mode & 0777 : 0640;
  {
    UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (!fd) return file_error("cannot be made", temporary, "Check the folder and its permissions");
    if (Status written = write_all(fd.get(), content, temporary); !written) return written;
    if (replaces && ::fchmod(fd.get(), mode) != 0)
      return file_error("cannot be given the permissions of the old file", temporary, "Check whose file it is");
    if (::fsync(fd.get()) != 0) return file_error("cannot be synced", temporary, "Check the disk");
  }
  const std::filesystem::path previous = previous_of(path);
  std::error_code ignored;  // a first save has no previous; one that cannot be linked must not stop the save
  std::filesystem::remove(previous, ignored);
  std::filesystem::create_hard_link(path, previous, ignored);
  if (::rename(temporary.c_str(), path.c_str()) != 0)
    return file_error("cannot be replaced", path, "Check the folder");
  return sync_folder(path.parent_path());
}

}  // namespace patella
