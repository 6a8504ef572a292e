#include "runtime/stored_accounts.hpp"

namespace patella::runtime {

Result<std::optional<pin::Account>> StoredAccounts::find(const std::string& member_id) {
  const auto staff = store_.staff();
  if (!staff) return staff.error();
  for (const store::StaffMember& one : *staff)
    if (one.id == member_id) return std::optional(pin::Account{one.id, one.name, one.role, one.pin_hash, one.failures});
  return std::optional<pin::Account>();
}

}  // namespace patella::runtime
