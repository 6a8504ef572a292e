// The store as another thread may use it for long reading: lists and exports. Each call is cut into slices of a few
// milliseconds on the store's thread; what a client is doing is committed between them.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "runtime/store_thread.hpp"
#include "store/store.hpp"

namespace patella::runtime {

class SlicedStore final : public store::Store {
 public:
  /// `thread` and `ending` stay longer than this; once `ending` is true every call is an Error. Not for the store's own thread.
  SlicedStore(StoreThread& thread, const std::atomic<bool>& ending) : thread_(thread), ending_(ending) {}

  Result<store::SessionPage> session_page(const store::SessionFilter& filter, const store::PageRequest& request) override;
  Result<std::vector<store::SessionListRow>> sessions(const store::SessionFilter& filter) override;
  Result<std::vector<store::SessionListRow>> open_sessions() override;
  Result<store::StoredSession> load(const std::string& session_id) override;
  Result<store::StoredSession> load_summary(const std::string& session_id) override;
  Status each_sample_block(const std::string& session_id, const std::function<Status(const store::SampleBlock&)>& take,
                           std::vector<std::string>* damage) override;
  Result<bool> sample_slice(const std::string& session_id, store::SamplePlace& place, int64_t most,
                            const std::function<Status(const store::SampleBlock&)>& take,
                            std::vector<std::string>* damage) override;
  Result<std::vector<store::DeviceCalibration>> calibrations() override;
  Result<std::vector<store::BandCheck>> band_checks() override;
  Status audit(const store::AuditEntry& entry) override;
  Status commit() override;

  /// Not from here: errors.
  Status begin_session(const store::SessionHead& head) override;
  Status append(const std::string& session_id, std::span<const Record> records,
                std::span<const session::LogEvent> events) override;
  Status end_session(const std::string& session_id, const session::SessionEnd& end) override;
  Status each_record(const std::string& session_id, const std::function<Status(std::span<const Record>)>& take) override;

 private:
  template <class Answer, class Question>
  Answer ask(Question question, bool writes = false) {
    if (ending_) return Error{"the kiosk is being ended", "", "Ask again when it runs"};
    return thread_.ask<Answer>(std::function<Answer(store::Store&)>(std::move(question)), writes).get();
  }
  StoreThread& thread_;
  const std::atomic<bool>& ending_;
};

}  // namespace patella::runtime
