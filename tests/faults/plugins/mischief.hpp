// Everything that a plugin must not do, by name. Shared by the fault driver and the fault module.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace faults {

enum Mischief : int {
  kNone,
  kSegv,
  kAbort,
  kExit,
  kHang,
  kSpin,
  kStack,
  kLeak,
  kGarbage,
  kHead,
  kShrink,
  kFillEventfd,
  kFloodControl,
  kKillParent,
  kExec,
  kOpenFile,
  kSocket,
  kStop,
  kFork,
  kSendFd,
  kCloseControl,
  kFutureBeat,
  kWriteKioskPage,
  kLongMessage,
  kFirstOwn = 40  ///< from here on each plugin has its own, below
};

namespace of_driver {
enum Own : int {
  kFlood = kFirstOwn,
  kThrow,
  kBadSamples,
  kNotMine,
  kFailed,
  kCreate,
  kFakeGone,
  kSlowCommand,
  kStamped,
  kNotice
};
}

namespace of_module {
enum Own : int {
  kOnce = kFirstOwn,  ///< dies at 666 in its first life, not when its input waited for it already
  kDiffers,           ///< says its process id
  kBadOutput,
  kBadView,
  kManyOutputs,
  kEndlessOutputs,
  kQuiet  ///< says something each 10 s only
};
}

// The descriptors of the child, as plugins/host/wire/wire.hpp has them. A real plugin knows nothing of them.
inline constexpr int kControl = 3, kChildPage = 4, kKioskPage = 5, kToKiosk = 6;
inline constexpr std::size_t kRingOffset = 16384, kBeatOffset = 64;

struct Mapping {
  unsigned char* at = nullptr;
  std::size_t bytes = 0;
};

inline Mapping map(int fd, int protection) {
  const off_t size = lseek(fd, 0, SEEK_END);
  void* at = mmap(nullptr, static_cast<std::size_t>(size), protection, MAP_SHARED, fd, 0);
  if (at == MAP_FAILED) _exit(9);
  return {static_cast<unsigned char*>(at), static_cast<std::size_t>(size)};
}

inline void wake() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t n = write(kToKiosk, &one, sizeof one);
}

inline uint32_t next_random(uint32_t& state) { return state = state * 1664525u + 1013904223u; }

/// Recursion that the compiler can neither see through nor turn into a loop.
inline int endless(int depth) {
  char room[1024];
  std::memset(room, depth & 0x7f, sizeof room);
  asm volatile("" : : "r"(room) : "memory");
  int (*again)(int) = endless;
  asm volatile("" : "+r"(again));
  return again(depth + 1) + room[depth & 1023];
}

[[noreturn]] inline void spin() {
  for (;;) asm volatile("");
}

inline void write_to_nowhere() {
  auto address = std::uintptr_t{8};
  asm volatile("" : "+r"(address));
  *reinterpret_cast<int*>(address) = 1;
  asm volatile("" : : : "memory");
}

inline void leak() {
  for (;;) {
    void* block = std::malloc(1u << 20);
    if (!block) std::abort();
    std::memset(block, 1, 1u << 20);
  }
}

[[noreturn]] inline void garbage_ring() {
  const Mapping page = map(kChildPage, PROT_READ | PROT_WRITE);
  uint32_t state = static_cast<uint32_t>(getpid());
  for (std::size_t i = kRingOffset; i < page.bytes; ++i) page.at[i] = static_cast<unsigned char>(next_random(state) >> 24);
  auto* head = reinterpret_cast<std::atomic<uint64_t>*>(page.at);
  head->fetch_add(5);
  wake();
  for (;;) pause();
}

[[noreturn]] inline void random_head() {
  const Mapping page = map(kChildPage, PROT_READ | PROT_WRITE);
  uint32_t state = static_cast<uint32_t>(getpid());
  auto* head = reinterpret_cast<std::atomic<uint64_t>*>(page.at);
  for (;;) {
    head->store((uint64_t{next_random(state)} << 32) | next_random(state));
    wake();
  }
}

[[noreturn]] inline void fill_eventfd() {
  const uint64_t nearly = 0xfffffffffffffffdu;
  for (;;) {
    [[maybe_unused]] const ssize_t n = write(kToKiosk, &nearly, sizeof nearly);
  }
}

[[noreturn]] inline void flood_control(std::size_t length) {
  char bytes[8192];
  std::memset(bytes, 'x', sizeof bytes);
  for (;;) send(kControl, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
}

[[noreturn]] inline void send_descriptors() {
  for (;;) {
    char byte = 'x', room[CMSG_SPACE(sizeof(int))] = {};
    iovec part{&byte, 1};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = room;
    message.msg_controllen = sizeof room;
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    const int fd = kToKiosk;
    std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
    sendmsg(kControl, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  }
}

/// Exit codes of what was refused in a harmless way: 6 = EPERM, 9 = a mapping was refused, 8 = it worked (a hole).
inline void open_a_file() { _exit(open("/etc/passwd", O_RDONLY) >= 0 ? 8 : 6); }

inline void write_kiosk_page() {
  const Mapping page = map(kKioskPage, PROT_READ | PROT_WRITE);  // refused by the seal
  page.at[0] = 1;
  _exit(8);
}

inline void future_beat() {
  const Mapping page = map(kChildPage, PROT_READ | PROT_WRITE);
  auto* beat = reinterpret_cast<std::atomic<int64_t>*>(page.at + kBeatOffset);
  beat->store(INT64_MAX);
  for (;;) pause();
}

inline void commit(int mischief) {
  switch (mischief) {
    case kSegv:
      write_to_nowhere();
      break;
    case kAbort:
      std::abort();
    case kExit:
      _exit(0);
    case kHang:
      for (;;) pause();
    case kSpin:
      spin();
    case kStack:
      endless(0);
      break;
    case kLeak:
      leak();
      break;
    case kGarbage:
      garbage_ring();
    case kHead:
      random_head();
    case kShrink:
      _exit(ftruncate(kChildPage, 0) == 0 ? 8 : 6);
    case kFillEventfd:
      fill_eventfd();
    case kFloodControl:
      flood_control(1000);
    case kLongMessage:
      flood_control(8000);
    case kKillParent:
      kill(getppid(), SIGKILL);
      break;
    case kExec:
      execl("/bin/sh", "sh", "-c", "true", static_cast<char*>(nullptr));
      break;
    case kOpenFile:
      open_a_file();
      break;
    case kSocket:
      socket(AF_INET, SOCK_STREAM, 0);
      break;
    case kStop:
      raise(SIGSTOP);
      break;
    case kFork:
      fork();
      break;
    case kSendFd:
      send_descriptors();
    case kCloseControl:
      close(kControl);
      break;
    case kFutureBeat:
      future_beat();
      break;
    case kWriteKioskPage:
      write_kiosk_page();
      break;
    default:
      break;
  }
}

}  // namespace faults
