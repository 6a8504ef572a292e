// A store without a disk: what was committed is what a kiosk finds that starts again.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "runtime/store_queue.hpp"

namespace patella::test {

/// Outlives the stores on it.
struct Disk {
  struct Session {
    store::SessionHead head;
    std::vector<patella::Record> records;
    std::vector<session::LogEvent> events;
    std::string outcome;  ///< "" = open
    session::SessionEnd end;
  };
  std::map<std::string, Session> sessions;
  std::vector<notices::Notice> notices;
  bool fails = false;
  bool throws = false;                ///< there is no memory for what it is to take
  std::set<std::string> refused;      ///< of these sessions it takes no records
  std::set<std::string> end_refused;  ///< and of these no end
  std::string wrong;                  ///< the first thing that a log must not have: a hole in its order
};

class MemoryStore final : public store::Store {
 public:
  explicit MemoryStore(Disk& disk) : disk_(disk) {}

  Status begin_session(const store::SessionHead& head) override;
  Status append(const std::string& session_id, std::span<const patella::Record> records,
                std::span<const session::LogEvent> events) override;
  Status commit() override;
  Status end_session(const std::string& session_id, const session::SessionEnd& end) override;
  bool end_is_held(const std::string& session_id) const override;
  Result<std::vector<store::SessionListRow>> sessions(const store::SessionFilter& filter) override;
  Result<store::StoredSession> load(const std::string& session_id) override;
  Result<std::vector<store::SessionListRow>> open_sessions() override;
  Status each_record(const std::string& session_id, const std::function<Status(std::span<const patella::Record>)>& take) override;
  Status audit(const store::AuditEntry&) override { return {}; }
  Result<std::vector<store::DeviceCalibration>> calibrations() override { return std::vector<store::DeviceCalibration>{}; }
  Result<std::vector<store::BandCheck>> band_checks() override { return std::vector<store::BandCheck>{}; }
  Status put_notice(const notices::Notice& notice) override;
  Result<std::vector<notices::Notice>> notices_to_staff(const store::NoticeFilter& filter) override;

 private:
  Disk& disk_;
  std::vector<std::function<void(Disk&)>> held_;
};

/// Works off what is queued when its time has come: a disk takes `latency_us` for it. Who asks gets the answer at once.
class VirtualStore final : public runtime::StoreQueue {
 public:
  VirtualStore(Disk& disk, const Clock& clock, Log& log, std::function<int64_t()> latency_us)
      : StoreQueue(std::make_unique<MemoryStore>(disk), "", clock, log), latency_us_(std::move(latency_us)) {}

  /// How often something was queued.
  uint64_t queued_count() const { return queued_; }
  int64_t next_us() const { return std::min(due_us_, deadline_us()); }
  void work_now() {
    due_us_ = INT64_MAX;
    work();
  }

 protected:
  void queued(bool) override {
    ++queued_;
    if (due_us_ == INT64_MAX) due_us_ = clock().now_us() + latency_us_();
  }
  void awaited() override { work_now(); }

 private:
  std::function<int64_t()> latency_us_;
  int64_t due_us_ = INT64_MAX;
  uint64_t queued_ = 0;
};

}  // namespace patella::test
