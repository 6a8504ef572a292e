// A small USB/IP client for tests: the other end of the wire, over any stream socket. Every wait ends after 20 s.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <deque>
#include <optional>
#include <string>

#include "base/unique_fd.hpp"
#include "usbip/wire.hpp"

namespace patella::emulator::usbip {

inline Bytes operation_request(uint16_t code, const std::string& bus_id = "") {
  Bytes bytes;
  put16(bytes, kVersion);
  put16(bytes, code);
  put32(bytes, 0);
  if (code == 0x8003) {
    bytes.insert(bytes.end(), bus_id.begin(), bus_id.end());
    bytes.resize(kOperationBytes + kBusIdBytes, 0);
  }
  return bytes;
}

inline Bytes submit_request(const Submit& s) {
  Bytes bytes;
  for (const uint32_t word :
       {1u, s.sequence, s.device, s.in ? 1u : 0u, uint32_t{s.endpoint}, 0u, s.length, 0u, s.iso_packets, 0u})
    put32(bytes, word);
  bytes.insert(bytes.end(), s.setup.begin(), s.setup.end());
  bytes.insert(bytes.end(), s.out.begin(), s.out.end());
  bytes.resize(bytes.size() + s.iso_packets * 16, 0);
  return bytes;
}

inline Bytes unlink_request(uint32_t sequence, uint32_t target) {
  Bytes bytes;
  for (const uint32_t word : {2u, sequence, 0u, 0u, 0u, target}) put32(bytes, word);
  bytes.resize(kCommandBytes, 0);
  return bytes;
}

struct Reply {
  bool is_unlink = false;
  uint32_t sequence = 0;
  int status = 0;
  uint32_t actual = 0;
  Bytes in;
};

/// Takes replies off the front of `bytes`. An answer to an IN transfer is followed by data, one to an OUT is not: only who
/// asked knows, here by bit 31 of the sequence number.
inline constexpr uint32_t kOutSequence = 0x80000000;
inline std::optional<Reply> take_reply(Bytes& bytes) {
  if (bytes.size() < kCommandBytes) return std::nullopt;
  Reply reply{get32(bytes, 0) == 4, get32(bytes, 4), static_cast<int>(get32(bytes, 20)), get32(bytes, 24), {}};
  const std::size_t data = reply.is_unlink || (reply.sequence & kOutSequence) ? 0 : reply.actual;
  if (bytes.size() < kCommandBytes + data) return std::nullopt;
  const auto from = bytes.begin() + kCommandBytes;
  reply.in.assign(from, from + static_cast<std::ptrdiff_t>(data));
  bytes.erase(bytes.begin(), from + static_cast<std::ptrdiff_t>(data));
  return reply;
}

class Client {
 public:
  explicit Client(UniqueFd fd) : fd_(std::move(fd)) {}
  /// Connects to 127.0.0.1.
  static Client to_port(uint16_t port) {
    UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fd.reset();
    return Client(std::move(fd));
  }

  explicit operator bool() const { return static_cast<bool>(fd_); }
  bool send(const Bytes& bytes) {
    return ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
  }
  /// Exactly so many bytes, or fewer at the end of the connection.
  Bytes read(std::size_t count) {
    while (buffer_.size() < count && more()) {
    }
    const std::size_t size = std::min(count, buffer_.size());
    Bytes out(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(size));
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(size));
    return out;
  }
  /// The connection has ended, and nothing was left to read.
  bool at_end() {
    while (more()) {
    }
    return ended_;
  }

  /// The status of the answer; 0 = the device is ours, its 312 bytes are in `device`.
  int import(const std::string& bus_id, Bytes* device = nullptr) {
    send(operation_request(0x8003, bus_id));
    const Bytes head = read(kOperationBytes);
    if (head.size() < kOperationBytes) return -1;
    const int status = static_cast<int>(get32(head, 4));
    const Bytes about = status == 0 ? read(kDeviceBytes) : Bytes{};
    if (device) *device = about;
    return status;
  }

  uint32_t submit_in(uint8_t endpoint, uint32_t room) {
    Submit s{++last_, 0x10002, true, endpoint, room, 0, {}, {}};
    send(submit_request(s));
    return s.sequence;
  }
  uint32_t submit_out(uint8_t endpoint, const Bytes& data) {
    Submit s{++last_ | kOutSequence, 0x10002, false, endpoint, static_cast<uint32_t>(data.size()), 0, {}, data};
    send(submit_request(s));
    return s.sequence;
  }
  uint32_t unlink(uint32_t target) {
    send(unlink_request(++last_, target));
    return last_;
  }
  std::optional<Reply> reply() {
    for (;;) {
      if (auto one = take_reply(buffer_)) return one;
      if (!more()) return std::nullopt;
    }
  }
  /// A control transfer and its answer.
  std::optional<Reply> control(const std::array<uint8_t, 8>& setup, const Bytes& out = {}) {
    const bool in = (setup[0] & 0x80) != 0;
    Submit s{++last_ | (in ? 0 : kOutSequence), 0x10002, in, 0, 0, 0, setup, out};
    s.length = in ? static_cast<uint32_t>(setup[6] | setup[7] << 8) : static_cast<uint32_t>(out.size());
    send(submit_request(s));
    return reply();
  }

 private:
  bool more() {
    pollfd wait{fd_.get(), POLLIN, 0};
    if (!fd_ || ended_ || ::poll(&wait, 1, 20'000) <= 0) return false;
    std::array<uint8_t, 4096> bytes;
    const ssize_t got = ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
    if (got <= 0) ended_ = true;
    if (got > 0) buffer_.insert(buffer_.end(), bytes.begin(), bytes.begin() + got);
    return got > 0;
  }

  UniqueFd fd_;
  Bytes buffer_;
  bool ended_ = false;
  uint32_t last_ = 0;
};

}  // namespace patella::emulator::usbip
