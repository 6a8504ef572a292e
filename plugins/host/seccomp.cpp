// Allow-lists of system calls. What is on no list ends the process at once (SIGSYS), so that a plugin that tries is
// seen; opening a file is refused with EPERM instead, since libraries try that in passing.
#include <asm/termbits.h>
#include <fcntl.h>
#include <linux/serial.h>
#include <linux/sockios.h>
#include <linux/usbdevice_fs.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <memory>

#include <fmt/format.h>

#include "confine.hpp"

namespace patella::host {
namespace {

using Filter = std::unique_ptr<void, decltype(&seccomp_release)>;

/// Collects rules; remembers the first that the library refuses.
class Rules {
 public:
  explicit Rules(scmp_filter_ctx filter) : filter_(filter) {}
  int error() const { return error_; }

  void allow(std::initializer_list<int> calls) { add(SCMP_ACT_ALLOW, calls); }
  void refuse(std::initializer_list<int> calls) { add(SCMP_ACT_ERRNO(EPERM), calls); }
  void allow_if(int call, std::initializer_list<scmp_arg_cmp> arguments) {
    keep(seccomp_rule_add_array(filter_, SCMP_ACT_ALLOW, call, static_cast<unsigned>(arguments.size()), arguments.begin()));
  }

 private:
  void add(uint32_t action, std::initializer_list<int> calls) {
    for (const int call : calls) keep(seccomp_rule_add_array(filter_, action, call, 0, nullptr));
  }
  void keep(int result) {
    if (result != 0 && result != -EDOM && error_ == 0) error_ = result;  // EDOM: this machine has no such call
  }
  scmp_filter_ctx filter_;
  int error_ = 0;
};

scmp_arg_cmp equals(unsigned argument, uint64_t value) { return {argument, SCMP_CMP_EQ, value, 0}; }
scmp_arg_cmp below(unsigned argument, uint64_t value) { return {argument, SCMP_CMP_LT, value, 0}; }
scmp_arg_cmp without(unsigned argument, uint64_t bits) { return {argument, SCMP_CMP_MASKED_EQ, bits, 0}; }

constexpr uint64_t kFirstPoisonAdvice = 100;  ///< MADV_HWPOISON and MADV_SOFT_OFFLINE take pages away from everybody
/// Bits of seccomp()'s flags that loading the second list needs; without SPEC_ALLOW and without NEW_LISTENER.
constexpr uint64_t kFilterFlags = 0x1 /* TSYNC */ | 0x2 /* LOG */ | 0x10 /* TSYNC_ESRCH */;
constexpr uint64_t kSetFilter = 1;  ///< SECCOMP_SET_MODE_FILTER

void running_rules(Rules& rules) {
  rules.allow({SCMP_SYS(read),
               SCMP_SYS(write),
               SCMP_SYS(readv),
               SCMP_SYS(writev),
               SCMP_SYS(futex),
               SCMP_SYS(clock_gettime),
               SCMP_SYS(clock_getres),
               SCMP_SYS(clock_nanosleep),
               SCMP_SYS(nanosleep),
               SCMP_SYS(gettimeofday),
               SCMP_SYS(poll),
               SCMP_SYS(ppoll),
               SCMP_SYS(select),
               SCMP_SYS(pselect6),
               SCMP_SYS(epoll_wait),
               SCMP_SYS(epoll_pwait),
               SCMP_SYS(epoll_ctl),
               SCMP_SYS(epoll_create1),
               SCMP_SYS(eventfd2),
               SCMP_SYS(timerfd_create),
               SCMP_SYS(timerfd_settime),
               SCMP_SYS(recvmsg),
               SCMP_SYS(sendmsg),
               SCMP_SYS(sendto),
               SCMP_SYS(recvfrom),
               SCMP_SYS(munmap),
               SCMP_SYS(brk),
               SCMP_SYS(mremap),
               SCMP_SYS(sysinfo),
               SCMP_SYS(rt_sigreturn),
               SCMP_SYS(rt_sigprocmask),
               SCMP_SYS(sigaltstack),
               SCMP_SYS(exit),
               SCMP_SYS(exit_group),
               SCMP_SYS(close),
               SCMP_SYS(sched_yield),
               SCMP_SYS(sched_getaffinity),
               SCMP_SYS(getpid),
               SCMP_SYS(gettid),
               SCMP_SYS(restart_syscall),
               SCMP_SYS(set_robust_list),
               SCMP_SYS(rseq),
               SCMP_SYS(getrandom),
               SCMP_SYS(pause),
               SCMP_SYS(lseek),
               SCMP_SYS(fstat),
               SCMP_SYS(uname),
               SCMP_SYS(rt_sigtimedwait)});
  rules.allow_if(SCMP_SYS(mmap), {without(2, PROT_EXEC)});
  rules.allow_if(SCMP_SYS(mprotect), {without(2, PROT_EXEC)});
  for (const int command : {F_GETFL, F_GETFD, F_SETFD})
    rules.allow_if(SCMP_SYS(fcntl), {equals(1, static_cast<uint64_t>(command))});
  rules.allow_if(SCMP_SYS(madvise), {below(2, kFirstPoisonAdvice)});
  // Its own limits may be asked for, nobody else's, and none is set.
  rules.allow_if(SCMP_SYS(prlimit64), {equals(0, 0), equals(2, 0)});
  // libusb's thread gives itself a name when it first runs, which on a busy machine is after this filter is in force.
  rules.allow_if(SCMP_SYS(prctl), {equals(0, PR_SET_NAME)});
  // abort() and raise() reach the process itself, so that the reason reads "aborted", and nobody else.
  rules.allow_if(SCMP_SYS(tgkill), {equals(0, static_cast<uint64_t>(getpid()))});
}

// usbfs without RESET and without detaching drivers.
constexpr uint64_t kUsbRequests[] = {USBDEVFS_SUBMITURB,
                                     USBDEVFS_DISCARDURB,
                                     USBDEVFS_REAPURB,
                                     USBDEVFS_REAPURBNDELAY,
                                     USBDEVFS_CLAIMINTERFACE,
                                     USBDEVFS_RELEASEINTERFACE,
                                     USBDEVFS_SETINTERFACE,
                                     USBDEVFS_CLEAR_HALT,
                                     USBDEVFS_GET_CAPABILITIES,
                                     USBDEVFS_CONTROL,
                                     USBDEVFS_BULK,
                                     USBDEVFS_CONNECTINFO,
                                     USBDEVFS_GETDRIVER,
                                     _IO('U', 31) /* GET_SPEED */};

// A serial port that was set before: what is asked while it is read and when it is closed.
constexpr uint64_t kSerialRequests[] = {TCGETS, TCGETS2, TCFLSH, TIOCMGET, FIONREAD, TIOCOUTQ};

void device_rules(Rules& rules) {
  for (const uint64_t request : kUsbRequests) rules.allow_if(SCMP_SYS(ioctl), {equals(1, request)});
  for (const uint64_t request : kSerialRequests) rules.allow_if(SCMP_SYS(ioctl), {equals(1, request)});
}

/// What dlopen() needs, and what puts the second list on. A constructor may call these, too: it reads what Landlock
/// leaves, and confines itself further.
void loading_rules(Rules& rules) {
  rules.allow_if(SCMP_SYS(openat), {without(2, O_ACCMODE | O_CREAT | O_TRUNC)});
  rules.allow({SCMP_SYS(mmap), SCMP_SYS(mprotect), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(pread64),
               SCMP_SYS(landlock_create_ruleset), SCMP_SYS(landlock_add_rule), SCMP_SYS(landlock_restrict_self)});
  rules.allow_if(SCMP_SYS(seccomp), {equals(0, kSetFilter), without(1, ~kFilterFlags)});
}

/// libusb's thread looks into /sys when something is plugged in, libraries look for settings in passing.
void no_names(Rules& rules) {
  rules.refuse({SCMP_SYS(open), SCMP_SYS(openat2), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(access), SCMP_SYS(faccessat),
                SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getcwd), SCMP_SYS(getdents64)});
}

void no_files(Rules& rules) { rules.refuse({SCMP_SYS(openat), SCMP_SYS(newfstatat), SCMP_SYS(statx)}); }

/// What the emulator's preload library does on behalf of libusb and libudev: it opens files below its folder (where
/// Landlock is missing, any file) and talks to its test process over unix sockets.
void umockdev_rules(Rules& rules) {
  rules.allow({SCMP_SYS(open),       SCMP_SYS(openat), SCMP_SYS(stat),       SCMP_SYS(lstat),       SCMP_SYS(newfstatat),
               SCMP_SYS(statx),      SCMP_SYS(access), SCMP_SYS(faccessat),  SCMP_SYS(faccessat2),  SCMP_SYS(readlink),
               SCMP_SYS(readlinkat), SCMP_SYS(getcwd), SCMP_SYS(getdents64), SCMP_SYS(fstatfs),     SCMP_SYS(statfs),
               SCMP_SYS(connect),    SCMP_SYS(bind),   SCMP_SYS(unlink),     SCMP_SYS(getsockname), SCMP_SYS(setsockopt),
               SCMP_SYS(getsockopt), SCMP_SYS(fcntl)});
  rules.allow_if(SCMP_SYS(socket), {equals(0, AF_UNIX)});
}

}  // namespace

std::string apply_seccomp(Stage stage, const ConfineOptions& options) {
  const Filter filter(seccomp_init(SCMP_ACT_KILL_PROCESS), seccomp_release);
  if (!filter) return "the list of system calls could not be made";
  // libusb has a thread of its own: the filter must reach it, too.
  int error = seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1);
  // Calls of another ABI (32 bits, x32) have other numbers: not the thread, the process ends.
  if (error == 0) error = seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  // no_new_privs is set; the first list does not let it be asked for again.
  if (error == 0 && stage == Stage::running) error = seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_NNP, 0);
  Rules rules(filter.get());
  running_rules(rules);
  device_rules(rules);
  if (kSanitized) rules.allow({SCMP_SYS(pipe2), SCMP_SYS(dup2), SCMP_SYS(prctl), SCMP_SYS(getrlimit), SCMP_SYS(prlimit64)});
  if (stage == Stage::loading)
    loading_rules(rules);
  else if (!options.under_umockdev)
    no_files(rules);
  if (options.under_umockdev)
    umockdev_rules(rules);
  else
    no_names(rules);
  if (error == 0) error = rules.error();
  if (error == 0) error = seccomp_load(filter.get());
  return error == 0 ? std::string() : fmt::format("the kernel refused the list of system calls ({})", std::strerror(-error));
}

}  // namespace patella::host
