// One try of a PIN against the accounts on the disk. On the thread that has the store: a try writes to the disk and computes for some
// 0.2 s. The delay after wrong PINs is the caller's: pin/guard.hpp.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/message.hpp"
#include "base/result.hpp"
#include "pin/pin.hpp"

namespace patella::pin {

struct Account {
  std::string id, name, role;
  std::string hash;  ///< "" = no PIN
  int failures = 0;  ///< wrong PINs in a row
};

/// The accounts on the disk: runtime/stored_accounts.hpp. One thread.
class Accounts {
 public:
  virtual ~Accounts() = default;
  /// nullopt: nobody has this id, or not any more.
  virtual Result<std::optional<Account>> find(const std::string& member_id) = 0;
  /// Held until commit().
  virtual Status set_failures(const std::string& member_id, int failures) = 0;
  /// When it returns ok, what was set is on the disk. On an error it is still held.
  virtual Status commit() = 0;
  /// Held until commit(). `detail`: JSON, or "".
  virtual Status audit(int64_t utc_us, const std::string& actor, const std::string& action, const std::string& member_id,
                       const std::string& detail) = 0;
};

struct SignIn {
  bool ok = false;
  Account member;    ///< of this id, without the hash; empty when there is none
  int failures = 0;  ///< this member's wrong PINs in a row on the disk, this one among them
  Messages why_not;  ///< empty when ok
};

class PinVerifier {
 public:
  /// pin::matches, unless a test watches or replaces it.
  using Matches = std::function<bool(const std::string& hash, std::string_view pin, const pin::Pepper& pepper)>;
  explicit PinVerifier(Matches matches = pin::matches) : matches_(std::move(matches)) {}

  /// Counted for this member as wrong and on the disk before the PIN is looked at, so that switching off in between
  /// saves no try; a right one sets this member's count to 0, nobody else's. What was not looked at (no such member, no
  /// PIN, the disk cannot be written) is not counted, and the same wrong PIN typed again counts once. Both answers get a row in the audit.
  SignIn try_pin(Accounts& accounts, const Pepper& pepper, const std::string& member_id, std::string_view pin,
                 const WallTime& now);

 private:
  Matches matches_;
  std::optional<pin::Pepper::Mac> last_wrong_;  ///< never the PIN itself
};

}  // namespace patella::pin
