#include "store/staff_rows.hpp"

#include <algorithm>
#include <limits>

#include "store/row_check.hpp"

namespace patella::store {

namespace {
/// Whatever a damaged file says: one more can be counted.
int count_of(int64_t failures) { return static_cast<int>(std::clamp<int64_t>(failures, 0, std::numeric_limits<int>::max() - 1)); }
}  // namespace

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
      "INSERT INTO staff(id,name,role,pin_hash,added_utc_us,removed_utc_us,crc32c) "
      "VALUES(?1,?2,?3,?4,?5,?6,row_crc(?1,?2,?3,?4,?5,?6,0)) ON CONFLICT(id) DO UPDATE SET "
      "name=?2, role=?3, pin_hash=?4, added_utc_us=?5, removed_utc_us=?6, crc32c=row_crc(id,?2,?3,?4,?5,?6,failures)");
  if (!put_row) return put_row.error();
  for (const StaffMember& row : members) {
    put_row->bind(1, row.id).bind(2, row.name).bind(3, row.role).bind(4, row.pin_hash);
    if (Status done = put_row->bind(5, row.added_utc_us).bind(6, row.removed_utc_us).run(); !done) return done;
  }
  return {};
}

Status write_pin_failures(Db& db, const std::map<std::string, int>& by_member) {
  if (by_member.empty()) return {};
  // A damaged row stays one: its own check sum, not a fresh one. It is not listed, so nobody signs in by it.
  Result<Statement> change = db.prepare(
      "UPDATE staff SET failures=?1, crc32c=row_crc(id,name,role,pin_hash,added_utc_us,removed_utc_us,?1) WHERE id=?2 "
      "AND crc32c=row_crc(id,name,role,pin_hash,added_utc_us,removed_utc_us,failures)");
  if (!change) return change.error();
  for (const auto& [id, failures] : by_member)
    if (Status done = change->bind(1, int64_t{failures}).bind(2, id).run(); !done) return done;
  return {};
}

Result<std::vector<StaffMember>> read_staff(Db& db, Messages& notices) {
  Result<Statement> query = db.prepare(
      "SELECT id,name,role,pin_hash,added_utc_us,removed_utc_us,failures,crc32c,"
      "crc32c=row_crc(id,name,role,pin_hash,added_utc_us,removed_utc_us,failures) FROM staff ORDER BY name, id");
  if (!query) return query.error();
  std::vector<StaffMember> rows;
  Tally tally;
  for (;;) {
    const Result<bool> more = query->step();
    if (!more) return more.error();
    if (!*more) break;
    StaffMember member{query->text(0),
                       query->text(1),
                       query->text(2),
                       query->text(3),
                       query->integer(4),
                       query->integer(5),
                       count_of(query->integer(6))};
    tally.add(query->integer(7));
    if (query->integer(8) != 1)
      notices.push_back(
          Message("The row of a member of staff, {0}, is damaged and not used. Add the member again", Name{member.name}));
    else if (member.removed_utc_us == 0)
      rows.push_back(std::move(member));
  }
  if (Status done = tally.compare(db, "staff", Message("staff"), notices); !done) return done.error();
  return rows;
}

}  // namespace patella::store
