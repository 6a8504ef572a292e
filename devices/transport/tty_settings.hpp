// Speed, format, lines and exclusive use of an open tty. Apart because the kernel's termios2, which takes any
// speed, cannot be included beside the C library's termios.
#pragma once

#include "transport/transport.hpp"

namespace patella::transport {

/// 0 or an errno. EINVAL: the driver does not take the speed or format. Lines that the port does not have (a
/// pty has no DTR) and low latency that it does not offer are no errors.
int configure_tty(int fd, const SerialSettings& settings);

/// The speed the driver has set, bit/s; 0 on error.
uint32_t tty_speed(int fd);

/// Waits at most `limit_us` for unsent bytes, then drops them.
void discard_unsent(int fd, int64_t limit_us);

}  // namespace patella::transport
