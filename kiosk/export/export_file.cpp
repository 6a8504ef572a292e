#include "export/export_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace patella::exporting {

namespace {
constexpr std::size_t kBuffer = 256 << 10;  // stays in the cache between formatting, hashing and writing

Error file_error(const std::string& what, int code, const std::filesystem::path& path) {
  return {what + ": " + std::strerror(code), path.string(), "Check the folder, its permissions and the free space"};
}
}  // namespace

Result<ExportFile> ExportFile::make(const std::filesystem::path& path) {
  const std::filesystem::path temporary = path.string() + ".new";
  UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
  if (!fd) return file_error("cannot be made", errno, temporary);
  return ExportFile(path, temporary, std::move(fd));
}

ExportFile::ExportFile(std::filesystem::path path, std::filesystem::path temporary, UniqueFd fd)
    : path_(std::move(path)), temporary_(std::move(temporary)), fd_(std::move(fd)), buffer_(kBuffer) {}

ExportFile::~ExportFile() {
  if (fd_) ::unlink(temporary_.c_str());
}

void ExportFile::place(std::string_view text) {
  while (text.size() > buffer_.size() - used_) {  // longer than the whole buffer
    const std::size_t part = buffer_.size() - used_;
    std::memcpy(buffer_.data() + used_, text.data(), part);
    used_ += part;
    text.remove_prefix(part);
    flush();
  }
  std::memcpy(buffer_.data() + used_, text.data(), text.size());
  used_ += text.size();
}

void ExportFile::flush() {
  std::string_view rest(buffer_.data(), used_);
  hash_.add(rest);
  bytes_ += used_;
  used_ = 0;
  while (failed_ == 0 && !rest.empty()) {
    const ssize_t written = ::write(fd_.get(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) failed_ = errno;
    else rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

Status ExportFile::finish() {
  flush();
  if (failed_ == 0 && ::fsync(fd_.get()) != 0) failed_ = errno;
  if (failed_ != 0) return file_error("cannot be written", failed_, temporary_);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) return file_error("cannot be put in its place", errno, path_);
  fd_.reset();
  sha256_ = hash_.finish();
  return {};
}

Status sync_folder(const std::filesystem::path& folder) {
  const UniqueFd fd(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) return file_error("the folder cannot be synced", errno, folder);
  return {};
}

}  // namespace patella::exporting
