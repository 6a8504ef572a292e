// Sends what udev would tell its listeners. umockdev turns a netlink socket of a program into the datagram
// socket <root>/event<fd>; its own sender ends the process when a listener is slow, this one waits and then
// goes on.
#pragma once

#include <cstdint>
#include <string>

#include "mock_bus/sysfs_tree.hpp"

namespace patella::emulator {

class UeventSender {
 public:
  explicit UeventSender(std::string root) : root_(std::move(root)) {}
  /// action: "add", "remove". Returns how many listeners did not take it within two seconds.
  int send(const std::string& action, const SysfsDevice& device);

 private:
  std::string root_;
  uint64_t sequence_ = 1;
};

/// Lets a listener have more than ten unread messages, which is the kernel's default. Needs root; else does
/// nothing.
void raise_datagram_queue();

}  // namespace patella::emulator
