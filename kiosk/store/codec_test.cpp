#include "store/chunk_codec.hpp"

#include <bit>
#include <limits>
#include <random>

#include "store/crc32c.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::store;

namespace {
std::vector<Record> with_values(const std::vector<double>& values) {
  std::vector<Record> records;
  uint64_t seq = 7;
  int64_t t_us = -3;
  for (const double value : values) {
    records.push_back({seq, t_us, value, RecordKind::sample, 0, 3, 0});
    seq += 9;
    t_us += 1000;
  }
  return records;
}

Columns round_trip(const std::vector<Record>& records) {
  Columns columns;
  REQUIRE(decode_chunk(encode_chunk(records), true, columns));
  REQUIRE(columns.size() == records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    REQUIRE(columns.seq[i] == records[i].seq);
    REQUIRE(columns.t_us[i] == records[i].t_us);
    REQUIRE(std::bit_cast<uint64_t>(columns.value(i)) == std::bit_cast<uint64_t>(records[i].value));
  }
  return columns;
}
}  // namespace

TEST_CASE("crc32c is the Castagnoli one, also in parts") {
  CHECK(crc32c("123456789") == 0xE3069283);
  CHECK(crc32c("6789", crc32c("12345")) == 0xE3069283);
  CHECK(crc32c(std::string(32, '\0')) == 0x8A9136AA);
  CHECK(crc32c("") == 0);
}

TEST_CASE("the shortest form is chosen that gives every bit back") {
  CHECK(round_trip(with_values({1, 2, 3, 1e15})).decimals == 0);
  CHECK(round_trip(with_values({0.1, 2.25, -3})).decimals == 2);
  CHECK(round_trip(with_values({0.0, 0.0})).decimals == 0);
  CHECK(round_trip(with_values({0.1 + 0.2})).decimals == -1);
  CHECK(round_trip(with_values({-0.0, 1})).decimals == -1);
  CHECK(round_trip(with_values({9007199254740991.0, 0.5})).decimals == -1);
  CHECK(round_trip(with_values({std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN(),
                                std::numeric_limits<double>::denorm_min(), -1e308}))
            .decimals == -1);
}

TEST_CASE("a regular stream is nearly free") {
  std::vector<Record> ticks;
  for (uint64_t i = 0; i < 1000; ++i)
    ticks.push_back({1 + 9 * i, static_cast<int64_t>(i) * 50'000, 0, RecordKind::tick, 0, 0, 0});
  CHECK(encode_chunk(ticks).size() < 24);
  round_trip(ticks);
}

TEST_CASE("any 64 bits of seq, time and value survive") {
  std::mt19937_64 random(11);
  for (int round = 0; round < 300; ++round) {
    std::vector<Record> records;
    const std::size_t n = 1 + random() % 50;
    for (std::size_t i = 0; i < n; ++i)
      records.push_back({random(), static_cast<int64_t>(random()), std::bit_cast<double>(random()), RecordKind::sample, 0, 0, 0});
    round_trip(records);
  }
}

TEST_CASE("bytes that are not a chunk are refused, never read past") {
  std::mt19937_64 random(12);
  const std::string good = encode_chunk(with_values({1.5, 2.25, 0.1 + 0.2, 4}));
  Columns columns;
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK_FALSE(decode_chunk(std::string_view(good).substr(0, size), true, columns));
  CHECK_FALSE(decode_chunk(good + "x", true, columns));
  int refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = good;
    for (int change = 0; change < 3; ++change) bytes[random() % bytes.size()] = static_cast<char>(random());
    refused += decode_chunk(bytes, true, columns) ? 0 : 1;
  }
  CHECK(refused > 0);
}
