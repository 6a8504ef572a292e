#include "runtime/sign_in.hpp"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "base/json_text.hpp"

namespace patella::runtime {

namespace {
constexpr const char* kWrong = "This PIN is wrong";

SignIn not_tried(SignIn so_far, std::string why_not) {
  so_far.why_not = std::move(why_not);
  return so_far;
}

SignIn not_written(SignIn so_far, const Error& error) {
  return not_tried(std::move(so_far), "A PIN can be tried only while the disk can be written. " + error.text());
}
}  // namespace

SignIn SignInDesk::try_pin(store::Store& store, const pin::Pepper& pepper, const std::string& member_id,
                           std::string_view pin, const WallTime& now) {
  SignIn result;
  if (Status done = store.commit(); !done) return not_written(result, done.error());  // also opens the file again after an error
  const auto staff = store.staff();
  if (!staff) return not_tried(result, staff.error().text());
  const auto found = std::find_if(staff->begin(), staff->end(), [&](const auto& member) { return member.id == member_id; });
  if (found == staff->end()) return not_tried(result, "This person is not staff any more");
  const std::string hash = found->pin_hash;
  const int before = result.failures = found->failures;
  result.member = *found;
  result.member.pin_hash.clear();
  if (hash.empty()) return not_tried(result, found->name + " has no PIN yet: `patella staff pin` sets one");
  if (!pin::made_with(hash, pepper))
    return not_tried(result, "This PIN was set with another secret of this machine: `patella staff pin` sets a new one");

  // With the hash in it, so that a PIN set anew is a PIN not tried yet.
  std::string with_hash = member_id + "\n" + hash + "\n";
  with_hash.reserve(with_hash.size() + pin.size());  // so that the PIN is in one place, which is wiped
  with_hash += pin;
  const pin::Pepper::Mac typed = pepper.mac(with_hash);
  sodium_memzero(with_hash.data(), with_hash.size());
  if (last_wrong_ == typed) return not_tried(result, kWrong);

  Status counted = store.set_pin_failures(member_id, before + 1);
  if (counted) counted = store.commit();
  if (!counted) {
    // The PIN was not looked at, so the store must not go on holding the count until the disk takes it.
    (void)store.set_pin_failures(member_id, before);
    return not_written(result, counted.error());
  }
  result.failures = before + 1;
  result.ok = matches_(hash, pin, pepper);
  store::AuditEntry entry{now.utc_us, "kiosk", "sign_in_refused", member_id, json_text({{"failures", result.failures}})};
  if (result.ok) {
    result.failures = 0;
    last_wrong_.reset();
    (void)store.set_pin_failures(member_id, 0);
    entry.actor = member_id;
    entry.action = "sign_in";
    entry.detail.clear();
  } else {
    result.why_not = kWrong;
    last_wrong_ = typed;
  }
  // The answer stands whatever becomes of these rows: the store holds them until the disk takes them.
  if (store.audit(entry)) (void)store.commit();
  return result;
}

}  // namespace patella::runtime
