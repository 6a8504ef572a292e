// `patella-emulator vhci` as a child, its commands and its answers.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/unique_fd.hpp"

namespace patella::vm {

class EmulatorProcess {
 public:
  /// All devices are there and none is plugged in.
  explicit EmulatorProcess(const std::string& kinds);
  EmulatorProcess(const EmulatorProcess&) = delete;
  EmulatorProcess& operator=(const EmulatorProcess&) = delete;
  ~EmulatorProcess();

  /// Types a command and returns the answer, without the tool's name; "" after 60 s.
  std::string ask(const std::string& command);

 private:
  pid_t pid_ = -1;
  UniqueFd input_, answers_;
  std::string rest_;
};

}  // namespace patella::vm
