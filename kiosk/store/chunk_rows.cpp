#include "store/chunk_rows.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <bit>
#include <limits>

#include "store/crc32c.hpp"

namespace patella::store {

namespace {

constexpr int64_t kDelta = 1, kDeltaZstd = 2;
constexpr int kZstdLevel = 3;
constexpr std::size_t kUnpackedLimit = std::size_t{256} << 20;

uint32_t chunk_check(int64_t session_key, int64_t stream, int64_t seq0, int64_t t0_us, int64_t n, int64_t codec,
                     std::string_view data) {
  return crc32c(data, crc32c(fmt::format("{};{};{};{};{};{};", session_key, stream, seq0, t0_us, n, codec)));
}

std::string squeeze(const std::string& bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), kZstdLevel);
  if (ZSTD_isError(size)) return {};
  out.resize(size);
  return out;
}

bool unsqueeze(std::string_view bytes, std::string& out) {
  const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kUnpackedLimit) return false;
  out.resize(static_cast<std::size_t>(size));
  return ZSTD_decompress(out.data(), out.size(), bytes.data(), bytes.size()) == out.size();
}

EncodedChunk encode(std::span<const Record> records, bool zstd) {
  EncodedChunk chunk{std::bit_cast<int64_t>(records.front().seq), records.front().t_us, static_cast<int64_t>(records.size()),
                     kDelta, encode_chunk(records)};
  if (std::string squeezed = zstd ? squeeze(chunk.data) : std::string(); !squeezed.empty()) {
    chunk.data = std::move(squeezed);
    chunk.codec = kDeltaZstd;
  }
  return chunk;
}
}  // namespace

Error damaged(const std::string& line) {
  return {line, "", "The rest of the session can still be read; keep the file for whoever looks into it"};
}

void encode_pieces(std::span<const Record> records, int64_t span_us, bool zstd, std::vector<EncodedChunk>& out) {
  while (!records.empty()) {
    // Forwards or, where a device's times step back, backwards.
    const int64_t t0_us = records.front().t_us;
    std::size_t n = 1;
    while (n < records.size() && records[n].t_us - t0_us < span_us && t0_us - records[n].t_us < span_us) ++n;
    out.push_back(encode(records.first(n), zstd));
    records = records.subspan(n);
  }
}

Status insert_chunks(Db& db, int64_t session_key, int64_t stream, const std::vector<EncodedChunk>& chunks) {
  Result<Statement> add_row =
      db.prepare("INSERT INTO chunk(session_key,channel,seq0,t0_us,n,codec,crc32c,data) VALUES(?,?,?,?,?,?,?,?)");
  if (!add_row) return add_row.error();
  for (const EncodedChunk& chunk : chunks) {
    const uint32_t check = chunk_check(session_key, stream, chunk.seq0, chunk.t0_us, chunk.n, chunk.codec, chunk.data);
    add_row->bind(1, session_key).bind(2, stream).bind(3, chunk.seq0).bind(4, chunk.t0_us).bind(5, chunk.n);
    add_row->bind(6, chunk.codec).bind(7, int64_t{check}).bind_blob(8, chunk.data);
    if (Status done = add_row->run(); !done) return done;
  }
  return {};
}

Result<std::vector<int64_t>> streams_of(Db& db, int64_t session_key) {
  // A loop over the index: as many steps as streams, not as chunks.
  Result<Statement> query = db.prepare("SELECT min(channel) FROM chunk WHERE session_key=? AND channel>?");
  if (!query) return query.error();
  std::vector<int64_t> streams;
  int64_t last = std::numeric_limits<int64_t>::min();
  for (;;) {
    const Result<bool> row = query->bind(1, session_key).bind(2, last).step();
    if (!row) return row.error();
    if (!*row || query->is_null(0)) return streams;
    if (query->integer(0) <= last) return damaged("the index of the samples is out of order");  // and would be walked for ever
    last = query->integer(0);
    streams.push_back(last);
    query->reset();
  }
}

Result<ChunkCursor> ChunkCursor::make(Db& db, int64_t session_key, int64_t stream, int64_t after) {
  Result<Statement> query =
      db.prepare("SELECT seq0,t0_us,n,codec,crc32c,data FROM chunk WHERE session_key=? AND channel=? AND seq0>? ORDER BY seq0");
  if (!query) return query.error();
  query->bind(1, session_key).bind(2, stream).bind(3, after);
  return ChunkCursor(session_key, stream, after, std::move(*query));
}

Result<bool> ChunkCursor::next(bool with_seq, Columns& columns, std::vector<std::string>* damage) {
  for (;;) {
    const Result<bool> row = query_.step();
    if (!row) return row.error();
    if (!*row) return false;
    if (query_.integer(0) <= seq0_)
      return damaged("the index of the samples is out of order");  // who goes on from here would come back
    seq0_ = query_.integer(0);
    if (take(with_seq, columns)) return true;
    const std::string line = fmt::format("a chunk of {} at {:.1f} s is damaged and left out",
                                         stream_ == kTickStream ? "the clock" : fmt::format("channel {}", stream_),
                                         static_cast<double>(query_.integer(1)) / 1e6);
    if (!damage) return damaged(line);
    damage->push_back(line);
  }
}

bool ChunkCursor::take(bool with_seq, Columns& columns) {
  const int64_t seq0 = query_.integer(0), t0_us = query_.integer(1), n = query_.integer(2), codec = query_.integer(3);
  const std::string_view data = query_.blob(5);
  if (int64_t{chunk_check(session_key_, stream_, seq0, t0_us, n, codec, data)} != query_.integer(4)) return false;
  if (codec == kDelta) return decode_chunk(data, with_seq, columns);
  return codec == kDeltaZstd && unsqueeze(data, unpacked_) && decode_chunk(unpacked_, with_seq, columns);
}

}  // namespace patella::store
