#include "packet.hpp"

#include <random>

#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::go_link;

namespace {
Bytes bytes_of(const std::array<uint8_t, 8>& packet) { return {packet.begin(), packet.end()}; }
}  // namespace

TEST_CASE("the commands byte for byte") {
  CHECK(bytes_of(encode(Command::init, Bytes{1})) == Bytes{0x1A, 1, 0, 0, 0, 0, 0, 0});
  CHECK(bytes_of(encode_period(20)) == Bytes{0x1B, 0x14, 0, 0, 0, 0, 0, 0});
  CHECK(bytes_of(encode_period(0x01020304)) == Bytes{0x1B, 4, 3, 2, 1, 0, 0, 0});
  CHECK(bytes_of(encode(Command::start)) == Bytes{0x18, 0, 0, 0, 0, 0, 0, 0});
  CHECK(bytes_of(encode(Command::stop)) == Bytes{0x19, 0, 0, 0, 0, 0, 0, 0});
  CHECK(bytes_of(encode(Command::input, Bytes{2})) == Bytes{0x29, 2, 0, 0, 0, 0, 0, 0});
  CHECK(bytes_of(encode(Command::read_probe_memory, Bytes{0, 128})) == Bytes{0x27, 0, 0x80, 0, 0, 0, 0, 0});
}

TEST_CASE("three samples in one packet, with the counter of packets") {
  const auto samples = read_samples(Bytes{0x03, 0x05, 0x10, 0x00, 0x20, 0x00, 0x30, 0x00});
  REQUIRE(samples);
  CHECK(samples->count == 3);
  CHECK(samples->counter == 5);
  CHECK(samples->raw == std::array<int16_t, 3>{16, 32, 48});
  const auto negative = read_samples(Bytes{0x01, 0xFF, 0x00, 0x80, 0, 0, 0, 0});
  REQUIRE(negative);
  CHECK(negative->raw[0] == -32768);
}

TEST_CASE("no samples: an answer, none or more than three values, a short packet") {
  CHECK_FALSE(read_samples(Bytes{0x5A, 0x18, 0, 0, 0, 0, 0, 0}));
  CHECK_FALSE(read_samples(Bytes{0x00, 0x05, 0x10, 0, 0, 0, 0, 0}));
  CHECK_FALSE(read_samples(Bytes{0x04, 0x05, 0x10, 0, 0, 0, 0, 0}));
  CHECK_FALSE(read_samples(Bytes{0x03, 0x05, 0x10, 0, 0, 0, 0}));
}

TEST_CASE("answers: done, refused, to INIT, status") {
  AnswerJoiner joiner;
  const auto done = joiner.take(Bytes{0x5A, 0x18, 0, 0, 0, 0, 0, 0});
  REQUIRE(done);
  CHECK(done->command == 0x18);
  CHECK_FALSE(done->failed);
  CHECK_FALSE(done->is_init);
  CHECK(done->payload == Bytes{0});
  const auto refused = joiner.take(Bytes{0x7A, 0x1B, 0x34, 0, 0, 0, 0, 0});
  REQUIRE(refused);
  CHECK(refused->failed);
  CHECK(refused->payload == Bytes{kCollecting});
  const auto init = joiner.take(Bytes{0x9A, 0x1A, 0, 0, 0, 0, 0, 0});
  REQUIRE(init);
  CHECK(init->is_init);
  CHECK_FALSE(init->failed);
  const auto busy = joiner.take(Bytes{0xBA, 0x1A, 0x40, 0, 0, 0, 0, 0});
  REQUIRE(busy);
  CHECK(busy->is_init);
  CHECK(busy->failed);
  const auto status = joiner.take(Bytes{0x5E, 0x10, 0, 0x61, 0x01, 0x02, 0x01, 0});
  REQUIRE(status);
  CHECK(status->payload == Bytes{0, 0x61, 0x01, 0x02, 0x01});
}

TEST_CASE("memory comes six bytes in the first packet, seven in each that follows") {
  AnswerJoiner joiner;
  CHECK_FALSE(joiner.take(Bytes{0x4F, 0x27, 1, 2, 3, 4, 5, 6}));
  CHECK_FALSE(joiner.take(Bytes{0x47, 7, 8, 9, 10, 11, 12, 13}));
  CHECK_FALSE(joiner.take(Bytes{0x01, 0x33, 0x10, 0, 0, 0, 0, 0}));  // a sample in between
  const auto memory = joiner.take(Bytes{0x52, 14, 15, 0, 0, 0, 0, 0});
  REQUIRE(memory);
  CHECK(memory->command == 0x27);
  CHECK(memory->payload == Bytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15});
  const auto short_one = joiner.take(Bytes{0x5C, 0x27, 1, 2, 3, 0, 0, 0});
  REQUIRE(short_one);
  CHECK(short_one->payload == Bytes{1, 2, 3});
}

TEST_CASE("a rest without a beginning is dropped; a new beginning replaces an unfinished one") {
  AnswerJoiner joiner;
  CHECK_FALSE(joiner.take(Bytes{0x52, 14, 15, 0, 0, 0, 0, 0}));
  CHECK_FALSE(joiner.take(Bytes{0x4F, 0x27, 1, 2, 3, 4, 5, 6}));
  const auto other = joiner.take(Bytes{0x5A, 0x18, 0, 0, 0, 0, 0, 0});
  REQUIRE(other);
  CHECK(other->command == 0x18);
  CHECK_FALSE(joiner.take(Bytes{0x52, 14, 15, 0, 0, 0, 0, 0}));
  CHECK_FALSE(joiner.take(Bytes{0x58, 0, 0, 0, 0, 0, 0, 0}));
  CHECK_FALSE(joiner.take(Bytes{0xC0, 0, 0, 0, 0, 0, 0, 0}));
}

TEST_CASE("an answer without an end is given up") {
  AnswerJoiner joiner;
  joiner.take(Bytes{0x4F, 0x27, 1, 2, 3, 4, 5, 6});
  for (int i = 0; i < 1000; ++i) CHECK_FALSE(joiner.take(Bytes{0x47, 7, 8, 9, 10, 11, 12, 13}));
  CHECK_FALSE(joiner.take(Bytes{0x57, 7, 8, 9, 10, 11, 12, 13}));
}

TEST_CASE("whatever comes, an answer has at most 255 bytes") {
  std::mt19937 random(std::random_device{}());
  AnswerJoiner joiner;
  for (int round = 0; round < patella::test::fuzz_rounds(); ++round) {
    Bytes packet(8);
    for (auto& byte : packet) byte = static_cast<uint8_t>(random());
    const auto answer = joiner.take(packet);
    if (answer && answer->payload.size() > 255) FAIL("too long");
  }
}
