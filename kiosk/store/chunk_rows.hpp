// The table chunk: one row = one stretch of one stream, checked. Inside the caller's transaction.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "base/record.hpp"
#include "store/chunk_codec.hpp"
#include "store/sqlite_db.hpp"

namespace patella::store {

inline constexpr int64_t kTickStream = -1;  ///< `channel` of ticks; samples have the module's channel index

struct EncodedChunk {
  int64_t seq0 = 0, t0_us = 0, n = 0, codec = 0;
  std::string data;
};

/// Cuts records of one stream (ascending seq) into pieces of at most `span_us` and appends them. Cutting starts at the
/// first record and goes on the same way however many follow.
void encode_pieces(std::span<const Record> records, int64_t span_us, bool zstd, std::vector<EncodedChunk>& out);

Status insert_chunks(Db& db, int64_t session_key, int64_t stream, const std::vector<EncodedChunk>& chunks);

/// Streams that have chunks, ascending.
Result<std::vector<int64_t>> streams_of(Db& db, int64_t session_key);

/// What a reader says of a row or stretch that fails its check.
Error damaged(const std::string& line);

/// Reads the chunks of one stream one after the other, checked and decoded.
class ChunkCursor {
 public:
  /// `after`: from the chunk behind that seq0 on.
  static Result<ChunkCursor> make(Db& db, int64_t session_key, int64_t stream,
                                  int64_t after = std::numeric_limits<int64_t>::min());
  /// The next good chunk into `columns`; false at the end. A bad one is an Error, or, with `damage`, a line there.
  Result<bool> next(bool with_seq, Columns& columns, std::vector<std::string>* damage);
  int64_t stream() const { return stream_; }
  int64_t seq0() const { return seq0_; }  ///< of the chunk that next() gave

 private:
  ChunkCursor(int64_t session_key, int64_t stream, int64_t after, Statement query)
      : session_key_(session_key), stream_(stream), seq0_(after), query_(std::move(query)) {}
  bool take(bool with_seq, Columns& columns);

  int64_t session_key_, stream_, seq0_;
  Statement query_;
  std::string unpacked_;
};

}  // namespace patella::store
