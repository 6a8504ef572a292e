#include "memory_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <utility>

namespace patella::test {

namespace {
void put_records(Disk& disk, Disk::Session& session, const std::vector<patella::Record>& records) {
  for (const patella::Record& record : records) {
    const uint64_t due = session.records.size() + 1;
    if (record.seq != due && disk.wrong.empty()) disk.wrong = fmt::format("record {} where {} was due", record.seq, due);
    session.records.push_back(record);
  }
}

void put_events(Disk& disk, Disk::Session& session, const std::vector<session::LogEvent>& events) {
  for (const session::LogEvent& event : events) {
    const uint64_t due = session.events.size() + 1;
    if (event.number != due && disk.wrong.empty()) disk.wrong = fmt::format("event {} where {} was due", event.number, due);
    if (event.after_seq > session.records.size() && disk.wrong.empty())
      disk.wrong = fmt::format("event {} before its record {}", event.number, event.after_seq);
    session.events.push_back(event);
  }
}

store::SessionListRow row_of(const Disk::Session& session) {
  store::SessionListRow row;
  row.head = session.head;
  row.outcome = session.outcome;
  return row;
}
}  // namespace

Status MemoryStore::begin_session(const store::SessionHead& head) {
  held_.emplace_back([head](Disk& disk) { disk.sessions[head.id].head = head; });
  return {};
}

Status MemoryStore::append(const std::string& session_id, std::span<const patella::Record> records,
                           std::span<const session::LogEvent> events) {
  if (disk_.throws) throw std::bad_alloc();
  if (disk_.refused.count(session_id)) return Error{"no such session", session_id, ""};
  held_.emplace_back([session_id, r = std::vector<patella::Record>(records.begin(), records.end()),
                      e = std::vector<session::LogEvent>(events.begin(), events.end())](Disk& disk) {
    Disk::Session& session = disk.sessions[session_id];
    put_records(disk, session, r);
    put_events(disk, session, e);
  });
  return {};
}

Status MemoryStore::commit() {
  if (disk_.fails) return Error{"the disk is full", "", "Make room on it"};
  for (const auto& one : std::exchange(held_, {})) one(disk_);
  return {};
}

bool MemoryStore::end_is_held(const std::string& session_id) const { return disk_.end_refused.count(session_id) == 0; }

Status MemoryStore::end_session(const std::string& session_id, const session::SessionEnd& end) {
  if (disk_.end_refused.count(session_id)) return Error{"no such session", session_id, ""};
  held_.emplace_back([session_id, end](Disk& disk) {
    disk.sessions[session_id].outcome = end.outcome;
    disk.sessions[session_id].end = end;
  });
  return commit();
}

Result<std::vector<store::SessionListRow>> MemoryStore::sessions(const store::SessionFilter&) {
  std::vector<store::SessionListRow> rows;
  for (const auto& [id, session] : disk_.sessions) rows.push_back(row_of(session));
  return rows;
}

Result<store::StoredSession> MemoryStore::load(const std::string& session_id) {
  const auto at = disk_.sessions.find(session_id);
  if (at == disk_.sessions.end()) return Error{"there is no such session", session_id, ""};
  store::StoredSession stored;
  stored.row = row_of(at->second);
  stored.records = at->second.records;
  stored.events = at->second.events;
  return stored;
}

Result<std::vector<store::SessionListRow>> MemoryStore::open_sessions() {
  std::vector<store::SessionListRow> rows;
  for (const auto& [id, session] : disk_.sessions)
    if (session.outcome.empty()) rows.push_back(row_of(session));
  std::reverse(rows.begin(), rows.end());  // ids grow with time
  return rows;
}

Status MemoryStore::each_record(const std::string& session_id,
                                const std::function<Status(std::span<const patella::Record>)>& take) {
  const auto stored = load(session_id);
  return stored ? take(stored->records) : Status(stored.error());
}

Status MemoryStore::put_notice(const notices::Notice& notice) {
  held_.emplace_back([notice](Disk& disk) {
    const auto at = std::find_if(disk.notices.begin(), disk.notices.end(), [&](const auto& one) { return one.id == notice.id; });
    if (at == disk.notices.end())
      disk.notices.push_back(notice);
    else
      *at = notice;
  });
  return {};
}

Result<std::vector<notices::Notice>> MemoryStore::notices_to_staff(const store::NoticeFilter& filter) {
  std::vector<notices::Notice> rows;
  for (const notices::Notice& notice : disk_.notices)
    if (!filter.open_only || notice.open()) rows.push_back(notice);
  return rows;
}

}  // namespace patella::test
