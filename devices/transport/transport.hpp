// The only code that links libusb or opens a serial port: finds the device a driver wants, opens it, moves
// bytes.
//
// Single-threaded and event-driven: poll() wait_fds(), then service(). Nothing here blocks, except open and
// close (at most about 3 s each, with a device that does not answer).
//
// Confinement. Once Finder::service() has returned a Port, the calling thread may be confined: no Port
// function opens a file, reads /sys or creates a thread. What a Port still calls, close included:
//   USB     ioctl (usbfs requests on the open node), poll, read and write (libusb's eventfd and timerfd),
//           timerfd_settime, clock_gettime, futex, close, and what malloc needs (mmap, munmap, brk, madvise)
//   serial  read, write, poll, ioctl (TIOCOUTQ and TCFLSH at close), close, clock_gettime, and what malloc
//   needs
// A Finder opens files and reads /sys in service(): confined, keep it but do not service it again.
// libusb's own udev thread starts in Finder::make(), before any confinement: it sleeps in poll() and at a
// plug or unplug anywhere does recvmsg, openat, readlinkat, fstatat and close under /sys. A filter put on all
// threads must make these fail with an error number, not kill; unplug of the open device is seen on its own
// node as well.
#pragma once

#include <poll.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/serial_settings.hpp"
#include "base/usb_match.hpp"

namespace patella::transport {

enum class Kind { hid = 1, bulk = 2, serial = 3 };

/// Which one of several devices of a kind: by its serial number, by the socket it is plugged into, or both. "" = any.
struct Which {
  std::string serial_number, port;
};

struct Wanted {
  Kind kind = Kind::hid;
  std::vector<UsbMatch> matches;
  SerialSettings serial;
  Which which;
  std::vector<Which> others;  ///< what other drivers of this kiosk are bound to: left to them
  /// How many other drivers of this kiosk could take the same serial bridges, and are bound to none. Then a port that this
  /// driver never had (`known`) is left to the others for a moment: to the one that had it.
  int sharers = 0;
  std::vector<Which> known = {};  ///< devices that this driver has measured with
};

struct Identity {
  uint16_t vendor = 0, product = 0;
  std::string manufacturer, product_name, serial_number;
  std::string port;  ///< "usb:1-2.3" or "tty:ttyUSB0@1-2.3"
  uint32_t in_packet_size = 0, out_packet_size = 0;
};

enum class Gone { unplugged = 1, closed = 2, failed = 3 };

/// Called from Port::service() only.
struct PortEvents {
  virtual ~PortEvents() = default;
  virtual void received(std::span<const uint8_t> bytes, int64_t t_us) = 0;
  /// status 0 or a negative errno.
  virtual void control_done(uint32_t tag, int status, std::span<const uint8_t> data, int64_t t_us) = 0;
  /// Something went wrong that was dealt with (a stall, a packet too long, a write not taken): one plain
  /// sentence.
  virtual void reported(const std::string& what) { (void)what; }
  /// The last call. `why` is one plain sentence.
  virtual void gone(Gone reason, const std::string& why) = 0;
};

/// One open, claimed device that is being read. Not to be destroyed from inside PortEvents.
class Port {
 public:
  /// Sends what is queued (at most 250 ms), cancels, waits for the cancelled transfers (at most 2 s),
  /// releases, closes. The kernel's own driver is not bound again: that takes rights which a confined process
  /// has given up.
  virtual ~Port() = default;
  virtual const Identity& identity() const = 0;
  /// Queues; false when 64 writes wait, there is no OUT endpoint, or the device is gone. An empty write is
  /// false.
  virtual bool write(std::span<const uint8_t> bytes) = 0;
  virtual bool control(uint32_t tag, uint8_t request_type, uint8_t request, uint16_t value, uint16_t index,
                       std::span<const uint8_t> data,
                       uint16_t length) = 0;                  ///< false when 64 wait; serial: always
  virtual void wait_fds(std::vector<pollfd>& out) const = 0;  ///< appends; ask afresh before each poll()
  virtual int64_t deadline_us() const = 0;                    ///< CLOCK_MONOTONIC; INT64_MAX = none
  virtual void service(PortEvents& events) = 0;
};

/// Waits for a device that matches, and opens it: hot-plug events, never a busy loop. A device that was
/// refused
/// (`refuse`) is not tried again until it was unplugged.
class Finder {
 public:
  /// `clock` must outlive the Finder and its Ports. Error: libusb or inotify cannot be set up.
  static Result<std::unique_ptr<Finder>> make(const Wanted& wanted, const Clock& clock);
  virtual ~Finder() = default;
  virtual void wait_fds(std::vector<pollfd>& out) const = 0;
  virtual int64_t deadline_us() const = 0;
  /// The open port once there is one; asked again, another one. The Finder may then be kept (to look further)
  /// but must outlive the Port.
  virtual std::unique_ptr<Port> service() = 0;
  /// Why nothing is open although something matches: no permission, busy, held by a kernel driver. "" =
  /// nothing matches.
  virtual std::string trouble() const = 0;
  /// Identity::port of a Port that was handed out and is closed, or, before the first service(), of one that
  /// another process was given. A name that is not attached at the next look is forgotten.
  virtual void refuse(const std::string& port) = 0;
  /// That port is not tried for this long, even when it is plugged in again: it is the others' turn.
  virtual void postpone(const std::string& port, int64_t for_us) = 0;
};

/// One attached USB device or serial port, for `patella devices`.
struct Attached {
  Identity identity;
  bool is_serial = false;
  std::string node;                  ///< "/dev/bus/usb/001/004", "/dev/ttyUSB0"
  std::string kernel_driver;         ///< "usbhid"; "" = none
  std::vector<UsbMatch> interfaces;  ///< class and usage page of each interface
  std::string trouble;               ///< "" or why it cannot be opened, with the remedy
};
/// Opens nothing and disturbs nothing: only /sys, and the permissions of the nodes.
std::vector<Attached> list_attached();

}  // namespace patella::transport
