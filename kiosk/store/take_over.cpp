#include "store/take_over.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace patella::store {

namespace {
using session::LogEvent;

/// The beginning without a hole, after what is there already.
std::vector<Record> following(const std::vector<Record>& records, uint64_t last) {
  std::vector<Record> more;
  for (const Record& record : records) {
    if (record.seq <= last) continue;
    if (record.seq != last + 1) break;
    more.push_back(record);
    ++last;
  }
  return more;
}

std::vector<LogEvent> following(const std::vector<LogEvent>& events, uint64_t last) {
  std::vector<LogEvent> more;
  for (const LogEvent& event : events) {
    if (event.number <= last) continue;
    if (event.number != last + 1) break;
    more.push_back(event);
    ++last;
  }
  return more;
}

Status take_session(Store& from, Store& into, const SessionListRow& row, TakenOver& taken) {
  const auto loaded = from.load(row.head.id);
  if (!loaded) return loaded.error();
  const auto known = into.load(row.head.id);
  if (known && !known->row.outcome.empty()) return {};
  const uint64_t last_seq = known && !known->records.empty() ? known->records.back().seq : 0;
  const uint64_t last_event = known && !known->events.empty() ? known->events.back().number : 0;
  const std::vector<Record> records = following(loaded->records, last_seq);
  const std::vector<LogEvent> events = following(loaded->events, last_event);
  const bool all = loaded->notices.empty();
  if (!all) ++taken.incomplete;
  if (known && records.empty() && events.empty() && (loaded->row.outcome.empty() || !all)) return {};
  if (!known)
    if (Status done = into.begin_session(loaded->row.head); !done) return done;
  if (Status done = into.append(row.head.id, records, events); !done) return done;
  ++taken.sessions;
  taken.records += records.size();
  taken.events += events.size();
  // The end only with everything before it: else the session stays open, and is offered or closed as one that was cut off.
  if (loaded->row.outcome.empty() || !all) return into.commit();
  return into.end_session(row.head.id, {loaded->row.outcome, std::llround(loaded->row.duration_s * 1e6), loaded->row.pain_before,
                                        loaded->row.pain_after, loaded->row.effort});
}

template <class Row, class Same>
std::vector<Row> missing(const Result<std::vector<Row>>& from, const Result<std::vector<Row>>& into, const Same& same) {
  std::vector<Row> rows;
  if (!from || !into) return rows;
  for (const Row& row : *from)
    if (std::none_of(into->begin(), into->end(), [&](const Row& known) { return same(row, known); })) rows.push_back(row);
  return rows;
}
/// Those that are not there, and those that somebody has seen to meanwhile or that the client completed.
Status take_notices(Store& from, Store& into, TakenOver& taken) {
  constexpr NoticeFilter kAll{false, std::numeric_limits<int>::max()};
  const auto there = into.notices_to_staff(kAll), rows = from.notices_to_staff(kAll);
  if (!there || !rows) return there ? rows.error() : there.error();
  for (const notices::Notice& row : *rows) {
    const auto same = [&](const notices::Notice& known) {
      return known.id == row.id && (known == row || (row.open() && !known.open()));
    };
    if (std::any_of(there->begin(), there->end(), same)) continue;
    if (Status done = into.put_notice(row); !done) return done;
    ++taken.rows;
  }
  return {};
}
}  // namespace

Result<TakenOver> take_over(Store& from, Store& into) {
  TakenOver taken;
  const auto by_id = [](const auto& a, const auto& b) { return a.id == b.id; };
  for (const auto& row : missing(from.calibrations(), into.calibrations(), by_id))
    if (into.add_calibration(row)) ++taken.rows;
  for (const auto& row : missing(from.band_checks(), into.band_checks(), by_id))
    if (into.add_band_check(row)) ++taken.rows;
  for (const auto& row : missing(from.staff(), into.staff(), [](const auto&a, const auto&b) { return a == b; }))
    if (into.put_staff(row)) ++taken.rows;
  if (Status done = take_notices(from, into, taken); !done) return done.error();
  if (Status done = into.commit(); !done) return done.error();

  const auto rows = from.sessions({});
  const auto known = into.sessions({});
  if (!rows || !known) return rows ? known.error() : rows.error();
  std::set<std::string> ended;
  for (const SessionListRow& row : *known)
    if (!row.outcome.empty()) ended.insert(row.head.id);
  for (const SessionListRow& row : *rows)
    if (ended.count(row.head.id) == 0 && !take_session(from, into, row, taken)) ++taken.incomplete;
  return taken;
}

}  // namespace patella::store
