#include "store/notice_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/event_text.hpp"
#include "store/row_check.hpp"

namespace patella::store {

using notices::Notice;

namespace {
constexpr const char* kColumns =
    "id,utc_us,zone_offset_min,kind,station_id,session_id,client_ref,detail,acknowledged_utc_us,acknowledged_by";

Status compare_tally(Db& db, Messages& damaged) {
  Result<Statement> query = db.prepare("SELECT crc32c FROM notice");
  if (!query) return query.error();
  Tally tally;
  for (;;) {
    const Result<bool> more = query->step();
    if (!more) return more.error();
    if (!*more) return tally.compare(db, "notice", Message("notices to staff"), damaged);
    tally.add(query->integer(0));
  }
}
}  // namespace

Status check_row(const Notice& notice) {
  if (notice.id.empty()) return Error{"a notice needs an id", "", ""};
  if (*notices::id_of(notice.kind) == '\0') return Error{"a notice needs a kind", notice.id, ""};
  return {};
}

Status write_notices(Db& db, const std::vector<Notice>& rows) {
  if (rows.empty()) return {};
  Result<Statement> put_row = db.prepare(fmt::format(
      "INSERT INTO notice({0},crc32c) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,row_crc(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)) "
      "ON CONFLICT(id) DO UPDATE SET detail=?8, acknowledged_utc_us=?9, acknowledged_by=?10, "
      "crc32c=row_crc(id,utc_us,zone_offset_min,kind,station_id,session_id,client_ref,?8,?9,?10) WHERE crc32c=row_crc({0})",
      kColumns));
  if (!put_row) return put_row.error();
  for (const Notice& row : rows) {
    put_row->bind(1, row.id)
        .bind(2, row.utc_us)
        .bind(3, int64_t{row.zone_offset_min})
        .bind(4, std::string(notices::id_of(row.kind)));
    put_row->bind(5, row.station).bind(6, row.session).bind(7, row.client).bind(8, fields_to_text(row.detail));
    if (Status done = put_row->bind(9, row.acknowledged_utc_us).bind(10, row.acknowledged_by).run(); !done) return done;
  }
  return {};
}

Result<std::vector<Notice>> read_notices(Db& db, const NoticeFilter& filter, Messages& damaged) {
  // A damaged one may look acknowledged: all are looked at, and so is whether any is gone.
  const std::string where = filter.open_only ? fmt::format("acknowledged_utc_us=0 OR crc32c<>row_crc({})", kColumns) : "1";
  Result<Statement> query =
      db.prepare(fmt::format("SELECT {0},crc32c=row_crc({0}) FROM notice WHERE {1} ORDER BY utc_us DESC, id DESC LIMIT {2}",
                             kColumns, where, filter.newest));
  if (!query) return query.error();
  std::vector<Notice> rows;
  for (;;) {
    const Result<bool> more = query->step();
    if (!more) return more.error();
    if (!*more) break;
    Notice row;
    row.id = query->text(0);
    row.utc_us = query->integer(1);
    row.zone_offset_min = static_cast<int32_t>(query->integer(2));
    const std::string kind_id = query->text(3), detail = query->text(7);
    row.station = query->text(4);
    row.session = query->text(5);
    row.client = query->text(6);
    row.acknowledged_utc_us = query->integer(8);
    row.acknowledged_by = query->text(9);
    const auto kind = notices::kind_of(kind_id);
    Result<Fields> fields = fields_from_text(detail);
    if (!kind || !fields || query->integer(10) != 1) {
      damaged.push_back(Message("A notice to staff is damaged and was left out ({0})", Name{row.id}));
      continue;
    }
    row.kind = *kind;
    row.detail = std::move(*fields);
    rows.push_back(std::move(row));
  }
  if (Status done = compare_tally(db, damaged); !done) return done.error();
  std::reverse(rows.begin(), rows.end());
  return rows;
}

}  // namespace patella::store
