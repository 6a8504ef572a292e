// SHA-256 (FIPS 180-4) of what is written, in pieces. Uses the processor's own instructions where it has them: the
// portable one would take longer than everything else about an export.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace patella::exporting {

class Sha256 {
 public:
  /// `portable` leaves the processor's instructions out: for the test that compares both.
  explicit Sha256(bool portable = false);
  void add(std::string_view bytes);
  /// 64 hex digits. Call once, at the end.
  std::string finish();

 private:
  void blocks(const unsigned char* data, std::size_t count);

  std::array<uint32_t, 8> state_;
  std::array<unsigned char, 64> rest_{};
  std::size_t rest_size_ = 0;
  uint64_t size_ = 0;
  bool fast_;
};

}  // namespace patella::exporting
