#include "export/row_spool.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace patella::exporting {

namespace {
constexpr std::size_t kBuffer = 256 << 10;
using Head = std::array<uint32_t, 2>;  // size of the row, tag

/// Reads a file from its beginning in large pieces.
class Reader {
 public:
  explicit Reader(int fd) : fd_(fd) {}
  bool read(char* to, std::size_t size) {
    while (size > 0) {
      if (at_ == buffer_.size() && !refill()) return false;
      const std::size_t part = std::min(size, buffer_.size() - at_);
      std::memcpy(to, buffer_.data() + at_, part);
      at_ += part;
      to += part;
      size -= part;
    }
    return true;
  }

 private:
  bool refill() {
    buffer_.resize(kBuffer);
    ssize_t got = 0;
    do got = ::pread(fd_, buffer_.data(), buffer_.size(), offset_);
    while (got < 0 && errno == EINTR);
    buffer_.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    offset_ += got > 0 ? got : 0;
    at_ = 0;
    return got > 0;
  }
  int fd_;
  off_t offset_ = 0;
  std::string buffer_;
  std::size_t at_ = 0;
};
}  // namespace

Result<RowSpool> RowSpool::make(const std::filesystem::path& path) {
  Result<NewFile> file = NewFile::make(path);
  if (!file) return file.error();
  return RowSpool(std::move(*file));
}

Status RowSpool::put(std::string_view row, uint32_t tag) {
  const Head head{static_cast<uint32_t>(row.size()), tag};
  waiting_.append(reinterpret_cast<const char*>(head.data()), sizeof head).append(row);
  ++rows_;
  return waiting_.size() < kBuffer ? Status() : write_out();
}

Status RowSpool::write_out() {
  Status done = file_.write(waiting_);
  waiting_.clear();
  return done;
}

Status RowSpool::each(const std::function<void(std::string_view row, uint32_t tag)>& take) {
  if (Status done = write_out(); !done) return done;
  Reader reader(file_.fd());
  std::string row;
  for (uint64_t n = 0; n < rows_; ++n) {
    Head head{};
    bool read = reader.read(reinterpret_cast<char*>(head.data()), sizeof head);
    row.resize(head[0]);
    read = read && reader.read(row.data(), row.size());
    if (!read) return Error{"what was written cannot be read again", file_.path().string(), "Check the disk and its cable"};
    take(row, head[1]);
  }
  return {};
}

}  // namespace patella::exporting
