#include "emulator/csafe.hpp"
#include "emulator/random.hpp"
#include "support/catch.hpp"

using namespace patella::emulator;

TEST_CASE("a frame is stuffed and its checksum is the XOR of the plain contents") {
  const Bytes contents = {0x81, 0xA7, 0x03, 0xF2, 0x00, 0x54};
  const Bytes frame = {0xF1, 0x81, 0xA7, 0x03, 0xF3, 0x02, 0x00, 0x54, 0x83, 0xF2};
  CHECK(build_csafe({false, 0, 0, contents}) == frame);
  const auto back = parse_csafe(frame);
  REQUIRE(back);
  CHECK(back->contents == contents);
}

TEST_CASE("a frame is found among padding, with and without addresses") {
  Bytes padded = {0xF1, 0x91, 0x91, 0xF2};
  padded.resize(120, 0);
  REQUIRE(parse_csafe(padded));
  const Bytes extended = {0xF0, 0x00, 0xFD, 0x01, 0x77, 0x01, 0x39, 0x4E, 0xF2};
  const auto frame = parse_csafe(extended);
  REQUIRE(frame);
  CHECK(frame->extended);
  CHECK(frame->source == 0xFD);
  CHECK(build_csafe(*frame) == extended);
}

TEST_CASE("bad frames are dropped") {
  CHECK_FALSE(parse_csafe(Bytes{0xF1, 0x91, 0x92, 0xF2}));        // checksum
  CHECK_FALSE(parse_csafe(Bytes{0xF1, 0x91, 0x91}));              // no end
  CHECK_FALSE(parse_csafe(Bytes{0xF1, 0x91, 0xF3, 0x07, 0xF2}));  // no such stuffing
  CHECK_FALSE(parse_csafe(Bytes{0xF1, 0xF2}));                    // nothing in it
  CHECK_FALSE(parse_csafe(Bytes{}));
  Bytes longest(119, 0x80);
  longest.front() = 0xF1;
  longest.push_back(0x80);
  longest.push_back(0xF2);
  CHECK_FALSE(parse_csafe(longest));
}

TEST_CASE("every contents survives building and parsing") {
  Random random(7);
  for (int i = 0; i < 2000; ++i) {
    Bytes contents(1 + random.next() % 50);
    for (uint8_t& byte : contents) byte = static_cast<uint8_t>(0xE8 + random.next() % 24);
    const auto frame = parse_csafe(build_csafe({i % 2 == 0, 0xFD, 0x00, contents}));
    REQUIRE(frame);
    REQUIRE(frame->contents == contents);
  }
}

TEST_CASE("commands are split, one cut short ends the list") {
  const auto commands = split_csafe(Bytes{0xA0, 0x1A, 0x02, 0x8D, 0xA0, 0x91});
  REQUIRE(commands.list.size() == 3);
  CHECK(commands.ok);
  CHECK(commands.list[1].data == Bytes{0x8D, 0xA0});
  CHECK_FALSE(split_csafe(Bytes{0xA0, 0x1A, 0x09, 0x8D}).ok);
}
