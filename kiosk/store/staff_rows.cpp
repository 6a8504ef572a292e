#include "store/staff_rows.hpp"

#include <algorithm>
#include <limits>

namespace patella::store {

Status check_row(const StaffMember& member) {
  if (member.id.empty()) return Error{"a member of staff needs an id", "", ""};
  if (member.name.empty()) return Error{"a member of staff needs a name", member.id, ""};
  if (member.role != "physio" && member.role != "staff")
    return Error{"\"" + member.role + "\" is no role of staff", member.id, "Use physio or staff"};
  return {};
}

Status write_staff(Db& db, const std::vector<StaffMember>& members) {
  if (members.empty()) return {};
  Result<Statement> put_row = db.prepare(
      "INSERT INTO staff(id,name,role,pin_hash,added_utc_us,removed_utc_us) VALUES(?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET "
      "name=excluded.name, role=excluded.role, pin_hash=excluded.pin_hash, added_utc_us=excluded.added_utc_us, "
      "removed_utc_us=excluded.removed_utc_us");
  if (!put_row) return put_row.error();
  for (const StaffMember& row : members) {
    put_row->bind(1, row.id).bind(2, row.name).bind(3, row.role).bind(4, row.pin_hash);
    if (Status done = put_row->bind(5, row.added_utc_us).bind(6, row.removed_utc_us).run(); !done) return done;
  }
  return {};
}

Status write_pin_failures(Db& db, std::optional<int> failures) {
  if (!failures) return {};
  Result<Statement> put_row = db.prepare("INSERT OR REPLACE INTO pin_guard(one,failures) VALUES(1,?)");
  if (!put_row) return put_row.error();
  return put_row->bind(1, int64_t{*failures}).run();
}

Result<std::vector<StaffMember>> read_staff(Db& db) {
  Result<Statement> query = db.prepare(
      "SELECT id,name,role,pin_hash,added_utc_us,removed_utc_us FROM staff WHERE removed_utc_us=0 ORDER BY name, id");
  if (!query) return query.error();
  std::vector<StaffMember> rows;
  for (;;) {
    const Result<bool> more = query->step();
    if (!more) return more.error();
    if (!*more) return rows;
    rows.push_back({query->text(0), query->text(1), query->text(2), query->text(3), query->integer(4), query->integer(5)});
  }
}

Result<int> read_pin_failures(Db& db) {
  const Result<int64_t> failures = db.integer("SELECT failures FROM pin_guard");
  if (!failures) return failures.error();
  return static_cast<int>(std::clamp<int64_t>(*failures, 0, std::numeric_limits<int>::max() - 1));
}

}  // namespace patella::store
