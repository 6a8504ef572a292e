#include "frame.hpp"

#include <random>

#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::go_direct;

TEST_CASE("the commands byte for byte, as the maker's programs send them") {
  const auto with = [](Command command, const Bytes& data, uint8_t counter) { return encode(command, data, counter); };
  CHECK(with(Command::init, init_data(), 0xFE) == Bytes{0x58, 0x19, 0xFE, 0x3F, 0x1A, 0xA5, 0x4A, 0x06, 0x49,
                                                        0x07, 0x48, 0x08, 0x47, 0x09, 0x46, 0x0A, 0x45, 0x0B,
                                                        0x44, 0x0C, 0x43, 0x0D, 0x42, 0x0E, 0x41});
  CHECK(with(Command::status, {}, 0xFD) == Bytes{0x58, 0x05, 0xFD, 0x6A, 0x10});
  CHECK(with(Command::info, {}, 0xFC) == Bytes{0x58, 0x05, 0xFC, 0xAE, 0x55});
  CHECK(with(Command::available_sensors, {}, 0xFB) == Bytes{0x58, 0x05, 0xFB, 0xA9, 0x51});
  CHECK(with(Command::default_sensors, {}, 0xFA) == Bytes{0x58, 0x05, 0xFA, 0xAD, 0x56});
  CHECK(with(Command::sensor_info, {1}, 0xF9) == Bytes{0x58, 0x06, 0xF9, 0xA8, 0x50, 0x01});
  CHECK(with(Command::period, period_data(10'000), 0xF8) ==
        Bytes{0x58, 0x0F, 0xF8, 0xB0, 0x1B, 0xFF, 0x00, 0x10, 0x27, 0, 0, 0, 0, 0, 0});
  CHECK(with(Command::start, start_data(2), 0xF6) ==
        Bytes{0x58, 0x13, 0xF6, 0x7B, 0x18, 0xFF, 0x01, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  CHECK(with(Command::stop, stop_data(), 0xF5) == Bytes{0x58, 0x0B, 0xF5, 0x6C, 0x19, 0xFF, 0x00, 0xFF, 0xFF, 0xFF, 0xFF});
  CHECK(with(Command::disconnect, {}, 0xF4) == Bytes{0x58, 0x05, 0xF4, 0xA5, 0x54});
}

TEST_CASE("on the wire: the number of bytes, the frame, zeros") {
  const auto reports = to_reports(encode(Command::init, init_data(), 0xFE));
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].size() == 64);
  CHECK(Bytes(reports[0].begin(), reports[0].begin() + 6) == Bytes{0x19, 0x58, 0x19, 0xFE, 0x3F, 0x1A});
  CHECK(Bytes(reports[0].begin() + 26, reports[0].end()) == Bytes(38, 0));
}

TEST_CASE("a frame longer than a report goes in several, each with its count, and comes together again") {
  const Bytes frame = encode(Command::info, Bytes(150, 7), 0x11);
  const auto reports = to_reports(frame);
  REQUIRE(reports.size() == 3);
  CHECK(reports[0][0] == 63);
  CHECK(reports[2][0] == 155 - 2 * 63);
  FrameJoiner joiner;
  CHECK_FALSE(joiner.take(reports[0]));
  CHECK_FALSE(joiner.take(reports[1]));
  const auto whole = joiner.take(reports[2]);
  REQUIRE(whole);
  CHECK(whole->bytes == frame);
  CHECK(whole->checksum_right);
  CHECK(joiner.garbage() == 0);
}

TEST_CASE("a wrong checksum is told; the frame is handed over all the same") {
  Bytes frame = encode(Command::status, {}, 0xFD);
  frame[2] = 0;
  FrameJoiner joiner;
  const auto got = joiner.take(to_reports(frame)[0]);
  REQUIRE(got);
  CHECK_FALSE(got->checksum_right);
}

TEST_CASE("the rest of a frame that never comes does not swallow the next whole one") {
  const auto long_one = to_reports(encode(Command::info, Bytes(150, 7), 0x11));
  const Bytes next = encode(Command::status, {}, 0xFD);
  FrameJoiner joiner;
  CHECK_FALSE(joiner.take(long_one[0]));
  const auto got = joiner.take(to_reports(next)[0]);
  REQUIRE(got);
  CHECK(got->bytes == next);
  CHECK(joiner.garbage() == 1);
}

TEST_CASE("reports that cannot be are garbage") {
  FrameJoiner joiner;
  for (const Bytes& report : {Bytes{}, Bytes{5}, Bytes{0, 1, 2}, Bytes{4, 1, 2, 3}, Bytes(64, 0xFF), Bytes{3, 0x20, 4, 0}})
    CHECK_FALSE(joiner.take(report));
  CHECK(joiner.garbage() == 6);
  CHECK(joiner.take(to_reports(encode(Command::status, {}, 1))[0]));
}

TEST_CASE("whatever comes, a frame is as long as it says and no longer than 255 bytes") {
  std::mt19937 random(std::random_device{}());
  FrameJoiner joiner;
  int frames = 0;
  for (int round = 0; round < patella::test::fuzz_rounds(); ++round) {
    Bytes report(64);
    for (auto& byte : report) byte = static_cast<uint8_t>(random());
    report[0] = static_cast<uint8_t>(random() % 66);
    report.resize(1 + random() % 64);
    if (const auto frame = joiner.take(report)) {
      ++frames;
      if (frame->bytes.size() < 5 || frame->bytes.size() != frame->bytes[1]) FAIL("length " << frame->bytes.size());
    }
  }
  CHECK(frames > 0);
}
