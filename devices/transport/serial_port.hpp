// One open serial port.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/unique_fd.hpp"
#include "transport/transport.hpp"

namespace patella::transport {

/// How opening failed, so that the finder knows whether and when to try again.
struct OpenFailure {
  int error = 0;  ///< errno
  std::string why;
};

/// Opens the node for this process alone (TIOCEXCL and flock), raw, without flow control, with the speed and
/// format asked for, DTR as asked for; asks the driver for low latency where it can. Opening raises DTR for a
/// moment in any case: that is the kernel's doing.
struct OpenedTty {
  UniqueFd fd;
  OpenFailure failure;  ///< when fd is empty
};
OpenedTty open_tty(const std::string& node, const SerialSettings& settings);

class SerialPort final : public Port {
 public:
  SerialPort(UniqueFd fd, Identity identity, const Clock& clock);
  ~SerialPort() override;
  const Identity& identity() const override { return identity_; }
  bool write(std::span<const uint8_t> bytes) override;
  bool control(uint32_t, uint8_t, uint8_t, uint16_t, uint16_t, std::span<const uint8_t>, uint16_t) override { return false; }
  void wait_fds(std::vector<pollfd>& out) const override;
  int64_t deadline_us() const override;
  void service(PortEvents& events) override;

 private:
  void read_all(PortEvents& events);
  void send_waiting();
  void set_gone(std::string why);

  UniqueFd fd_;
  Identity identity_;
  const Clock& clock_;
  std::deque<std::vector<uint8_t>> waiting_;
  std::size_t sent_ = 0;  ///< bytes of the first waiting write that are gone already
  bool is_gone_ = false, gone_told_ = false;
  std::string gone_why_;
};

}  // namespace patella::transport
