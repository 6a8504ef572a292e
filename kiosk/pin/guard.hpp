// How long the next PIN of a member must wait after wrong ones of the same member: each has a guard of one's own, or who knows
// one PIN could try another's for ever. Pure; stops this member's sign-in only, no other's, and never a client.
#pragma once

#include <cstddef>
#include <cstdint>

namespace patella::pin {

/// How many digits a PIN has.
inline constexpr std::size_t kMinDigits = 6, kMaxDigits = 12;

/// `failures`: a member's wrong PINs in a row. None for the first four, then 30 s, 1, 5, 15 min, then 1 h each.
int64_t wait_us(int failures);

/// Monotonic microseconds: no change of the clock shortens a delay. After a start all of it counts from the start, so
/// switching off and on does not shorten it either.
class Guard {
 public:
  Guard(int failures_on_disk, int64_t now_us);
  int failures() const { return failures_; }
  /// This member's PIN typed at this time or later may be tried.
  int64_t may_try_at_us() const { return may_try_at_us_; }
  /// `failures`: those on the disk after the wrong PIN.
  void failed(int failures, int64_t now_us);
  void succeeded();

 private:
  int failures_ = 0;
  int64_t may_try_at_us_ = 0;
};

}  // namespace patella::pin
