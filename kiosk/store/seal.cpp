// The end of a session's samples: blocks of about a minute with zstd, and a row a second for people.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "store/chunk_rows.hpp"
#include "store/record_rows.hpp"

namespace patella::store {

namespace {

struct SecondFigures {
  int64_t n = 0;
  double sum = 0, low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();

  void take(double value) {
    if (!std::isfinite(value)) return;
    ++n;
    sum += value;
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

int64_t second_of(int64_t t_us) { return t_us / 1'000'000 - (t_us % 1'000'000 < 0 ? 1 : 0); }

Status insert_seconds(Db& db, int64_t session_key, int64_t stream, const std::map<int64_t, SecondFigures>& seconds) {
  Result<Statement> add_row =
      db.prepare("INSERT OR REPLACE INTO second_row VALUES(?1,?2,?3,?4,?5,?6,?7,row_crc(?1,?2,?3,?4,?5,?6,?7))");
  if (!add_row) return add_row.error();
  for (const auto& [second, figures] : seconds) {
    if (figures.n == 0) continue;
    add_row->bind(1, session_key).bind(2, stream).bind(3, second).bind(4, figures.n);
    add_row->bind_real(5, figures.sum / static_cast<double>(figures.n)).bind_real(6, figures.low).bind_real(7, figures.high);
    if (Status done = add_row->run(); !done) return done;
  }
  return {};
}

Status delete_chunks(Db& db, int64_t session_key, int64_t stream) {
  Result<Statement> remove = db.prepare("DELETE FROM chunk WHERE session_key=? AND channel=?");
  if (!remove) return remove.error();
  return remove->bind(1, session_key).bind(2, stream).run();
}

/// Collects one stream and packs it, a block at a time.
struct Packer {
  std::vector<Record> records;
  std::vector<EncodedChunk> blocks;
  std::map<int64_t, SecondFigures> seconds;

  void take(const Columns& columns) {
    Record record;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      record.seq = columns.seq[i];
      record.t_us = columns.t_us[i];
      record.value = columns.value(i);
      seconds[second_of(record.t_us)].take(record.value);
      records.push_back(record);
    }
    if (records.back().t_us - records.front().t_us >= kBlockUs) finish();
  }
  void finish() {
    encode_pieces(records, kBlockUs + 2 * kChunkUs, true, blocks);
    records.clear();
  }
};

Status seal_stream(Db& db, int64_t session_key, int64_t stream, int& sealed) {
  Packer packer;
  std::vector<std::string> damage;
  {
    Result<ChunkCursor> cursor = ChunkCursor::make(db, session_key, stream);
    if (!cursor) return cursor.error();
    Columns columns;
    for (;;) {
      const Result<bool> more = cursor->next(true, columns, &damage);
      if (!more) return more.error();
      if (!*more) break;
      packer.take(columns);
    }
  }
  if (!damage.empty()) {
    sealed = 2;
    return {};
  }
  packer.finish();
  if (Status done = delete_chunks(db, session_key, stream); !done) return done;
  if (Status done = insert_chunks(db, session_key, stream, packer.blocks); !done) return done;
  return stream == kTickStream ? Status() : insert_seconds(db, session_key, stream, packer.seconds);
}
}  // namespace

Status seal_records(Db& db, int64_t session_key, int& sealed) {
  const Result<std::vector<int64_t>> streams = streams_of(db, session_key);
  if (!streams) return streams.error();
  sealed = 1;
  for (const int64_t stream : *streams)
    if (Status done = seal_stream(db, session_key, stream, sealed); !done) return done;
  return {};
}

}  // namespace patella::store
