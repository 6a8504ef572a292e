#include "message.hpp"

#include <cstdlib>
#include <sstream>
#include <string>

#include "hex.hpp"
#include "support/catch.hpp"

using namespace patella::ant_plus;

namespace {

std::vector<Message> cut(Framer& framer, const Bytes& bytes) {
  framer.add(bytes);
  std::vector<Message> messages;
  while (auto message = framer.next()) messages.push_back(*message);
  return messages;
}

Heard heard_of(const std::string& frame) {
  Framer framer;
  const auto messages = cut(framer, hex(frame));
  REQUIRE(messages.size() == 1);
  const auto found = heard(messages[0]);
  REQUIRE(found);
  return *found;
}

}  // namespace

TEST_CASE("commands are byte for byte those that sticks are known to take") {
  CHECK(reset_stick() == hex("A4 01 4A 00 EF"));
  CHECK(ask(0, Id::capabilities) == hex("A4 02 4D 00 54 BF"));
  CHECK(set_network_key(NetworkKey{}) == hex("A4 09 46 00 00 00 00 00 00 00 00 00 EB"));
  CHECK(set_extensions(kExtensions) == hex("A4 02 6E 00 E0 28"));
  CHECK(assign_channel(0) == hex("A4 03 42 00 00 00 E5"));
  CHECK(set_channel_id(0, 0, 0x79) == hex("A4 05 51 00 00 00 79 00 89"));
  CHECK(set_channel_id(1, 0, 0x0B) == hex("A4 05 51 01 00 00 0B 00 FA"));
  CHECK(set_channel_id(2, 0, 0x78) == hex("A4 05 51 02 00 00 78 00 8A"));
  CHECK(set_channel_id(3, 0, 0x11) == hex("A4 05 51 03 00 00 11 00 E2"));
  CHECK(set_channel_id(4, 0, 0x7A) == hex("A4 05 51 04 00 00 7A 00 8E"));
  CHECK(set_channel_id(1, 486, 0x0B) == hex("A4 05 51 01 E6 01 0B 00 1D"));
  CHECK(set_frequency(0) == hex("A4 02 45 00 39 DA"));
  CHECK(set_period(0, 8086) == hex("A4 03 43 00 96 1F 6D"));
  CHECK(set_period(1, 8182) == hex("A4 03 43 01 F6 1F 0C"));
  CHECK(set_period(2, 8070) == hex("A4 03 43 02 86 1F 7F"));
  CHECK(set_period(3, 8192) == hex("A4 03 43 03 00 20 C7"));
  CHECK(set_period(4, 8102) == hex("A4 03 43 04 A6 1F 59"));
  CHECK(set_search_timeout(0) == hex("A4 02 44 00 0C EE"));
  CHECK(open_channel(0) == hex("A4 01 4B 00 EE"));
  CHECK(close_channel(0) == hex("A4 01 4C 00 E9"));
  CHECK(unassign_channel(0) == hex("A4 01 41 00 E4"));
}

TEST_CASE("responses and events are read") {
  struct Case {
    const char* frame;
    uint8_t to;
    Code code;
  };
  for (const Case& one :
       {Case{"A4 03 40 00 46 00 A1", 0x46, Code::ok}, Case{"A4 03 40 00 6E 00 89", 0x6E, Code::ok},
        Case{"A4 03 40 00 42 00 A5", 0x42, Code::ok}, Case{"A4 03 40 00 51 00 B6", 0x51, Code::ok},
        Case{"A4 03 40 00 45 00 A2", 0x45, Code::ok}, Case{"A4 03 40 00 43 00 A4", 0x43, Code::ok},
        Case{"A4 03 40 00 44 00 A3", 0x44, Code::ok}, Case{"A4 03 40 00 4B 00 AC", 0x4B, Code::ok},
        Case{"A4 03 40 00 4B 15 B9", 0x4B, Code::wrong_state}, Case{"A4 03 40 00 01 01 E7", 1, Code::search_timed_out},
        Case{"A4 03 40 00 01 02 E4", 1, Code::message_missed}, Case{"A4 03 40 00 01 07 E1", 1, Code::channel_closed},
        Case{"A4 03 40 00 01 08 EE", 1, Code::back_to_search}}) {
    INFO(one.frame);
    Framer framer;
    const auto messages = cut(framer, hex(one.frame));
    REQUIRE(messages.size() == 1);
    const auto found = response(messages[0]);
    REQUIRE(found);
    CHECK(found->channel == 0);
    CHECK(found->to == one.to);
    CHECK(found->code == one.code);
    CHECK(found->is_event() == (one.to == 1));
    CHECK(framer.skipped() == 0);
  }
  Framer framer;
  const auto start = cut(framer, hex("A4 01 6F 20 EA A4 01 6F 00 CA"));
  REQUIRE(start.size() == 2);
  CHECK(start[0].is(Id::start_up));
  CHECK(start[0].payload == Bytes{0x20});
  CHECK_FALSE(response(start[0]));
}

TEST_CASE("who sent a page and when: id, signal strength of either kind, time stamp") {
  const Heard trainer = heard_of("A4 14 4E 01 10 19 D4 D4 A5 3C FF 34 E0 89 E0 11 05 10 00 68 00 DB 8D 17");
  CHECK(trainer.channel == 1);
  CHECK(trainer.page == Payload{0x10, 0x19, 0xD4, 0xD4, 0xA5, 0x3C, 0xFF, 0x34});
  CHECK(trainer.from == SensorId{57481, 0x11, 5});
  CHECK(trainer.stamp == 0x8DDB);
  // 69.5 s after this one; the stamp rolls over every two seconds.
  const Heard before = heard_of("A4 14 4E 01 19 7F FF B7 00 CB 00 31 E0 89 E0 11 05 10 00 68 00 6B CD 68");
  CHECK(before.stamp == 0xCD6B);
  CHECK(static_cast<uint16_t>(*trainer.stamp - *before.stamp) == 0xC070);

  const Heard id_only = heard_of("A4 0E 4E 01 F2 56 5F CF 46 B4 00 FF 80 8E F3 11 05 35");
  CHECK(id_only.from == SensorId{62350, 0x11, 5});
  CHECK_FALSE(id_only.stamp);
  const Heard plain = heard_of("A4 09 4E 00 19 2A FF C0 00 39 00 31 E7");
  CHECK_FALSE(plain.from);
  CHECK_FALSE(plain.stamp);

  // dBm: three bytes instead of four.
  Bytes payload = hex("00 10 EC FF 00 BE 4E 00 00 E0 89 E0 91 05 20 C4 B0 34 12");
  Framer framer;
  const auto dbm = cut(framer, encode(Id::broadcast, payload));
  REQUIRE(dbm.size() == 1);
  CHECK(heard(dbm[0])->stamp == 0x1234);
  CHECK(heard(dbm[0])->from == SensorId{57481, 0x11, 5});  // the pairing bit is no part of the type
  Bytes longer = payload;                                  // another layout: what stands where the stamp would be is not one
  longer.push_back(0);
  CHECK_FALSE(heard(cut(framer, encode(Id::broadcast, longer)).at(0))->stamp);
  payload.pop_back();  // a stamp that is cut off does not count
  CHECK_FALSE(heard(cut(framer, encode(Id::broadcast, payload)).at(0))->stamp);
  payload.resize(12);  // and so is an id
  CHECK_FALSE(heard(cut(framer, encode(Id::broadcast, payload)).at(0))->from);
}

TEST_CASE("acknowledged and burst data are pages too") {
  const Heard acknowledged = heard_of("A4 09 4F 03 33 FF FF FF FF 08 4E FF 6B");
  CHECK(acknowledged.channel == 3);
  CHECK(acknowledged.page[0] == 0x33);
  Framer framer;
  const auto burst = cut(framer, encode(Id::burst, hex("A2 01 02 03 04 05 06 07 08")));
  CHECK(heard(burst.at(0))->channel == 2);
  CHECK_FALSE(heard(cut(framer, encode(Id::broadcast, hex("00 01 02"))).at(0)));
}

TEST_CASE("the same messages come of the same bytes, however they are sliced") {
  const Bytes stream =
      hex("A4 01 6F 20 EA A4 03 40 00 46 00 A1 A4 14 4E 01 10 19 D4 D4 A5 3C FF 34 E0 89 E0 11 05 10 00 68 "
          "00 DB 8D 17 "
          "A4 09 4E 00 00 FF FF FF 00 10 64 00 68 A4 03 40 00 01 02 E4");
  for (std::size_t slice = 1; slice <= stream.size(); ++slice) {
    Framer framer;
    std::size_t count = 0;
    for (std::size_t at = 0; at < stream.size(); at += slice) {
      const auto first = stream.begin() + static_cast<std::ptrdiff_t>(at);
      const auto length = static_cast<std::ptrdiff_t>(std::min(slice, stream.size() - at));
      count += cut(framer, Bytes(first, first + length)).size();
    }
    INFO("slice " << slice);
    CHECK(count == 5);
    CHECK(framer.skipped() == 0);
  }
}

TEST_CASE("a spoilt message is left out and the one behind it is found") {
  const std::string good = "A4 03 40 00 01 02 E4";
  for (const char* spoilt : {"A4 14 4E 02 11 FF FF D1 FF 7F 55 34 E0 89 E0 11 05 10 01 6B 00 CD 74 29",  // a bit wrong, as
                                                                                                         // recorded
                             "00 11 22 A4", "A4 A4 A4", "A4 41", "A5 01 6F 00", "A4 03 40 00 01"}) {
    INFO(spoilt);
    Framer framer;
    auto messages = cut(framer, hex(std::string(spoilt) + " " + good));
    // A false start may want more bytes than there are: the next messages settle it.
    for (int i = 0; i < 12; ++i)
      for (const Message& more : cut(framer, hex(good))) messages.push_back(more);
    REQUIRE(messages.size() == 13);
    for (const Message& message : messages) CHECK(response(message)->code == Code::message_missed);
    CHECK(framer.skipped() == hex(spoilt).size());
  }
}

TEST_CASE("a network key is 16 hexadecimal digits and nothing else") {
  CHECK(read_network_key("0000000000000000") == NetworkKey{});
  CHECK(read_network_key("01 23 45 67 89 ab CD Ef") == NetworkKey{0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF});
  CHECK(read_network_key("01:23:45:67-89-AB-CD-EF") == read_network_key("0123456789abcdef"));
  for (const char* wrong : {"", "0", "000000000000000", "00000000000000000", "0x00000000000000", "000000000000000g"})
    CHECK_FALSE(read_network_key(wrong));
}
