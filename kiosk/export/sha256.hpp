// SHA-256 of what is written, in pieces. libsodium's.
#pragma once

#include <sodium.h>

#include <string>
#include <string_view>

namespace patella::exporting {

class Sha256 {
 public:
  Sha256() { crypto_hash_sha256_init(&state_); }
  void add(std::string_view bytes);
  /// 64 hex digits. Call once, at the end.
  std::string finish();

 private:
  crypto_hash_sha256_state state_;
};

}  // namespace patella::exporting
