// Records to and from the tables: samples and ticks in chunks, one stream a channel; everything else a row each.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/record.hpp"
#include "store/sqlite_db.hpp"
#include "store/store.hpp"

namespace patella::store {

inline constexpr int64_t kChunkUs = 1'000'000;   ///< a live chunk
inline constexpr int64_t kBlockUs = 60'000'000;  ///< a sealed one

/// Inside the caller's transaction. Ascending seq.
Status insert_records(Db& db, int64_t session_key, std::span<const Record> records);

/// Re-packs the chunks of an ended session into blocks and writes its rows a second, inside the caller's transaction.
/// A session with a damaged chunk stays as it is: what can still be read must not get a fresh check sum.
/// `sealed`: 1 = packed, 2 = left.
Status seal_records(Db& db, int64_t session_key, int& sealed);

/// All records with 1 ≤ seq ≤ last_seq in order. With `damage` null the first failed check or hole is an Error, else
/// it is left out and named there.
Status read_records(Db& db, int64_t session_key, uint64_t last_seq, const std::function<Status(std::span<const Record>)>& take,
                    std::vector<std::string>* damage);

/// As Store::sample_slice.
Result<bool> read_sample_slice(Db& db, int64_t session_key, SamplePlace& place, int64_t most,
                               const std::function<Status(const SampleBlock&)>& take, std::vector<std::string>* damage);

}  // namespace patella::store
