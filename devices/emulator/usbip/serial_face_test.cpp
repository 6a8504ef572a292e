#include "usbip/serial_face.hpp"

#include <cerrno>
#include <string>

#include "emulator/chronojump_model.hpp"
#include "support/catch.hpp"

using namespace patella::emulator;
using namespace patella::emulator::usbip;

namespace {

/// Says what the test says, and remembers what it is sent.
class Echo final : public SerialModel {
 public:
  explicit Echo(uint16_t vendor = 0x0403, uint16_t product = 0x6001) : SerialModel({vendor, product, "M", "P", "S1"}, 1) {}
  void say(std::string_view line) { send(line); }
  bool act(const Act&, int64_t) override { return false; }
  std::string heard;
  int opens = 0, closes = 0;

 protected:
  void on_opened() override { ++opens; }
  void on_closed() override { ++closes; }
  void on_received(std::span<const uint8_t> bytes) override { heard.append(bytes.begin(), bytes.end()); }
};

struct Bench {
  Echo* echo;
  std::unique_ptr<SerialFace> face;
  uint64_t id = 0;
  explicit Bench(uint16_t vendor = 0x0403) {
    auto model = std::make_unique<Echo>(vendor);
    echo = model.get();
    face = make_serial_face(std::move(model));
    face->reset();
  }
  Completion control(Setup setup, Bytes out = {}) {
    face->submit({++id, TransferType::control, 0, setup, setup.length, std::move(out)}, 0);
    return face->take_done().at(0);
  }
  void read(uint8_t endpoint, int64_t now_us = 0, uint32_t room = 512) {
    face->submit({++id, TransferType::bulk, endpoint, {}, room, {}}, now_us);
  }
  std::vector<Completion> at(int64_t now_us) {
    face->tick(now_us);
    return face->take_done();
  }
};

std::string text(const Bytes& bytes, std::size_t from = 0) {
  return {bytes.begin() + static_cast<std::ptrdiff_t>(from), bytes.end()};
}

const Setup kFtdiDtrOn{0x40, 1, 0x0101, 0, 0}, kFtdiDtrOff{0x40, 1, 0x0100, 0, 0};

}  // namespace

TEST_CASE("the vendor decides which chip it is, as the kernel does") {
  for (const auto& [vendor, product, release, interfaces] : {std::tuple{0x0403, 0x6001, 0x0600, 1},
                                                             {0x0403, 0x6015, 0x1000, 1},
                                                             {0x1A86, 0x7523, 0x0264, 1},
                                                             {0x2341, 0x0043, 1, 2}}) {
    const auto face = make_serial_face(std::make_unique<Echo>(static_cast<uint16_t>(vendor), static_cast<uint16_t>(product)));
    const Descriptors& d = face->descriptors();
    CHECK((d.device[12] | d.device[13] << 8) == release);
    CHECK(d.configuration[4] == interfaces);
    CHECK((d.configuration[2] | d.configuration[3] << 8) == static_cast<int>(d.configuration.size()));
    CHECK(d.vendor() == vendor);
  }
}

TEST_CASE("FTDI: each packet begins with the line's state, and data is held back for the latency time") {
  Bench b;
  b.control(kFtdiDtrOn);
  CHECK(b.echo->opens == 1);
  b.read(0x81, 1000);
  b.echo->say("12.5\n");
  CHECK(b.at(2000).empty());
  CHECK(b.face->deadline_us() == 18'000);
  const auto held = b.at(18'000);
  REQUIRE(held.size() == 1);
  CHECK(Bytes(held[0].in.begin(), held[0].in.begin() + 2) == Bytes{0xB1, 0x60});
  CHECK(text(held[0].in, 2) == "12.5\n");
  b.control({0x40, 9, 1, 0, 0});
  CHECK(b.control({0xC0, 10, 0, 0, 1}).in == Bytes{1});
  b.read(0x81, 20'000);
  b.echo->say("13.5\n");
  b.at(20'000);
  CHECK(text(b.at(21'000).at(0).in, 2) == "13.5\n");
}

TEST_CASE("FTDI: a long run of bytes goes out in full packets and ends with a short one") {
  Bench b;
  b.control(kFtdiDtrOn);
  std::string line;
  for (int i = 0; i < 62 * 2; ++i) line += static_cast<char>('a' + i % 26);
  b.read(0x81);
  b.echo->say(line);
  CHECK(b.at(0).empty());  // two full packets do not end a transfer
  const auto done = b.at(b.face->deadline_us());
  REQUIRE(done.size() == 1);
  REQUIRE(done[0].in.size() == 64 + 64 + 2);
  CHECK(text(done[0].in, 2).substr(0, 62) == line.substr(0, 62));
  CHECK(text(done[0].in, 66).substr(0, 62) == line.substr(62));
}

TEST_CASE("FTDI: a waiting reader gets an empty packet now and then, nobody waiting gets none") {
  Bench b;
  b.control(kFtdiDtrOn);
  CHECK(b.face->deadline_us() == kNever);
  b.read(0x81, 100'000);
  CHECK(b.at(100'000).at(0).in.size() == 2);
  b.read(0x81, 100'000);
  CHECK(b.face->deadline_us() == 140'000);
}

TEST_CASE("FTDI: DTR is changed only where the mask says so; bytes reach the model while the line is open") {
  Bench b;
  b.control({0x40, 1, 0x0202, 0, 0});  // RTS
  CHECK(b.echo->opens == 0);
  b.face->submit({99, TransferType::bulk, 0x02, {}, 0, {'x'}}, 0);
  b.control(kFtdiDtrOn);
  b.control(kFtdiDtrOn);
  CHECK(b.echo->opens == 1);
  b.face->take_done();
  b.face->submit({100, TransferType::bulk, 0x02, {}, 0, {'h', 'i'}}, 0);
  CHECK(b.echo->heard == "hi");
  CHECK(b.face->take_done().at(0).actual == 2);
  b.control(kFtdiDtrOff);
  CHECK(b.echo->closes == 1);
  b.control(kFtdiDtrOn);
  b.face->unplugged(5000);
  CHECK(b.echo->closes == 2);
  CHECK(b.control({0xC0, 0x55, 0, 0, 2}).status == -EPIPE);
}

TEST_CASE("FTDI: what nobody reads is lost beyond the chip's buffer") {
  Bench b;
  b.control(kFtdiDtrOn);
  for (int i = 0; i < 100; ++i) b.echo->say("0123456789");
  b.at(1000);
  b.read(0x81, 1000, 4096);
  std::size_t got = 0;
  for (int64_t t = 1000; t < 300'000; t += 1000)
    for (const Completion& c : b.at(t)) got += c.in.size();
  CHECK(got > 200);
  CHECK(got < 300);
}

TEST_CASE("CH340: lines are inverted, packets have 32 bytes") {
  Bench b(0x1A86);
  CHECK(b.control({0xC0, 0x5F, 0, 0, 2}).in.size() == 2);
  b.control({0x40, 0xA4, static_cast<uint16_t>(0xFFFF & ~(1u << 5)), 0, 0});
  CHECK(b.echo->opens == 1);
  b.read(0x82, 0, 32);
  b.echo->say("abc\r\n");
  CHECK(text(b.at(0).at(0).in) == "abc\r\n");
  b.read(0x82, 0, 64);
  b.echo->say(std::string(32, 'z'));
  CHECK(b.at(0).at(0).in.size() == 32);  // an empty packet ended it
  b.control({0x40, 0xA4, 0xFFFF, 0, 0});
  CHECK(b.echo->closes == 1);
}

TEST_CASE("CDC-ACM: line coding is kept, DTR opens the line") {
  Bench b(0x2341);
  const Bytes coding = {0x00, 0xC2, 0x01, 0x00, 0, 0, 8};
  CHECK(b.control({0x21, 0x20, 0, 0, 7}, coding).status == 0);
  CHECK(b.control({0xA1, 0x21, 0, 0, 7}).in == coding);
  CHECK(b.control({0x21, 0x20, 0, 0, 2}, {1, 2}).status == -EPIPE);
  b.control({0x21, 0x22, 3, 0, 0});
  CHECK(b.echo->opens == 1);
  b.read(0x82);
  b.echo->say("5\n");
  CHECK(text(b.at(0).at(0).in) == "5\n");
  b.face->submit({50, TransferType::bulk, 0x03, {}, 0, {'q'}}, 0);
  CHECK(b.echo->heard == "q");
  b.control({0x21, 0x22, 2, 0, 0});
  CHECK(b.echo->closes == 1);
}

TEST_CASE("a line's own faults and gestures work through the chip") {
  auto model = std::make_unique<ChronojumpModel>(ChronojumpModel::Options{});
  FtdiFace face(std::move(model));
  CHECK(face.act({Gesture::load, 20, 0, 0}, 0));
  CHECK_FALSE(face.act({Gesture::pedal, 20, 0, 0}, 0));
  face.reset();
  face.submit({1, TransferType::control, 0, kFtdiDtrOn, 0, {}}, 0);
  CHECK(face.line().is_open());
  face.reset();  // plugged in again: the line is closed
  CHECK_FALSE(face.line().is_open());
  CHECK(face.latency_ms() == 16);
}
