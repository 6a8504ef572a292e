#include "csafe.hpp"

#include <algorithm>
#include <random>

#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::concept2_pm5;
using Bytes = std::vector<uint8_t>;

TEST_CASE("requests have the bytes of the specification") {
  CHECK(encode_frame(Bytes{0x91}) == Bytes{0xF1, 0x91, 0x91, 0xF2});
  CHECK(encode_frame(Bytes{0x7E, 0x01, 0xED}) == Bytes{0xF1, 0x7E, 0x01, 0xED, 0x92, 0xF2});
  CHECK(encode_frame(Bytes{0xA0, 0xA1, 0xA7, 0xB4, 0xB0, 0x1A, 0x06, 0x8D, 0xA0, 0xA3, 0xBF, 0x89, 0x8E}) ==
        Bytes{0xF1, 0xA0, 0xA1, 0xA7, 0xB4, 0xB0, 0x1A, 0x06, 0x8D, 0xA0, 0xA3, 0xBF, 0x89, 0x8E, 0x88, 0xF2});
}

TEST_CASE("a request goes out in report 2, 121 bytes, padded with zeros") {
  const Bytes report = encode_report(Bytes{0x80});
  REQUIRE(report.size() == 121);
  CHECK(Bytes(report.begin(), report.begin() + 5) == Bytes{0x02, 0xF1, 0x80, 0x80, 0xF2});
  CHECK(std::count(report.begin() + 5, report.end(), 0) == 116);
}

TEST_CASE("bytes F0 to F3 are stuffed, in contents and checksum") {
  const Bytes contents = {0x81, 0xA7, 0x03, 0xF2, 0x00, 0x54};
  const Bytes wire = {0xF1, 0x81, 0xA7, 0x03, 0xF3, 0x02, 0x00, 0x54, 0x83, 0xF2};
  CHECK(encode_frame(contents) == wire);
  CHECK(decode_frame(wire).contents == contents);
  // A checksum of F1: 0x50 ^ 0xA1.
  CHECK(encode_frame(Bytes{0x50, 0xA1}) == Bytes{0xF1, 0x50, 0xA1, 0xF3, 0x01, 0xF2});
  CHECK(decode_frame(Bytes{0xF1, 0x50, 0xA1, 0xF3, 0x01, 0xF2}).contents == Bytes{0x50, 0xA1});
}

TEST_CASE("a frame too long for the monitor is not sent") {
  CHECK(encode_report(Bytes(117, 0x11)).size() == 121);
  CHECK(encode_report(Bytes(118, 0x11)).empty());
  CHECK(encode_report(Bytes(60, 0xF1)).empty());
}

TEST_CASE("answers come in report 1, 2 or 4 and may be padded") {
  const Bytes frame = {0xF1, 0x81, 0x94, 0x09, 0x34, 0x33, 0x30, 0x32, 0x32, 0x38, 0x35, 0x32, 0x35, 0x21, 0xF2};
  for (const uint8_t id : Bytes{1, 2, 4}) {
    Bytes report = {id};
    report.insert(report.end(), frame.begin(), frame.end());
    report.resize(64, 0);
    const Frame decoded = decode_report(report);
    CHECK(decoded.fault == FrameFault::none);
    CHECK(decoded.contents.size() == 12);
  }
  Bytes other = {3};
  other.insert(other.end(), frame.begin(), frame.end());
  CHECK(decode_report(other).fault == FrameFault::wrong_report);
  CHECK(decode_report({}).fault == FrameFault::wrong_report);
}

TEST_CASE("extended frames: the addresses stay out of contents and checksum") {
  const Bytes reply = {0xF0, 0x00, 0xFD, 0x01, 0x77, 0x01, 0x39, 0x4E, 0xF2};
  CHECK(decode_frame(reply).contents == Bytes{0x01, 0x77, 0x01, 0x39});
}

TEST_CASE("what is wrong with a frame is told") {
  CHECK(decode_frame(Bytes{0x00, 0x01}).fault == FrameFault::no_frame);
  CHECK(decode_frame(Bytes{0xF1, 0x80, 0x80}).fault == FrameFault::no_frame);
  CHECK(decode_frame(Bytes{0xF2, 0xF1, 0x80}).fault == FrameFault::no_frame);
  CHECK(decode_frame(Bytes{0xF1, 0xF2}).fault == FrameFault::empty);
  CHECK(decode_frame(Bytes{0xF1, 0x80, 0xF2}).fault == FrameFault::empty);
  CHECK(decode_frame(Bytes{0xF1, 0x80, 0x81, 0xF2}).fault == FrameFault::bad_checksum);
  CHECK(decode_frame(Bytes{0xF1, 0xF3, 0x04, 0x80, 0xF2}).fault == FrameFault::bad_stuffing);
  CHECK(decode_frame(Bytes{0xF1, 0x80, 0xF3, 0xF2}).fault == FrameFault::bad_stuffing);
}

TEST_CASE("a start flag inside a frame begins a new one; junk before a frame is skipped") {
  CHECK(decode_frame(Bytes{0x55, 0xF1, 0x12, 0xF1, 0x80, 0x80, 0xF2, 0xF1}).contents == Bytes{0x80});
}

TEST_CASE("any contents survive the way there and back") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < patella::test::fuzz_rounds() / 10; ++round) {
    Bytes contents(1 + random() % 100);
    for (uint8_t& byte : contents) byte = static_cast<uint8_t>(random() % 4 ? random() : 0xF0 + random() % 4);
    const Frame back = decode_frame(encode_frame(contents));
    if (back.fault != FrameFault::none || back.contents != contents) FAIL("changed on the way");
  }
}

TEST_CASE("any bytes are survived; a frame is only accepted with its checksum") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const Bytes good = encode_report(Bytes{0x85, 0xA7, 0x03, 0x58, 0x00, 0x54, 0xB4, 0x03, 0x91, 0x00, 0x58});
  int accepted = 0;
  for (int round = 0; round < patella::test::fuzz_rounds(); ++round) {
    Bytes report(good.begin(), good.begin() + 20);
    for (unsigned i = 0; i < 1 + random() % 5; ++i) report[random() % report.size()] = static_cast<uint8_t>(random());
    report.resize(random() % (report.size() + 1));
    const Frame frame = decode_report(report);
    if ((frame.fault == FrameFault::none) == frame.contents.empty()) FAIL("a fault with contents, or none without");
    accepted += frame.fault == FrameFault::none;
  }
  CHECK(accepted < patella::test::fuzz_rounds() / 4);
}
