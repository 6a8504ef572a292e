// The child's end of the link to the kiosk: the control socket, the two memory files, the two eventfds, the beat.
#pragma once

#include <poll.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/record.hpp"
#include "base/result.hpp"
#include "confine.hpp"
#include "wire/message.hpp"
#include "wire/wire.hpp"

namespace patella::host {

int64_t monotonic_us();

class KioskEnd {
 public:
  /// Maps the memory files that the kiosk left at the agreed descriptors.
  static Result<KioskEnd> attach();

  /// Never blocks: when the kiosk does not read, the message is dropped and counted.
  bool send(const wire::Message& message);
  void send_layers(const std::vector<Layer>& layers);
  /// A line of the log; at most 50 a second go through, the rest is counted and told.
  void log(uint32_t level, const char* text);
  std::optional<wire::Message> receive();
  bool lost() const { return lost_; }  ///< the kiosk closed its end

  void beat() { head_->beat_us.store(monotonic_us(), std::memory_order_relaxed); }
  void wake_kiosk() const;
  void drain_wakes() const;  ///< empties the eventfd to the child

  wire::ChildHead& head() { return *head_; }
  const wire::KioskHead& kiosk() const { return *kiosk_; }
  patella_view& view() const { return *view_; }
  std::span<wire::Sample> samples() const {
    return {static_cast<wire::Sample*>(child_ring_), child_bytes_ / sizeof(wire::Sample)};
  }
  std::span<wire::Output> outputs() const {
    return {static_cast<wire::Output*>(child_ring_), child_bytes_ / sizeof(wire::Output)};
  }
  std::span<const Record> input() const { return {static_cast<const Record*>(kiosk_ring_), kiosk_bytes_ / sizeof(Record)}; }

 private:
  KioskEnd() = default;
  wire::ChildHead* head_ = nullptr;
  const wire::KioskHead* kiosk_ = nullptr;
  patella_view* view_ = nullptr;
  void* child_ring_ = nullptr;
  const void* kiosk_ring_ = nullptr;
  std::size_t child_bytes_ = 0, kiosk_bytes_ = 0;
  bool lost_ = false;
  int64_t log_second_ = 0;
  int log_lines_ = 0;
};

/// SIGTERM as a descriptor; the signal is blocked from here on.
int open_term_signal();

/// Waits for the first of: a descriptor ready, `until_us`. Negative descriptors are skipped.
void wait_for(std::span<pollfd> fds, int64_t until_us);

}  // namespace patella::host
