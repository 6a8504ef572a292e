// What the kiosk and the child process of a plugin agree on: numbers of descriptors, layout of the shared memory.
//
// Two memory files, new and sealed for each child. The child's page is written by the child alone (the kiosk maps it
// read-only), the kiosk's page by the kiosk alone. Each ring has one producer and one consumer and no lock: the
// producer publishes `head` after the slot, the consumer publishes how far it came. Whoever makes a ring non-empty
// wakes the other side through its eventfd. Both write their own word, then read the other's, with a full fence in
// between, so one of them always sees the other and no wake-up is lost.
#pragma once

#include <patella/exercise.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace patella::wire {

inline constexpr char kVersion[] = "1";  ///< first word of the start message; kiosk and host are built together

// Descriptors of the child. Everything from kFirstFreeFd up is closed at its start.
inline constexpr int kControlFd = 3;    ///< seqpacket socket, messages as in message.hpp
inline constexpr int kChildPageFd = 4;  ///< memory file the child writes
inline constexpr int kKioskPageFd = 5;  ///< memory file the kiosk writes; sealed against the child's writing
inline constexpr int kToKioskFd = 6;    ///< eventfd: the child's ring is no longer empty, or progress was made
inline constexpr int kToChildFd = 7;    ///< eventfd: the kiosk's ring is no longer empty, or room was made
inline constexpr int kFirstFreeFd = 8;

// How a child ends on purpose. Each is believed only after the control message of the same meaning.
inline constexpr int kExitOrderly = 0;
inline constexpr int kExitCannotStart = 69;
inline constexpr int kExitDeviceGone = 70;
inline constexpr int kExitNotMine = 71;
inline constexpr int kExitNoAnswer = 72;

/// The child's loop beats at least this often once plugin code runs in it.
inline constexpr int64_t kBeatEveryUs = 80'000;

/// One sample, driver to kiosk.
struct Sample {
  uint64_t seq = 0;  ///< 1, 2, 3, …: its place in the ring + 1
  int64_t t_us = 0;  ///< CLOCK_MONOTONIC
  double value = 0;
  uint32_t channel = 0;
  uint32_t reserved = 0;
};
static_assert(sizeof(Sample) == 32);

enum class OutputKind : uint32_t { event = 1, metric = 2, cue = 3 };

struct Metric {
  char key[48];
  char unit[16];
  double value;
};
struct Cue {
  uint32_t cue;
  char text[96];
};

/// One thing a module said. Only the head and the bytes that its kind uses are written and read.
struct Output {
  uint64_t after_seq = 0;
  uint32_t ordinal = 0;  ///< 0, 1, 2, …: its place in the ring
  OutputKind kind = OutputKind::event;
  union {
    patella_event event;
    Metric metric;
    Cue cue;
    unsigned char bytes[624];
  };
  Output() {}  // the bytes are left as they are: most outputs use a few of them
};
static_assert(sizeof(Output) == 640 && std::is_trivially_copyable_v<Output>);
inline constexpr std::size_t kOutputHead = offsetof(Output, bytes);

/// Bytes of an output of that kind, head included; 0 = no such kind.
constexpr std::size_t output_bytes(OutputKind kind) {
  switch (kind) {
    case OutputKind::event:
      return kOutputHead + sizeof(patella_event);
    case OutputKind::metric:
      return kOutputHead + sizeof(Metric);
    case OutputKind::cue:
      return kOutputHead + sizeof(Cue);
  }
  return 0;
}

/// Head of the child's page.
struct ChildHead {
  alignas(64) std::atomic<uint64_t> head;          ///< samples or outputs ever put into the ring
  std::atomic<uint64_t> lost;                      ///< driver: samples that found the ring full
  alignas(64) std::atomic<int64_t> beat_us;        ///< CLOCK_MONOTONIC of the loop's last turn
  alignas(64) std::atomic<uint64_t> taken;         ///< module: input records ever taken
  std::atomic<uint64_t> done_seq;                  ///< module: outputs of all records up to here are in the ring
  std::atomic<uint64_t> working_on;                ///< module: the record of the call in progress; 0 = none
  alignas(64) std::atomic<uint32_t> view_version;  ///< odd while the view is being written
  std::atomic<uint64_t> view_seq;                  ///< the view was filled after this record
};
static_assert(std::atomic<uint64_t>::is_always_lock_free && sizeof(ChildHead) <= 4096);

/// Head of the kiosk's page.
struct KioskHead {
  alignas(64) std::atomic<uint64_t> tail;  ///< samples or outputs ever taken; a copy, the kiosk's own is private
  alignas(64) std::atomic<uint64_t> head;  ///< module: input records ever put into the ring
};
static_assert(sizeof(KioskHead) <= 4096);

inline constexpr std::size_t kViewOffset = 4096;
inline constexpr std::size_t kChildRingOffset = 16384;
inline constexpr std::size_t kKioskRingOffset = 4096;
static_assert(kViewOffset + sizeof(patella_view) <= kChildRingOffset);

inline constexpr uint32_t kMaxRing = 1u << 20;  ///< slots; every ring is a power of two
inline constexpr uint32_t kInputRing = 1u << 15;
inline constexpr uint32_t kOutputRing = 1u << 10;

}  // namespace patella::wire
