#include "runtime/sliced_store.hpp"

#include <algorithm>
#include <iterator>

namespace patella::runtime {

namespace {
constexpr int kRowsASlice = 100;  // some milliseconds each
constexpr int64_t kSamplesASlice = 100'000;

/// A block that outlives the call on the store's thread.
struct KeptBlock {
  int channel = 0, decimals = -1;
  std::vector<int64_t> t_us, fixed;
  std::vector<double> values;

  explicit KeptBlock(const store::SampleBlock& block)
      : channel(block.channel),
        decimals(block.decimals),
        t_us(block.t_us.begin(), block.t_us.end()),
        fixed(block.fixed.begin(), block.fixed.end()),
        values(block.values.begin(), block.values.end()) {}
  store::SampleBlock block() const { return {channel, t_us, decimals, fixed, values}; }
};

Error not_here() { return {"this view of the log is for reading", "", ""}; }
}  // namespace

Result<store::SessionPage> SlicedStore::session_page(const store::SessionFilter& filter, const store::PageRequest& request) {
  store::SessionPage all;
  store::PageRequest slice = request;
  for (;;) {
    slice.most = std::min(request.most - static_cast<int>(all.rows.size()), kRowsASlice);
    auto page = ask<Result<store::SessionPage>>([filter, slice](store::Store& s) { return s.session_page(filter, slice); });
    if (!page) return page.error();
    all.rows.insert(all.rows.end(), std::make_move_iterator(page->rows.begin()), std::make_move_iterator(page->rows.end()));
    slice.after = all.next = page->next;
    if (!page->next || all.rows.size() >= static_cast<std::size_t>(request.most)) return all;
  }
}

Result<std::vector<store::SessionListRow>> SlicedStore::sessions(const store::SessionFilter& filter) {
  std::vector<store::SessionListRow> rows;
  store::PageRequest request{kRowsASlice, false, std::nullopt};
  for (;;) {
    auto page = session_page(filter, request);
    if (!page) return page.error();
    rows.insert(rows.end(), std::make_move_iterator(page->rows.begin()), std::make_move_iterator(page->rows.end()));
    if (!page->next) return rows;
    request.after = std::move(page->next);
  }
}

Status SlicedStore::each_sample_block(const std::string& session_id, const std::function<Status(const store::SampleBlock&)>& take,
                                      std::vector<std::string>* damage) {
  store::SamplePlace place;
  for (;;) {
    const Result<bool> more = sample_slice(session_id, place, kSamplesASlice, take, damage);
    if (!more) return more.error();
    if (!*more) return {};
  }
}

Result<bool> SlicedStore::sample_slice(const std::string& session_id, store::SamplePlace& place, int64_t most,
                                       const std::function<Status(const store::SampleBlock&)>& take,
                                       std::vector<std::string>* damage) {
  // Copied there, given out here: what `take` does takes as long as it likes.
  std::vector<KeptBlock> blocks;
  const auto more = ask<Result<bool>>([&](store::Store& s) {
    const auto keep = [&](const store::SampleBlock& block) {
      blocks.emplace_back(block);
      return Status();
    };
    return s.sample_slice(session_id, place, most, keep, damage);
  });
  for (const KeptBlock& block : blocks)
    if (Status done = take(block.block()); !done) return done.error();
  return more;
}

Result<std::vector<store::SessionListRow>> SlicedStore::open_sessions() {
  return ask<Result<std::vector<store::SessionListRow>>>([](store::Store& s) { return s.open_sessions(); });
}
Result<store::StoredSession> SlicedStore::load(const std::string& id) {
  return ask<Result<store::StoredSession>>([id](store::Store& s) { return s.load(id); });
}
Result<store::StoredSession> SlicedStore::load_summary(const std::string& id) {
  return ask<Result<store::StoredSession>>([id](store::Store& s) { return s.load_summary(id); });
}
Result<std::vector<store::DeviceCalibration>> SlicedStore::calibrations() {
  return ask<Result<std::vector<store::DeviceCalibration>>>([](store::Store& s) { return s.calibrations(); });
}
Result<std::vector<store::BandCheck>> SlicedStore::band_checks() {
  return ask<Result<std::vector<store::BandCheck>>>([](store::Store& s) { return s.band_checks(); });
}
Status SlicedStore::audit(const store::AuditEntry& entry) {
  return ask<Status>([entry](store::Store& s) { return s.audit(entry); }, true);
}
Status SlicedStore::commit() {
  return ask<Status>([](store::Store& s) { return s.commit(); });
}
Status SlicedStore::begin_session(const store::SessionHead&) { return not_here(); }
Status SlicedStore::append(const std::string&, std::span<const Record>, std::span<const session::LogEvent>) { return not_here(); }
Status SlicedStore::end_session(const std::string&, const session::SessionEnd&) { return not_here(); }
Status SlicedStore::each_record(const std::string&, const std::function<Status(std::span<const Record>)>&) { return not_here(); }

}  // namespace patella::runtime
