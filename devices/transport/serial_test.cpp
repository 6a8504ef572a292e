// The serial port on a pty: everything but the speed on the wire is the kernel's real tty.
#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "support/catch.hpp"
#include "transport/serial_port.hpp"
#include "transport/tty_settings.hpp"

using namespace patella;
using namespace patella::transport;

namespace {

struct Pty {
  UniqueFd device;  ///< the side the device is on
  std::string node;
  Pty() {
    int master = -1, slave = -1;
    char name[128] = {};
    REQUIRE(::openpty(&master, &slave, name, nullptr, nullptr) == 0);
    device.reset(master);
    ::close(slave);
    node = name;
  }
  void send(const std::string& text) {
    REQUIRE(::write(device.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  std::string take(std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) {
      pollfd ready{device.get(), POLLIN, 0};
      if (::poll(&ready, 1, 10'000) != 1) break;
      char buffer[4096];
      const ssize_t got = ::read(device.get(), buffer, sizeof buffer);
      if (got <= 0) break;
      text.append(buffer, static_cast<std::size_t>(got));
    }
    return text;
  }
};

struct Seen final : PortEvents {
  std::string text;
  int64_t last_us = 0;
  int gone_calls = 0;
  Gone reason = Gone::closed;
  void received(std::span<const uint8_t> bytes, int64_t t_us) override {
    text.append(bytes.begin(), bytes.end());
    last_us = t_us;
  }
  void control_done(uint32_t, int, std::span<const uint8_t>, int64_t) override {}
  void gone(Gone why, const std::string&) override {
    ++gone_calls;
    reason = why;
  }
};

/// Polls and services until `enough`; at most 10 s.
template <class Enough>
void run_until(Port& port, Seen& seen, Enough&& enough) {
  const SystemClock clock;
  const int64_t end_us = clock.now_us() + 10'000'000;
  while (!enough() && clock.now_us() < end_us) {
    std::vector<pollfd> fds;
    port.wait_fds(fds);
    const int wait_ms = port.deadline_us() <= clock.now_us() ? 0 : 1000;
    ::poll(fds.data(), fds.size(), wait_ms);
    port.service(seen);
  }
}

Identity pty_identity() { return {0x0403, 0x6001, "", "", "", "tty:pts", 0, 0}; }

}  // namespace

TEST_CASE("bytes go both ways unchanged") {
  const SystemClock clock;
  Pty pty;
  OpenedTty opened = open_tty(pty.node, {});
  REQUIRE(opened.fd);
  SerialPort port(std::move(opened.fd), pty_identity(), clock);
  Seen seen;
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  pty.send(all);
  run_until(port, seen, [&] { return seen.text.size() >= all.size(); });
  CHECK(seen.text == all);
  CHECK(seen.last_us <= clock.now_us());
  CHECK(port.write({reinterpret_cast<const uint8_t*>(all.data()), all.size()}));
  CHECK(pty.take(all.size()) == all);
  CHECK(seen.gone_calls == 0);
  CHECK_FALSE(port.control(1, 0x80, 6, 0, 0, {}, 8));
}

TEST_CASE("unplug: what came before is delivered, then gone, once") {
  const SystemClock clock;
  Pty pty;
  OpenedTty opened = open_tty(pty.node, {});
  REQUIRE(opened.fd);
  SerialPort port(std::move(opened.fd), pty_identity(), clock);
  Seen seen;
  run_until(port, seen, [] { return true; });
  pty.device.reset();
  run_until(port, seen, [&] { return seen.gone_calls > 0; });
  CHECK(seen.gone_calls == 1);
  CHECK(seen.reason == Gone::unplugged);
  port.service(seen);
  CHECK(seen.gone_calls == 1);
  const uint8_t byte = 'x';
  CHECK_FALSE(port.write({&byte, 1}));
  std::vector<pollfd> fds;
  port.wait_fds(fds);
  CHECK(fds.empty());
}

TEST_CASE("a device that does not read fills the queue of 64, then writes are refused; it drains in order") {
  const SystemClock clock;
  Pty pty;
  OpenedTty opened = open_tty(pty.node, {});
  REQUIRE(opened.fd);
  SerialPort port(std::move(opened.fd), pty_identity(), clock);
  Seen seen;
  std::string sent;
  const auto block = [](int n) { return std::string(2000, static_cast<char>('a' + n % 26)); };
  int n = 0;
  for (; n < 1000; ++n) {
    const std::string text = block(n);
    if (!port.write({reinterpret_cast<const uint8_t*>(text.data()), text.size()})) break;
    sent += text;
  }
  CHECK(n >= 64);
  REQUIRE(n < 1000);
  std::string taken;
  run_until(port, seen, [&] {
    // All there is: the kernel wakes the writer only when its buffer is nearly empty.
    for (pollfd ready{pty.device.get(), POLLIN, 0}; ::poll(&ready, 1, 0) == 1;) taken += pty.take(1);
    return taken.size() >= sent.size();
  });
  CHECK(taken == sent);
}

TEST_CASE("a port is opened by one program at a time, and says so") {
  Pty pty;
  OpenedTty first = open_tty(pty.node, {});
  REQUIRE(first.fd);
  // A root user passes TIOCEXCL; the lock on the node holds for everyone.
  OpenedTty second = open_tty(pty.node, {});
  CHECK_FALSE(second.fd);
  CHECK(second.failure.why == pty.node + " is in use by another program. Close it");
  first.fd.reset();
}

TEST_CASE("speed, format, raw mode and no hang-up on close are set") {
  Pty pty;
  SerialSettings settings;
  settings.baud = 9600;
  OpenedTty opened = open_tty(pty.node, settings);
  REQUIRE(opened.fd);
  termios tty{};
  REQUIRE(::tcgetattr(opened.fd.get(), &tty) == 0);
  CHECK(tty_speed(opened.fd.get()) == 9600);
  CHECK((tty.c_cflag & CSIZE) == CS8);
  CHECK((tty.c_cflag & CREAD) != 0);
  CHECK((tty.c_cflag & HUPCL) == 0);
  CHECK((tty.c_cflag & CRTSCTS) == 0);
  CHECK((tty.c_lflag & (ICANON | ECHO | ISIG)) == 0);
  CHECK(tty.c_oflag == 0);
  CHECK(tty.c_cc[VMIN] == 1);
}

TEST_CASE("settings outside the contract and missing nodes are refused with words") {
  Pty pty;
  SerialSettings settings;
  settings.data_bits = 9;
  CHECK(open_tty(pty.node, settings).failure.error == EINVAL);
  settings = {};
  settings.baud = 0;
  CHECK(open_tty(pty.node, settings).failure.error == EINVAL);
  const OpenedTty missing = open_tty("/dev/ttyNotThere", {});
  CHECK(missing.failure.error == ENOENT);
  CHECK(missing.failure.why.find("/dev/ttyNotThere") == 0);
}
