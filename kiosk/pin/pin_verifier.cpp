#include "pin/pin_verifier.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <utility>

namespace patella::pin {

namespace {
Message wrong_pin() { return Message("This PIN is wrong"); }

SignIn not_tried(SignIn so_far, Messages why_not) {
  so_far.why_not = std::move(why_not);
  return so_far;
}

SignIn not_written(SignIn so_far, const Error& error) {
  Messages why = Message("A PIN can be tried only while the disk can be written");
  for (Message& detail : error.messages()) why.push_back(std::move(detail));
  return not_tried(std::move(so_far), std::move(why));
}
}  // namespace

SignIn PinVerifier::try_pin(Accounts& accounts, const Pepper& pepper, const std::string& member_id, std::string_view pin,
                            const WallTime& now) {
  SignIn result;
  if (Status done = accounts.commit(); !done)
    return not_written(result, done.error());  // also opens the file again after an error
  const auto read = accounts.find(member_id);
  if (!read) return not_tried(result, read.error().messages());
  const std::optional<Account>& found = *read;
  if (!found) return not_tried(result, Message("This person is not staff any more"));
  const std::string hash = found->hash;
  const int before = result.failures = found->failures;
  result.member = *found;
  result.member.hash.clear();
  if (hash.empty()) return not_tried(result, Message("{0} has no PIN yet: `patella staff pin` sets one", Name{found->name}));
  if (!made_with(hash, pepper))
    return not_tried(result, Message("This PIN was set with another secret of this machine: `patella staff pin` sets a new one"));

  // With the hash in it, so that a new PIN is a PIN not tried yet.
  std::string with_hash = member_id + "\n" + hash + "\n";
  with_hash.reserve(with_hash.size() + pin.size());  // so that the PIN is in one place, which is wiped
  with_hash += pin;
  const Pepper::Mac typed = pepper.mac(with_hash);
  sodium_memzero(with_hash.data(), with_hash.size());
  if (last_wrong_ == typed) return not_tried(result, wrong_pin());

  Status counted = accounts.set_failures(member_id, before + 1);
  if (counted) counted = accounts.commit();
  if (!counted) {
    // The PIN was not looked at, so the store must not go on holding the count until the disk takes it.
    (void)accounts.set_failures(member_id, before);
    return not_written(result, counted.error());
  }
  result.failures = before + 1;
  result.ok = matches_(hash, pin, pepper);
  Status written;
  if (result.ok) {
    result.failures = 0;
    last_wrong_.reset();
    (void)accounts.set_failures(member_id, 0);
    written = accounts.audit(now.utc_us, member_id, "sign_in", member_id, "");
  } else {
    result.why_not = wrong_pin();
    last_wrong_ = typed;
    written =
        accounts.audit(now.utc_us, "kiosk", "sign_in_refused", member_id, fmt::format("{{\"failures\":{}}}", result.failures));
  }
  // The answer stands whatever becomes of these rows: the store holds them until the disk takes them.
  if (written) (void)accounts.commit();
  return result;
}

}  // namespace patella::pin
