#include "export/export_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace patella::exporting {

namespace {
Error file_error(const std::string& what, int code, const std::filesystem::path& path) {
  return {what + ": " + std::strerror(code), path.string(), "Check the folder, its permissions and the free space"};
}
}  // namespace

Result<ExportFile> ExportFile::make(const std::filesystem::path& path) {
  Result<NewFile> file = NewFile::make(path);
  if (!file) return file.error();
  return ExportFile(std::move(*file));
}

ExportFile::ExportFile(NewFile file) : file_(std::move(file)), buffer_(std::make_unique_for_overwrite<char[]>(kBuffer)) {}

void ExportFile::place(std::string_view text) {
  while (text.size() > kBuffer - used_) {  // longer than the whole buffer
    const std::size_t part = kBuffer - used_;
    std::memcpy(buffer_.get() + used_, text.data(), part);
    used_ += part;
    text.remove_prefix(part);
    flush();
  }
  std::memcpy(buffer_.get() + used_, text.data(), text.size());
  used_ += text.size();
}

void ExportFile::flush() {
  std::string_view rest(buffer_.get(), used_);
  hash_.add(rest);
  bytes_ += used_;
  used_ = 0;
  while (failed_ == 0 && !rest.empty()) {
    const ssize_t written = ::write(file_.fd(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0)
      failed_ = errno;
    else
      rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

Status ExportFile::finish(Sync sync) {
  flush();
  if (failed_ != 0) return file_error("cannot be written", failed_, file_.path());
  if (Status done = file_.finish(Existing::refuse, sync); !done) return done;
  sha256_ = hash_.finish();
  return {};
}

}  // namespace patella::exporting
