#include "store/session_pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace patella::store {

namespace {
using Place = std::pair<int64_t, std::string>;
constexpr int64_t kBeyond = 16;  // keys beside those of the page: of what lies between two pages

Place place_of(const SessionState& state) { return {state.row.head.started_utc_us, state.row.head.id}; }

bool wanted(const SessionFilter& filter, const Place& place) {
  return (!filter.from_utc_us || place.first >= *filter.from_utc_us) && (!filter.to_utc_us || place.first < *filter.to_utc_us) &&
         (!filter.id || place.second == *filter.id);
}
}  // namespace

namespace {
/// Each place beyond the one before, or pages would come again and again.
Status check_order(const PageRequest& request, const std::vector<SessionState>& page) {
  std::optional<Place> before;
  if (request.after) before = Place{request.after->started_utc_us, request.after->id};
  for (const SessionState& state : page) {
    const Place place = place_of(state);
    if (before && (request.newest_first ? place >= *before : place <= *before))
      return Error{"the index of the sessions is out of order: the session log is damaged", "",
                   "Copy it to another machine; docs/store.md, A damaged file, says how to get the sessions back"};
    before = place;
  }
  return {};
}

Result<std::vector<SessionState>> in_order(Result<std::vector<SessionState>> page, const PageRequest& request) {
  if (!page) return page;
  if (Status fine = check_order(request, *page); !fine) return fine.error();
  return page;
}
}  // namespace

Result<std::vector<SessionState>> read_session_page(Db& db, const SessionFilter& filter, const PageRequest& request) {
  const int most = std::max(request.most, 1);
  if (filter.id) {
    if (request.after) return std::vector<SessionState>{};
    std::string where = "s.id=?1";
    if (filter.from_utc_us) where += fmt::format(" AND s.started_utc_us>={}", *filter.from_utc_us);
    if (filter.to_utc_us) where += fmt::format(" AND s.started_utc_us<{}", *filter.to_utc_us);
    return read_sessions(db, where, *filter.id);
  }
  std::string where = "1";
  if (filter.from_utc_us) where += fmt::format(" AND s.started_utc_us>={}", *filter.from_utc_us);
  if (filter.to_utc_us) where += fmt::format(" AND s.started_utc_us<{}", *filter.to_utc_us);
  const char* const way = request.newest_first ? "DESC" : "ASC";
  if (request.after)
    where +=
        fmt::format(" AND (s.started_utc_us,s.id){}({},?1)", request.newest_first ? '<' : '>', request.after->started_utc_us);
  where += fmt::format(" ORDER BY s.started_utc_us {0}, s.id {0} LIMIT {1}", way, most);
  return in_order(read_sessions(db, where, request.after ? request.after->id : ""), request);
}

Status find_missing(Db& db, const SessionFilter& filter, const PageRequest& request, const std::vector<SessionState>& page,
                    Messages& notices) {
  if (filter.id) return {};
  const bool last = page.size() < static_cast<std::size_t>(std::max(request.most, 1));
  std::set<int64_t> keys;
  for (const SessionState& state : page) keys.insert(state.key);
  // In the page belongs what comes after the page before, up to its last row; in the last page whatever is beyond.
  const bool open_above = request.newest_first ? !request.after : last, open_below = request.newest_first ? last : !request.after;
  if (page.empty() && !(open_above && open_below)) return {};
  const Place before = request.after ? Place{request.after->started_utc_us, request.after->id} : Place{};
  Place low, high;
  if (!page.empty()) std::tie(low, high) = std::minmax(place_of(page.front()), place_of(page.back()));
  const Result<int64_t> newest = db.integer("SELECT max(key) FROM session");
  if (!newest) return newest.error();
  const int64_t first = open_below || keys.empty() ? 1 : *keys.begin() - kBeyond;
  const int64_t end = open_above || keys.empty() ? *newest : *keys.rbegin() + kBeyond;
  // Far apart: clocks were set, or only some days are asked for. Then only about as many as the page is long are looked at.
  const int64_t reach = 4 * static_cast<int64_t>(keys.size()) + 2 * kBeyond;
  const int64_t from = open_above ? std::max(first, end - reach) : first, to = std::min(end, from + reach);
  Result<Statement> query = db.prepare("SELECT key,started_utc_us,id FROM session WHERE key BETWEEN ? AND ?");
  if (!query) return query.error();
  query->bind(1, from).bind(2, to);
  for (;;) {
    const Result<bool> row = query->step();
    if (!row) return row.error();
    if (!*row) return {};
    const Place place{query->integer(1), query->text(2)};
    const bool begun = !request.after || (request.newest_first ? place < before : place > before);
    const bool ended = !last && (request.newest_first ? place < low : place > high);
    const bool inside = begun && !ended && wanted(filter, place);
    if (inside && keys.count(query->integer(0)) == 0)
      notices.push_back(Message("Session {0} is missing from the list: the session log is damaged", Name{place.second}));
  }
}

}  // namespace patella::store
