#include "store/record_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <optional>

#include "store/chunk_rows.hpp"
#include "store/crc32c.hpp"

namespace patella::store {

namespace {

constexpr std::size_t kWindow = 1 << 15;

int64_t signed_bits(uint64_t value) { return std::bit_cast<int64_t>(value); }
uint64_t bits(double value) { return std::bit_cast<uint64_t>(value); }

/// The stream a record belongs to, or none: it gets a row of its own, with every field.
std::optional<int64_t> stream_of(const Record& record) {
  if (record.code != 0 || record.reserved != 0) return std::nullopt;
  if (record.kind == RecordKind::sample) return int64_t{record.channel};
  if (record.kind == RecordKind::tick && record.channel == 0 && bits(record.value) == 0) return kTickStream;
  return std::nullopt;
}

uint32_t input_check(int64_t session_key, const Record& record) {
  return crc32c(fmt::format("{};{};{};{};{};{};{};{};", session_key, record.seq, record.t_us, static_cast<int>(record.kind),
                            record.channel, record.code, record.reserved, bits(record.value)));
}

Status insert_inputs(Db& db, int64_t session_key, const std::vector<Record>& records) {
  if (records.empty()) return {};
  Result<Statement> add_row = db.prepare("INSERT INTO input VALUES(?,?,?,?,?,?,?,?,?)");
  if (!add_row) return add_row.error();
  for (const Record& record : records) {
    add_row->bind(1, session_key).bind(2, signed_bits(record.seq)).bind(3, record.t_us);
    add_row->bind(4, static_cast<int64_t>(record.kind)).bind(5, int64_t{record.channel}).bind(6, int64_t{record.code});
    add_row->bind(7, int64_t{record.reserved}).bind(8, signed_bits(bits(record.value)));
    if (Status done = add_row->bind(9, int64_t{input_check(session_key, record)}).run(); !done) return done;
  }
  return {};
}

/// One source of records in ascending seq.
class Source {
 public:
  virtual ~Source() = default;
  /// The next record without taking it; null at the end.
  virtual Result<const Record*> peek(std::vector<std::string>* damage) = 0;
  virtual void pop() = 0;
};

class ChunkSource final : public Source {
 public:
  explicit ChunkSource(ChunkCursor cursor) : cursor_(std::move(cursor)) {
    record_.kind = cursor_.stream() == kTickStream ? RecordKind::tick : RecordKind::sample;
    record_.channel = cursor_.stream() == kTickStream ? uint16_t{0} : static_cast<uint16_t>(cursor_.stream());
  }
  Result<const Record*> peek(std::vector<std::string>* damage) override {
    while (at_ == columns_.size()) {
      const Result<bool> more = cursor_.next(true, columns_, damage);
      if (!more) return more.error();
      at_ = 0;
      if (!*more) {
        columns_ = {};
        return static_cast<const Record*>(nullptr);
      }
    }
    record_.seq = columns_.seq[at_];
    record_.t_us = columns_.t_us[at_];
    record_.value = columns_.value(at_);
    return &record_;
  }
  void pop() override { ++at_; }

 private:
  ChunkCursor cursor_;
  Columns columns_;
  std::size_t at_ = 0;
  Record record_;
};

class InputSource final : public Source {
 public:
  static Result<std::unique_ptr<Source>> make(Db& db, int64_t session_key) {
    Result<Statement> query =
        db.prepare("SELECT seq,t_us,kind,channel,code,reserved,value_bits,crc32c FROM input WHERE session_key=? ORDER BY seq");
    if (!query) return query.error();
    query->bind(1, session_key);
    return std::unique_ptr<Source>(new InputSource(session_key, std::move(*query)));
  }
  Result<const Record*> peek(std::vector<std::string>* damage) override {
    while (!have_ && !ended_) {
      const Result<bool> row = query_.step();
      if (!row) return row.error();
      ended_ = !*row;
      if (ended_) break;
      if (take()) break;
      const std::string line = fmt::format("record {} is damaged and left out", record_.seq);
      if (!damage) return damaged(line);
      damage->push_back(line);
    }
    return ended_ ? nullptr : &record_;
  }
  void pop() override { have_ = false; }

 private:
  InputSource(int64_t session_key, Statement query) : session_key_(session_key), query_(std::move(query)) {}

  bool take() {
    record_.seq = std::bit_cast<uint64_t>(query_.integer(0));
    record_.t_us = query_.integer(1);
    record_.kind = static_cast<RecordKind>(query_.integer(2));
    record_.channel = static_cast<uint16_t>(query_.integer(3));
    record_.code = static_cast<int32_t>(query_.integer(4));
    record_.reserved = static_cast<uint8_t>(query_.integer(5));
    record_.value = std::bit_cast<double>(query_.integer(6));
    have_ = int64_t{input_check(session_key_, record_)} == query_.integer(7);
    return have_;
  }

  int64_t session_key_;
  Statement query_;
  Record record_;
  bool have_ = false, ended_ = false;
};

Result<std::vector<std::unique_ptr<Source>>> sources_of(Db& db, int64_t session_key) {
  Result<std::vector<int64_t>> streams = streams_of(db, session_key);
  if (!streams) return streams.error();
  std::vector<std::unique_ptr<Source>> sources;
  for (const int64_t stream : *streams) {
    Result<ChunkCursor> cursor = ChunkCursor::make(db, session_key, stream);
    if (!cursor) return cursor.error();
    sources.push_back(std::make_unique<ChunkSource>(std::move(*cursor)));
  }
  Result<std::unique_ptr<Source>> inputs = InputSource::make(db, session_key);
  if (!inputs) return inputs.error();
  sources.push_back(std::move(*inputs));
  return sources;
}

/// Puts what the source has within [base, base + window.size()) into its places. seq has no holes, so this is the
/// whole merge: no comparing of sources.
Status fill(Source& source, uint64_t base, std::vector<Record>& window, std::vector<std::string>* damage) {
  for (;;) {
    const Result<const Record*> record = source.peek(damage);
    if (!record) return record.error();
    if (!*record || (*record)->seq >= base + window.size()) return {};
    if ((*record)->seq >= base) window[(*record)->seq - base] = **record;
    source.pop();
  }
}

/// Removes the empty places (seq 0) and names them.
Status close_holes(uint64_t base, std::vector<Record>& window, std::vector<std::string>* damage) {
  std::size_t kept = 0, i = 0;
  while (i < window.size()) {
    if (window[i].seq != 0) {
      window[kept++] = window[i++];
      continue;
    }
    const std::size_t from = i;
    while (i < window.size() && window[i].seq == 0) ++i;
    const std::string line = fmt::format("the records {} to {} are missing", base + from, base + i - 1);
    if (!damage) return damaged(line);
    damage->push_back(line);
  }
  window.resize(kept);
  return {};
}

}  // namespace

Status insert_records(Db& db, int64_t session_key, std::span<const Record> records) {
  std::map<int64_t, std::vector<Record>> streams;
  std::vector<Record> inputs;
  for (const Record& record : records) {
    const std::optional<int64_t> stream = stream_of(record);
    (stream ? streams[*stream] : inputs).push_back(record);
  }
  for (const auto& [stream, part] : streams) {
    std::vector<EncodedChunk> chunks;
    encode_pieces(part, kChunkUs, false, chunks);
    if (Status done = insert_chunks(db, session_key, stream, chunks); !done) return done;
  }
  return insert_inputs(db, session_key, inputs);
}

Status read_records(Db& db, int64_t session_key, uint64_t last_seq, const std::function<Status(std::span<const Record>)>& take,
                    std::vector<std::string>* damage) {
  Result<std::vector<std::unique_ptr<Source>>> sources = sources_of(db, session_key);
  if (!sources) return sources.error();
  std::vector<Record> window;
  for (uint64_t base = 1; base <= last_seq; base += kWindow) {
    window.assign(std::min<uint64_t>(kWindow, last_seq - base + 1), Record{});
    for (const auto& source : *sources)
      if (Status done = fill(*source, base, window, damage); !done) return done;
    if (Status done = close_holes(base, window, damage); !done) return done;
    if (window.empty()) continue;
    if (Status done = take(window); !done) return done;
  }
  return {};
}

Result<bool> read_sample_slice(Db& db, int64_t session_key, SamplePlace& place, int64_t most,
                               const std::function<Status(const SampleBlock&)>& take, std::vector<std::string>* damage) {
  const Result<std::vector<int64_t>> streams = streams_of(db, session_key);
  if (!streams) return streams.error();
  Columns columns;
  int64_t taken = 0;
  for (const int64_t stream : *streams) {
    if (stream == kTickStream || stream < place.stream) continue;
    if (stream > place.stream) place = {stream, std::numeric_limits<int64_t>::min()};
    Result<ChunkCursor> cursor = ChunkCursor::make(db, session_key, stream, place.seq0);
    if (!cursor) return cursor.error();
    for (;;) {
      if (taken >= most) return true;
      const Result<bool> more = cursor->next(false, columns, damage);
      if (!more) return more.error();
      if (!*more) break;
      place.seq0 = cursor->seq0();
      const SampleBlock block{static_cast<int>(stream), columns.t_us, columns.decimals, columns.fixed, columns.values};
      taken += static_cast<int64_t>(block.t_us.size());
      if (Status done = take(block); !done) return done.error();
    }
  }
  return false;
}

}  // namespace patella::store
