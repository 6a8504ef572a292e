#include "kiosk_end.hpp"

#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fmt/format.h>

namespace patella::host {
namespace {

constexpr int kLogLinesASecond = 50;

struct Mapping {
  char* at = nullptr;
  std::size_t bytes = 0;
};

Result<Mapping> map_file(int fd, int protection, std::size_t ring_offset) {
  struct stat info {};
  if (fstat(fd, &info) != 0 || info.st_size < static_cast<off_t>(ring_offset))
    return Error{"The memory shared with the kiosk is missing", "", "This program is started by the kiosk, not by hand"};
  void* at = mmap(nullptr, static_cast<std::size_t>(info.st_size), protection, MAP_SHARED, fd, 0);
  if (at == MAP_FAILED)
    return Error{fmt::format("The memory shared with the kiosk cannot be mapped: {}", std::strerror(errno)), "", ""};
  return Mapping{static_cast<char*>(at), static_cast<std::size_t>(info.st_size)};
}

}  // namespace

int64_t monotonic_us() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
}

Result<KioskEnd> KioskEnd::attach() {
  const Result<Mapping> child = map_file(wire::kChildPageFd, PROT_READ | PROT_WRITE, wire::kChildRingOffset);
  if (!child) return child.error();
  const Result<Mapping> kiosk = map_file(wire::kKioskPageFd, PROT_READ, wire::kKioskRingOffset);
  if (!kiosk) return kiosk.error();
  KioskEnd end;
  end.head_ = reinterpret_cast<wire::ChildHead*>(child->at);
  end.view_ = reinterpret_cast<patella_view*>(child->at + wire::kViewOffset);
  end.child_ring_ = child->at + wire::kChildRingOffset;
  end.child_bytes_ = child->bytes - wire::kChildRingOffset;
  end.kiosk_ = reinterpret_cast<const wire::KioskHead*>(kiosk->at);
  end.kiosk_ring_ = kiosk->at + wire::kKioskRingOffset;
  end.kiosk_bytes_ = kiosk->bytes - wire::kKioskRingOffset;
  return end;
}

bool KioskEnd::send(const wire::Message& message) {
  const std::string bytes = wire::encode(message);
  const std::size_t length = std::min(bytes.size(), wire::kMaxToKiosk);
  return ::send(wire::kControlFd, bytes.data(), length, MSG_DONTWAIT | MSG_NOSIGNAL) == static_cast<ssize_t>(length);
}

void KioskEnd::send_layers(const std::vector<Layer>& layers) {
  for (const Layer& layer : layers) send({"layer", layer.name, layer.on ? "1" : "0", layer.text});
}

void KioskEnd::log(uint32_t level, const char* text) {
  const int64_t second = monotonic_us() / 1'000'000;
  if (second != log_second_) {
    if (log_lines_ > kLogLinesASecond)
      send({"log", std::to_string(PATELLA_LOG_WARNING),
            fmt::format("{} more lines were left out", log_lines_ - kLogLinesASecond)});
    log_second_ = second;
    log_lines_ = 0;
  }
  if (++log_lines_ > kLogLinesASecond) return;
  send({"log", std::to_string(level), wire::clean_text(text ? text : "", 1000)});
}

std::optional<wire::Message> KioskEnd::receive() {
  std::string bytes(wire::kMaxToChild, '\0');
  const ssize_t length = recv(wire::kControlFd, bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (length == 0 || (length < 0 && errno != EAGAIN && errno != EINTR)) lost_ = true;
  if (length <= 0) return std::nullopt;
  return wire::decode(std::string_view(bytes).substr(0, static_cast<std::size_t>(length)), 1u << 16);
}

void KioskEnd::wake_kiosk() const {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(wire::kToKioskFd, &one, sizeof one);  // full = a wake-up waits already
}

void KioskEnd::drain_wakes() const {
  uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = read(wire::kToChildFd, &count, sizeof count);
}

int open_term_signal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
}

void wait_for(std::span<pollfd> fds, int64_t until_us) {
  const int64_t wait_us = until_us == INT64_MAX ? -1 : std::max<int64_t>(0, until_us - monotonic_us());
  timespec wait{};
  wait.tv_sec = static_cast<time_t>(wait_us / 1'000'000);
  wait.tv_nsec = static_cast<long>(wait_us % 1'000'000 * 1000);
  for (pollfd& fd : fds) fd.revents = 0;
  ppoll(fds.data(), fds.size(), wait_us < 0 ? nullptr : &wait, nullptr);
}

}  // namespace patella::host
