// A serial port behind which nobody has said who they are. Bridges are in many products, and a product may be
// switched off: "nobody answers" and "another one answers" are told apart, because only the second is final.
//
//   nothing heard     SILENT within kFirstChanceUs, and asked again every kAskAgainUs: it may be switched on
//   later. The
//                     host may give the port to another driver meanwhile (docs/plugins.md).
//   something else    NOT_MINE
#pragma once

#include <cstddef>
#include <cstdint>

namespace patella::driver_kit {

inline constexpr int64_t kFirstChanceUs = 5'000'000;
inline constexpr int64_t kAskAgainUs = 5'000'000;

class Stranger {
 public:
  void bytes(std::size_t count) { bytes_ += count; }
  void line() { ++lines_; }
  /// Asked again.
  void forget() { *this = {}; }
  /// Whether that was an answer, and not a spike on the line when something was plugged in or switched on.
  bool has_answered() const { return lines_ > 0 || bytes_ >= kNoSpike; }

 private:
  static constexpr std::size_t kNoSpike = 16;
  std::size_t bytes_ = 0, lines_ = 0;
};

}  // namespace patella::driver_kit
