// The notices that are open, and those that were acknowledged lately. Pure; one thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "notices/notice.hpp"

namespace patella::notices {

/// How a session's call for staff stands.
enum class CallState { none = 1, open, acknowledged };

class Book {
 public:
  /// `open`: as the log has them, oldest first.
  explicit Book(std::vector<Notice> open = {});

  /// `fresh` has time, id and session. Said again while one of its kind is open in its session (of a kind with "when": and of
  /// the same time), that one gets the new detail and keeps its time; the same after an acknowledgement is a new one. Returns
  /// what is to be stored; null when nothing changed. Valid until the next call.
  const Notice* raise(Notice fresh, bool completes = false);
  /// Null: it is not open.
  const Notice* acknowledge(const std::string& id, const std::string& by, int64_t utc_us);

  /// Oldest first.
  std::vector<Notice> open() const;
  std::size_t open_count() const;
  /// Of all notices of this session: open as long as one is.
  CallState of_session(const std::string& session) const;

 private:
  Notice* find(const Notice& like, bool completes);
  std::vector<Notice> all_;  ///< oldest first
};

}  // namespace patella::notices
