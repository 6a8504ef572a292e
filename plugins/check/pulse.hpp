// A page shared by the checking child and its parent: which call into the plugin is going on, and a count that stands
// still when the plugin hangs. It outlives the child, so that a crash can be told with the call it happened in.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>

namespace patella::check {

struct Pulse {
  std::atomic<uint64_t> beats;
  char call[32];  ///< name of the call into the plugin; "" = none yet

  /// Marks the call that begins. `name` is at most 31 bytes.
  void enter(const char* name) {
    std::strncpy(call, name, sizeof call - 1);
    beats.fetch_add(1, std::memory_order_release);
  }
};

}  // namespace patella::check
