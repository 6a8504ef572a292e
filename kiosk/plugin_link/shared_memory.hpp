// A sealed memory file shared with one child: nobody can shrink it under a reader (that would be a SIGBUS here), and
// only one side can write it.
#pragma once

#include <cstddef>
#include <utility>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace patella::plugin_link {

class SharedMemory {
 public:
  enum class Writer { child, kiosk };
  /// Zeroed. Written by the child: mapped read-only here. Written by the kiosk: sealed so that no other mapping can be
  /// writable (F_SEAL_FUTURE_WRITE, Linux 5.1).
  static Result<SharedMemory> make(Writer writer, std::size_t bytes);

  SharedMemory() = default;
  SharedMemory(SharedMemory&& other) noexcept
      : fd_(std::move(other.fd_)), at_(std::exchange(other.at_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  SharedMemory& operator=(SharedMemory&& other) noexcept;
  ~SharedMemory();

  int fd() const { return fd_.get(); }
  void close_fd() { fd_.reset(); }  ///< once the child has it
  const char* at(std::size_t offset = 0) const { return at_ + offset; }
  char* writable(std::size_t offset = 0) { return at_ + offset; }  ///< Writer::kiosk only

 private:
  UniqueFd fd_;
  char* at_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace patella::plugin_link
