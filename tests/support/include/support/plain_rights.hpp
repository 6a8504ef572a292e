// Permissions of files hold for root, too, while one of these lives: a test run as root tries what others meet.
#pragma once

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <stdexcept>

namespace patella {

/// Of the calling thread. Throws when the rights cannot be given up: the test must not pass untried.
class PlainRights {
 public:
  PlainRights() {
    if (syscall(SYS_capget, &header_, saved_) != 0) throw std::runtime_error("capget failed");
    __user_cap_data_struct plain[2] = {saved_[0], saved_[1]};
    plain[0].effective &= ~((1u << CAP_DAC_OVERRIDE) | (1u << CAP_DAC_READ_SEARCH));
    if (syscall(SYS_capset, &header_, plain) != 0) throw std::runtime_error("capset failed");
  }
  ~PlainRights() { syscall(SYS_capset, &header_, saved_); }
  PlainRights(const PlainRights&) = delete;
  PlainRights& operator=(const PlainRights&) = delete;

 private:
  __user_cap_header_struct header_{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct saved_[2] = {};
};

}  // namespace patella
