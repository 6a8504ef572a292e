#include "mock_bus/pty_port.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "mock_bus/line_speed.hpp"

namespace patella::emulator {

Result<std::string> PtyPort::plug(int inotify_fd) {
  int master = -1, slave_number = -1;
  char name[64];
  if (::openpty(&master, &slave_number, name, nullptr, nullptr) != 0)
    return Error{"cannot make a pseudo terminal: " + std::string(std::strerror(errno)), "", ""};
  master_.reset(master);
  const UniqueFd slave(slave_number);
  ::fcntl(master, F_SETFD, FD_CLOEXEC);
  ::fcntl(master, F_SETFL, O_NONBLOCK);
  termios settings{};
  ::tcgetattr(slave.get(), &settings);
  ::cfmakeraw(&settings);  // a terminal that echoes would talk to the device
  settings.c_cflag |= HUPCL;
  ::tcsetattr(slave.get(), TCSANOW, &settings);
  open_ = false;
  lines_ = 0;
  watch_ = ::inotify_add_watch(inotify_fd, name, IN_OPEN | IN_CLOSE);
  if (watch_ < 0) return Error{"cannot watch a pseudo terminal: " + std::string(std::strerror(errno)), name, ""};
  return std::string(name);
}

void PtyPort::unplug(int inotify_fd, int64_t now_us) {
  if (!is_plugged()) return;
  serve(now_us);
  if (watch_ >= 0) ::inotify_rm_watch(inotify_fd, watch_);
  watch_ = -1;
  open_ = false;
  lines_ = 0;
  model_->closed(now_us);
  master_.reset();
}

bool PtyPort::nobody_has_it_open() const {
  pollfd one{master_.get(), POLLIN, 0};
  return ::poll(&one, 1, 0) > 0 && (one.revents & POLLHUP);
}

void PtyPort::opened_or_closed(uint32_t inotify_mask, int64_t now_us) {
  if (!is_plugged()) return;
  const bool none = nobody_has_it_open();
  const bool last_close = (inotify_mask & IN_CLOSE) && none;
  if (open_ && last_close) {
    serve(now_us);
    if (open_) close_line(now_us);
    return;
  }
  if (open_ || none || !(inotify_mask & IN_OPEN)) return;
  open_ = true;
  set_lines(TIOCM_DTR | TIOCM_RTS, now_us);
}

/// A rising DTR resets the board; a falling one does nothing to it.
void PtyPort::set_lines(int lines, int64_t now_us) {
  const bool rises = (lines & TIOCM_DTR) && !(lines_ & TIOCM_DTR);
  lines_ = lines & (TIOCM_DTR | TIOCM_RTS);
  if (rises) model_->opened(now_us);
}

void PtyPort::ioctl(UMockdevIoctlClient* client, int64_t now_us) {
  constexpr long kLetTheTerminalAnswer = -100;  // umockdev's number for "not handled"
  const unsigned long request = umockdev_ioctl_client_get_request(client);
  const bool reads = request == TIOCMGET;
  if (!reads && request != TIOCMSET && request != TIOCMBIS && request != TIOCMBIC)
    return umockdev_ioctl_client_complete(client, kLetTheTerminalAnswer, 0);
  UMockdevIoctlData* place = umockdev_ioctl_data_resolve(umockdev_ioctl_client_get_arg(client), 0, sizeof(int), nullptr);
  if (!place) return umockdev_ioctl_client_complete(client, -1, EFAULT);
  int bits = 0;
  std::memcpy(&bits, place->data, sizeof bits);
  if (request == TIOCMSET) set_lines(bits, now_us);
  if (request == TIOCMBIS) set_lines(lines_ | bits, now_us);
  if (request == TIOCMBIC) set_lines(lines_ & ~bits, now_us);
  if (reads) {
    bits = lines_ | TIOCM_CTS | TIOCM_DSR | TIOCM_CAR;
    umockdev_ioctl_data_update(place, 0, reinterpret_cast<guint8*>(&bits), int{sizeof bits});
  }
  g_object_unref(place);
  umockdev_ioctl_client_complete(client, 0, 0);
}

void PtyPort::close_line(int64_t now_us) {
  open_ = false;
  termios settings{};
  // The master answers for the terminal as a whole.
  const bool keeps_dtr = ::tcgetattr(master_.get(), &settings) == 0 && !(settings.c_cflag & HUPCL);
  if (keeps_dtr) return;
  lines_ = 0;
  model_->closed(now_us);
}

void PtyPort::serve(int64_t now_us) {
  if (!is_plugged()) return;
  if (open_) model_->set_host_baud(line_speed_baud(master_.get()));
  std::array<uint8_t, 4096> bytes;
  while (open_) {
    const ssize_t got = ::read(master_.get(), bytes.data(), bytes.size());
    // The kernel tells of a close before it is done, so that the port can still look open then; this is the end of it.
    if (got < 0 && errno == EIO) return close_line(now_us);
    if (got <= 0) break;
    model_->received({bytes.data(), static_cast<std::size_t>(got)}, now_us);
  }
  const Bytes out = model_->take_output(now_us);
  if (!open_ || out.empty()) return;
  // What does not fit is lost, as in the buffer of a real port that nobody reads.
  const ssize_t sent = ::write(master_.get(), out.data(), out.size());
  static_cast<void>(sent);
}

}  // namespace patella::emulator
