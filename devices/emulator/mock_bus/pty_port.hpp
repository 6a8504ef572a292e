// One serial device as a tty: a pseudo terminal whose slave the program opens and whose master the model is
// behind.
//
// Every call is made under the bus's lock. DTR does not exist on a pseudo terminal: the first open counts as
// DTR going up, the last close as going down, unless the program has cleared HUPCL, which on a real line
// leaves DTR up.
#pragma once

#include <memory>
#include <string>

#include <umockdev.h>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "emulator/serial_model.hpp"

namespace patella::emulator {

class PtyPort {
 public:
  explicit PtyPort(std::unique_ptr<SerialModel> model) : model_(std::move(model)) {}

  SerialModel& model() { return *model_; }
  /// Makes the terminal and returns the path of its slave. inotify_fd gets a watch for opens and closes of
  /// it.
  Result<std::string> plug(int inotify_fd);
  /// Hangs up whoever has it open.
  void unplug(int inotify_fd, int64_t now_us);
  bool is_plugged() const { return static_cast<bool>(master_); }
  bool is_open() const { return open_; }
  int watch() const { return watch_; }
  /// The master, to be polled for reading while the port is open; -1 otherwise.
  int poll_fd() const { return open_ ? master_.get() : -1; }

  /// Somebody opened or closed the slave.
  void opened_or_closed(uint32_t inotify_mask, int64_t now_us);
  /// An ioctl on the slave.
  void ioctl(UMockdevIoctlClient* client, int64_t now_us);
  /// Moves bytes both ways.
  void serve(int64_t now_us);
  int64_t deadline_us() const { return is_plugged() ? model_->deadline_us() : kNever; }

 private:
  bool nobody_has_it_open() const;
  void close_line(int64_t now_us);
  void set_lines(int lines, int64_t now_us);

  std::unique_ptr<SerialModel> model_;
  UniqueFd master_;
  int watch_ = -1;
  bool open_ = false;
  int lines_ = 0;  ///< TIOCM_DTR, TIOCM_RTS
};

}  // namespace patella::emulator
