#include "base/new_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/ids.hpp"

namespace patella {

namespace {
Error file_error(const char* what, int code, const std::filesystem::path& path) {
  const char* remedy = code == ENOSPC || code == EDQUOT ? "Free some space"
                       : code == EROFS || code == EACCES || code == EPERM
                           ? "Make the folder writable for this user, or use another one"
                       : code == ENOENT || code == ENOTDIR ? "Make the folder first, or use another one"
                                                           : "Check the folder, its permissions and the free space";
  return {fmt::format("{}: {}", what, std::strerror(code)), path.string(), remedy};
}

Error taken(const std::filesystem::path& path) {
  return {"exists already and is not overwritten", path.string(), "Give another name, or move that one away"};
}

/// 0 or errno. A folder on an old or foreign file system cannot refuse by itself: then it is looked first.
int rename_to_free_name(const char* from, const char* to) {
  if (::renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  struct stat found {};
  if (::lstat(to, &found) == 0) return EEXIST;
  return ::rename(from, to) == 0 ? 0 : errno;
}
}  // namespace

Result<NewFile> NewFile::make(const std::filesystem::path& path) {
  const std::filesystem::path temporary = fmt::format("{}.{:016x}.new", path.string(), random_seed());
  UniqueFd fd(::open(temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) return file_error("cannot be made", errno, path);
  return NewFile(path, temporary, std::move(fd));
}

NewFile::NewFile(std::filesystem::path path, std::filesystem::path temporary, UniqueFd fd)
    : path_(std::move(path)), temporary_(std::move(temporary)), fd_(std::move(fd)) {}

NewFile::~NewFile() {
  if (fd_) ::unlink(temporary_.c_str());
}

Status NewFile::write(std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd_.get(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return file_error("cannot be written", errno, path_);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Status NewFile::finish(Existing existing, Sync sync) {
  if (sync == Sync::now && ::fsync(fd_.get()) != 0) return file_error("cannot be written", errno, path_);
  const int code = existing == Existing::refuse                       ? rename_to_free_name(temporary_.c_str(), path_.c_str())
                   : ::rename(temporary_.c_str(), path_.c_str()) == 0 ? 0
                                                                      : errno;
  if (code == EEXIST) return taken(path_);
  if (code != 0) return file_error("cannot be put in its place", code, path_);
  fd_.reset();
  return {};
}

namespace {
Status write_whole(const std::filesystem::path& path, std::string_view content, Existing existing) {
  Result<NewFile> file = NewFile::make(path);
  if (!file) return file.error();
  if (Status written = file->write(content); !written) return written;
  if (Status finished = file->finish(existing); !finished) return finished;
  return sync_folder(path.parent_path());
}
}  // namespace

Status write_new_file(const std::filesystem::path& path, std::string_view content) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) == 0) return taken(path);  // told before the work; finish() is what decides
  return write_whole(path, content, Existing::refuse);
}

Status save_atomically(const std::filesystem::path& path, std::string_view content) {
  return write_whole(path, content, Existing::replace);
}

namespace {
Status sync_with(int (*sync)(int), const std::filesystem::path& folder) {
  const UniqueFd fd(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || sync(fd.get()) != 0) return file_error("the folder cannot be synced", errno, folder);
  return {};
}
}  // namespace

Status sync_folder(const std::filesystem::path& folder) { return sync_with(::fsync, folder); }
Status sync_file_system(const std::filesystem::path& folder) { return sync_with(::syncfs, folder); }

}  // namespace patella
