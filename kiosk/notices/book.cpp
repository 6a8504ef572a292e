#include "notices/book.hpp"

#include <algorithm>

namespace patella::notices {

namespace {
constexpr std::size_t kMaxAcknowledged = 100;  ///< kept for the sessions that are still open: more are not at work at once

bool same_subject(const Notice& a, const Notice& b) {
  return a.kind == b.kind && a.session == b.session && text_in(a.detail, "when") == text_in(b.detail, "when") &&
         text_in(a.detail, "visit") == text_in(b.detail, "visit");
}
}  // namespace

Book::Book(std::vector<Notice> open) : all_(std::move(open)) {}

Notice* Book::find(const Notice& like, bool completes) {
  for (auto at = all_.rbegin(); at != all_.rend(); ++at)
    if (same_subject(*at, like) && (at->open() || completes)) return &*at;
  return nullptr;
}

const Notice* Book::raise(Notice fresh, bool completes) {
  if (Notice* known = find(fresh, completes)) {
    if (known->detail == fresh.detail) return nullptr;
    known->detail = std::move(fresh.detail);
    return known;
  }
  const auto acknowledged =
      static_cast<std::size_t>(std::count_if(all_.begin(), all_.end(), [](const Notice& n) { return !n.open(); }));
  if (acknowledged > kMaxAcknowledged)
    all_.erase(std::find_if(all_.begin(), all_.end(), [](const Notice& n) { return !n.open(); }));
  return &all_.emplace_back(std::move(fresh));
}

const Notice* Book::acknowledge(const std::string& id, const std::string& by, int64_t utc_us) {
  for (Notice& notice : all_) {
    if (notice.id != id || !notice.open()) continue;
    notice.acknowledged_utc_us = std::max<int64_t>(1, utc_us);  // whatever the clock says: it is not open any more
    notice.acknowledged_by = by;
    return &notice;
  }
  return nullptr;
}

std::vector<Notice> Book::open() const {
  std::vector<Notice> open;
  std::copy_if(all_.begin(), all_.end(), std::back_inserter(open), [](const Notice& n) { return n.open(); });
  return open;
}

std::size_t Book::open_count() const {
  return static_cast<std::size_t>(std::count_if(all_.begin(), all_.end(), [](const Notice& n) { return n.open(); }));
}

CallState Book::of_session(const std::string& session) const {
  CallState state = CallState::none;
  for (const Notice& notice : all_) {
    if (notice.session != session) continue;
    if (notice.open()) return CallState::open;
    state = CallState::acknowledged;
  }
  return state;
}

}  // namespace patella::notices
