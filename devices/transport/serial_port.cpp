#include "transport/serial_port.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "transport/sysfs.hpp"
#include "transport/tty_settings.hpp"

namespace patella::transport {
namespace {

constexpr std::size_t kWaitingWrites = 64;
constexpr int kReadsInARow = 32;  // then the caller gets its turn
constexpr int64_t kFlushUs = 250'000;

OpenFailure failure_of(int error, const std::string& node) {
  if (error == EACCES || error == EPERM) return {error, permission_trouble(node, true)};
  if (error == EBUSY || error == EWOULDBLOCK) return {error, fmt::format("{} is in use by another program. Close it", node)};
  return {error, fmt::format("{} cannot be opened: {}. Plug the device in again", node, std::strerror(error))};
}

}  // namespace

OpenedTty open_tty(const std::string& node, const SerialSettings& settings) {
  UniqueFd fd(::open(node.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return {UniqueFd(), failure_of(errno, node)};
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return {UniqueFd(), failure_of(errno, node)};
  if (const int error = configure_tty(fd.get(), settings); error != 0) return {UniqueFd(), failure_of(error, node)};
  return {std::move(fd), {}};
}

SerialPort::SerialPort(UniqueFd fd, Identity identity, const Clock& clock)
    : fd_(std::move(fd)), identity_(std::move(identity)), clock_(clock) {}

SerialPort::~SerialPort() {
  const int64_t end_us = clock_.now_us() + kFlushUs;
  while (!is_gone_ && !waiting_.empty()) {
    send_waiting();
    const int64_t rest_us = end_us - clock_.now_us();
    if (waiting_.empty() || rest_us <= 0) break;
    pollfd ready{fd_.get(), POLLOUT, 0};
    if (::poll(&ready, 1, static_cast<int>(rest_us / 1000) + 1) < 0 || (ready.revents & (POLLHUP | POLLERR))) break;
  }
  // What the chip cannot take (a device that holds the line) must not keep close() waiting: the kernel would
  // wait 30 s.
  discard_unsent(fd_.get(), kFlushUs);
}

bool SerialPort::write(std::span<const uint8_t> bytes) {
  if (is_gone_ || bytes.empty() || waiting_.size() >= kWaitingWrites) return false;
  waiting_.emplace_back(bytes.begin(), bytes.end());
  send_waiting();
  return true;
}

void SerialPort::wait_fds(std::vector<pollfd>& out) const {
  if (is_gone_) return;
  const short events = static_cast<short>(waiting_.empty() ? POLLIN : POLLIN | POLLOUT);
  out.push_back({fd_.get(), events, 0});
}

int64_t SerialPort::deadline_us() const { return is_gone_ && !gone_told_ ? 0 : std::numeric_limits<int64_t>::max(); }

void SerialPort::service(PortEvents& events) {
  if (gone_told_) return;
  read_all(events);
  send_waiting();
  if (!is_gone_) return;
  gone_told_ = true;
  events.gone(Gone::unplugged, gone_why_);
}

void SerialPort::read_all(PortEvents& events) {
  std::array<uint8_t, 4096> bytes;
  for (int i = 0; i < kReadsInARow && !is_gone_; ++i) {
    const ssize_t got = ::read(fd_.get(), bytes.data(), bytes.size());
    if (got > 0) {
      events.received({bytes.data(), static_cast<std::size_t>(got)}, clock_.now_us());
      continue;
    }
    if (got == 0) return set_gone("the serial port was unplugged");
    if (errno == EINTR) continue;
    if (errno == EAGAIN) return;
    return set_gone(fmt::format("the serial port was unplugged ({})", std::strerror(errno)));
  }
}

void SerialPort::send_waiting() {
  while (!is_gone_ && !waiting_.empty()) {
    const std::vector<uint8_t>& head = waiting_.front();
    const ssize_t sent = ::write(fd_.get(), head.data() + sent_, head.size() - sent_);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN) return;
    if (sent < 0) return set_gone(fmt::format("the serial port was unplugged ({})", std::strerror(errno)));
    sent_ += static_cast<std::size_t>(sent);
    if (sent_ < head.size()) return;
    waiting_.pop_front();
    sent_ = 0;
  }
}

void SerialPort::set_gone(std::string why) {
  is_gone_ = true;
  gone_why_ = std::move(why);
}

}  // namespace patella::transport
