#include "store/row_check.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <bit>

#include "store/crc32c.hpp"

namespace patella::store {

namespace {
uint32_t add_bytes(uint32_t crc, char type, const void* bytes, int size) {
  crc = crc32c(fmt::format("{}{}:", type, size), crc);
  return size > 0 ? crc32c({static_cast<const char*>(bytes), static_cast<std::size_t>(size)}, crc) : crc;
}

uint32_t add_value(uint32_t crc, sqlite3_value* value) {
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
      return crc32c(fmt::format("i{};", sqlite3_value_int64(value)), crc);
    case SQLITE_FLOAT:
      return crc32c(fmt::format("r{};", std::bit_cast<uint64_t>(sqlite3_value_double(value) + 0.0)), crc);
    case SQLITE_TEXT: {
      const void* bytes = sqlite3_value_text(value);
      return add_bytes(crc, 't', bytes, sqlite3_value_bytes(value));
    }
    case SQLITE_BLOB: {
      const void* bytes = sqlite3_value_blob(value);
      return add_bytes(crc, 'b', bytes, sqlite3_value_bytes(value));
    }
    default:
      return crc32c("n;", crc);
  }
}

void row_crc(sqlite3_context* context, int count, sqlite3_value** values) {
  uint32_t crc = 0;
  for (int i = 0; i < count; ++i) crc = add_value(crc, values[i]);
  sqlite3_result_int64(context, crc);
}
}  // namespace

void add_row_crc(sqlite3* db) {
  sqlite3_create_function_v2(db, "row_crc", -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, row_crc, nullptr, nullptr, nullptr);
}

Status Tally::compare(Db& db, const std::string& table, const Message& what, Messages& notices) const {
  Result<Statement> query = db.prepare("SELECT rows,sum FROM tally WHERE name=?");
  if (!query) return query.error();
  const Result<bool> row = query->bind(1, table).step();
  if (!row) return row.error();
  if (*row && query->integer(0) == rows_ && query->integer(1) == sum_) return {};
  notices.push_back(
      *row && query->integer(0) != rows_
          ? Message("The list of {0} is damaged: {1} rows were stored, {2} can be read", what, query->integer(0), rows_)
          : Message("The list of {0} is damaged: it is not as it was stored", what));
  return {};
}

}  // namespace patella::store
