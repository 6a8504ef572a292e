// The program that is to see the emulated devices, as a child process.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace patella::emulator {

class Program {
 public:
  /// Starts it with umockdev's preload library, and with PATELLA_UNDER_UMOCKDEV=1. Its stdin is an empty pipe
  /// that ends with end_input(): the tool keeps its own stdin for commands.
  static Result<Program> start(const std::vector<std::string>& argv);
  pid_t pid() const { return pid_; }
  void end_input() { input_.reset(); }
  void pass_on(int signal) const;
  /// Once it has ended: its exit status, 128 + n after signal n. -1 while it runs.
  int exit_status();

 private:
  pid_t pid_ = -1;
  UniqueFd input_;
};

}  // namespace patella::emulator
