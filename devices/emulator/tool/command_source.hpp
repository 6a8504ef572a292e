// Where commands come from: a file read once, stdin, or a FIFO that writers open and close as they like.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace patella::emulator {

class CommandSource {
 public:
  /// Reads the whole file now.
  static Result<CommandSource> script(const std::string& path);
  static CommandSource standard_input();
  /// A FIFO (made if nothing is there) or a file that is followed like `tail -f`.
  static Result<CommandSource> control(const std::string& path);

  /// To be polled for reading; -1 when there is nothing to wait for.
  int poll_fd() const { return is_fifo_ || is_input_ ? fd_.get() : -1; }
  /// A followed file has no event: it is looked at every that many milliseconds.
  bool needs_looking() const { return fd_ && !is_fifo_ && !is_input_; }
  void read_more();
  /// Takes the next whole line; false when there is none.
  bool next_line(std::string& line);
  bool input_ended() const { return is_input_ && !fd_; }

  int64_t sleep_until_us = 0;  ///< the source's own pause
  std::string wait_for_open;   ///< a device's name

 private:
  UniqueFd fd_;
  bool is_input_ = false, is_fifo_ = false;
  std::string text_;
};

}  // namespace patella::emulator
