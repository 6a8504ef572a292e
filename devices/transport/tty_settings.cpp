#include "transport/tty_settings.hpp"

#include <asm/termbits.h>
#include <linux/serial.h>
#include <poll.h>
#include <sys/ioctl.h>

#include <cerrno>

namespace patella::transport {
namespace {

/// 0 for a value outside the contract.
unsigned format_flags(const SerialSettings& settings, bool& ok) {
  unsigned flags = 0;
  ok = true;
  switch (settings.data_bits) {
    case 5:
      flags |= CS5;
      break;
    case 6:
      flags |= CS6;
      break;
    case 7:
      flags |= CS7;
      break;
    case 8:
      flags |= CS8;
      break;
    default:
      ok = false;
  }
  switch (settings.parity) {
    case 0:
      break;
    case 1:
      flags |= PARENB | PARODD;
      break;
    case 2:
      flags |= PARENB;
      break;
    default:
      ok = false;
  }
  if (settings.stop_bits == 2)
    flags |= CSTOPB;
  else if (settings.stop_bits != 1)
    ok = false;
  return flags;
}

void set_lines(int fd, bool dtr) {
  int lines = TIOCM_DTR | TIOCM_RTS;
  (void)::ioctl(fd, dtr ? TIOCMBIS : TIOCMBIC, &lines);
}

/// FTDI chips hold bytes back for 16 ms otherwise. The udev rule does the same for those where this is not
/// allowed.
void ask_low_latency(int fd) {
  serial_struct serial{};
  if (::ioctl(fd, TIOCGSERIAL, &serial) != 0) return;
  serial.flags |= ASYNC_LOW_LATENCY;
  (void)::ioctl(fd, TIOCSSERIAL, &serial);
}

}  // namespace

int configure_tty(int fd, const SerialSettings& settings) {
  bool ok = false;
  const unsigned format = format_flags(settings, ok);
  if (!ok || settings.baud == 0) return EINVAL;
  if (::ioctl(fd, TIOCEXCL) != 0) return errno;
  termios2 tty{};
  if (::ioctl(fd, TCGETS2, &tty) != 0) return errno;
  tty.c_iflag = IGNBRK | (settings.parity ? INPCK : 0u);
  tty.c_oflag = 0;
  tty.c_lflag = 0;
  // Without HUPCL a close leaves DTR up, so that the next open does not reset an Arduino board a second time.
  tty.c_cflag = format | CREAD | CLOCAL | BOTHER | (BOTHER << IBSHIFT);
  tty.c_ispeed = tty.c_ospeed = settings.baud;
  tty.c_cc[VMIN] = 1;  // with 0 an empty read would look like an unplug
  tty.c_cc[VTIME] = 0;
  if (::ioctl(fd, TCSETS2, &tty) != 0) return errno;
  set_lines(fd, settings.dtr);
  ask_low_latency(fd);
  return 0;
}

uint32_t tty_speed(int fd) {
  termios2 tty{};
  return ::ioctl(fd, TCGETS2, &tty) == 0 ? tty.c_ospeed : 0;
}

void discard_unsent(int fd, int64_t limit_us) {
  constexpr int kStepMs = 5;
  for (int64_t waited_us = 0; waited_us < limit_us; waited_us += kStepMs * 1000) {
    int unsent = 0;
    if (::ioctl(fd, TIOCOUTQ, &unsent) != 0 || unsent == 0) return;
    (void)::poll(nullptr, 0, kStepMs);
  }
  (void)::ioctl(fd, TCFLSH, TCOFLUSH);
}

}  // namespace patella::transport
