#include "plugin_link/shared_memory.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

namespace patella::plugin_link {
namespace {

Error failed(const char* what) {
  return {fmt::format("Memory for a plugin cannot be had ({}: {})", what, std::strerror(errno)), "",
          "Close other programs; Linux 5.1 or newer is needed"};
}

}  // namespace

Result<SharedMemory> SharedMemory::make(Writer writer, std::size_t bytes) {
  SharedMemory memory;
  memory.fd_.reset(memfd_create("patella-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!memory.fd_) return failed("memfd_create");
  if (ftruncate(memory.fd_.get(), static_cast<off_t>(bytes)) != 0) return failed("ftruncate");
  const int protection = writer == Writer::kiosk ? PROT_READ | PROT_WRITE : PROT_READ;
  void* at = mmap(nullptr, bytes, protection, MAP_SHARED, memory.fd_.get(), 0);
  if (at == MAP_FAILED) return failed("mmap");
  memory.at_ = static_cast<char*>(at);
  memory.bytes_ = bytes;
  const int against_writing = writer == Writer::kiosk ? F_SEAL_FUTURE_WRITE : 0;
  if (fcntl(memory.fd_.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL | against_writing) != 0)
    return failed("F_ADD_SEALS");
  return memory;
}

SharedMemory& SharedMemory::operator=(SharedMemory&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(at_, other.at_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

SharedMemory::~SharedMemory() {
  if (at_) munmap(at_, bytes_);
}

}  // namespace patella::plugin_link
