#include "emulator/ant_model.hpp"

#include <algorithm>

#include "support/catch.hpp"

using namespace patella::emulator;

namespace {

constexpr int64_t kSecond = 1'000'000;

/// A program that reads without pause.
struct Reader {
  explicit Reader(const AntModel::Options& options) : ant(options) {
    ant.tick(now_us);
    read();
  }
  void read() { ant.submit({++id, TransferType::bulk, AntModel::kIn, {}, 1024, {}}, now_us); }
  void write(uint8_t message, const Bytes& payload) {
    ant.submit({++id, TransferType::bulk, AntModel::kOut, {}, 0, build_ant(message, payload)}, now_us);
  }
  void run(int64_t us) {
    for (const int64_t end_us = now_us + us; now_us < end_us;) {
      now_us = std::min(end_us, std::max(now_us + 1, ant.deadline_us()));
      ant.tick(now_us);
      for (const Completion& done : ant.take_done()) {
        if (done.in.empty()) continue;
        stream.insert(stream.end(), done.in.begin(), done.in.end());
        read();
      }
    }
    while (const auto frame = take_ant(stream)) frames.push_back(*frame);
  }
  void command(uint8_t message, const Bytes& payload) {
    write(message, payload);
    run(50'000);
  }
  /// As every program does: reset, key, channel 0 to that sensor.
  void set_up(uint8_t type, uint16_t number = 0) {
    command(0x4A, {0});
    run(kSecond);
    command(0x46, {0, 0, 0, 0, 0, 0, 0, 0, 0});
    command(0x6E, {0, 0xE0});
    command(0x42, {0, 0, 0});
    command(0x51, {0, static_cast<uint8_t>(number & 0xFF), static_cast<uint8_t>(number >> 8), type, 0});
    command(0x45, {0, 57});
    command(0x43, {0, 0x96, 0x1F});
    command(0x44, {0, 12});
    command(0x4B, {0});
  }
  std::size_t count(uint8_t frame, const Bytes& start) const {
    return static_cast<std::size_t>(std::count_if(frames.begin(), frames.end(), [&](const AntFrame& one) {
      return one.id == frame && one.payload.size() >= start.size() && std::equal(start.begin(), start.end(), one.payload.begin());
    }));
  }
  AntModel ant;
  int64_t now_us = 0;
  uint64_t id = 0;
  Bytes stream;
  std::vector<AntFrame> frames;
};

}  // namespace

TEST_CASE("message 66 makes each page say who sent it, and takes that back; old firmware refuses it") {
  Reader reader({});
  reader.set_up(0x79);
  reader.command(0x6E, {0, 0});
  const auto longest = [&] {
    reader.run(kSecond);
    reader.frames.clear();
    reader.run(2 * kSecond);
    std::size_t bytes = 0;
    for (const AntFrame& frame : reader.frames)
      if (frame.id == 0x4E) bytes = std::max(bytes, frame.payload.size());
    return bytes;
  };
  CHECK(longest() == 9);  // channel and page
  reader.frames.clear();
  reader.command(0x66, {0, 1});
  CHECK(reader.count(0x40, {0, 0x66, 0}) == 1);
  CHECK(longest() == 14);
  for (const AntFrame& frame : reader.frames) {
    if (frame.id != 0x4E) continue;
    const auto sender = static_cast<uint16_t>(frame.payload[10] | frame.payload[11] << 8);
    CHECK(frame.payload[9] == 0x80);
    CHECK(sender == AntSensor::Options{}.number);
    CHECK(frame.payload[12] == 0x79);
  }
  reader.command(0x66, {0, 0});
  CHECK(longest() == 9);
  AntModel::Options old;
  old.extensions = false;
  Reader refused(old);
  refused.set_up(0x79);
  refused.command(0x66, {0, 1});
  CHECK(refused.count(0x40, {0, 0x66, 0x28}) == 1);
}

TEST_CASE("the stick says hello after a reset and answers each command, byte for byte as real ones do") {
  Reader reader({});
  reader.command(0x4D, {0, 0x54});
  CHECK(reader.frames.empty());  // not before its first reset
  reader.command(0x4A, {0});
  reader.run(kSecond);
  REQUIRE(reader.frames.size() == 1);
  CHECK(build_ant(reader.frames[0].id, reader.frames[0].payload) == Bytes{0xA4, 0x01, 0x6F, 0x20, 0xEA});
  reader.frames.clear();
  reader.command(0x46, {0, 1, 2, 3, 4, 5, 6, 7, 8});
  REQUIRE(reader.frames.size() == 1);
  CHECK(build_ant(reader.frames[0].id, reader.frames[0].payload) == Bytes{0xA4, 0x03, 0x40, 0x00, 0x46, 0x00, 0xA1});
  reader.frames.clear();
  reader.command(0x4B, {0});
  REQUIRE(reader.frames.size() == 1);
  CHECK(build_ant(reader.frames[0].id, reader.frames[0].payload) == Bytes{0xA4, 0x03, 0x40, 0x00, 0x4B, 0x15, 0xB9});
  CHECK(reader.ant.descriptors().vendor() == 0x0FCF);
  CHECK(reader.ant.descriptors().device[7] == 32);
}

TEST_CASE("a tracked sensor sends four messages a second, two of three of which tell nothing new") {
  Reader reader({.missed_share = 0});
  reader.set_up(0x79);
  reader.run(10 * kSecond);
  reader.frames.clear();
  reader.run(60 * kSecond);
  const std::size_t messages = reader.count(0x4E, {0});
  CHECK(messages >= 240);
  CHECK(messages <= 245);
  std::size_t events = 0;
  Bytes last;
  for (const AntFrame& frame : reader.frames) {
    REQUIRE(frame.payload.size() == 20);
    CHECK(Bytes(frame.payload.begin() + 9, frame.payload.begin() + 14) == Bytes{0xE0, 0x39, 0x30, 0x79, 0x01});
    const Bytes crank(frame.payload.begin() + 1, frame.payload.begin() + 5);
    if (crank != last) ++events;
    last = crank;
  }
  CHECK(events >= 77);  // 80 rpm
  CHECK(events <= 84);
}

TEST_CASE("another key, another radio channel or another number hears nothing, and the search ends after 30 s") {
  for (const int wrong : {0, 1, 2}) {
    AntModel::Options options;
    if (wrong == 0) options.key[3] = 7;
    Reader reader(options);
    reader.set_up(wrong == 1 ? 0x7A : 0x79, wrong == 2 ? 999 : 0);
    reader.run(29 * kSecond);
    CHECK(reader.count(0x4E, {}) == 0);
    CHECK(reader.count(0x40, {0, 1}) == 0);
    reader.run(2 * kSecond);
    CHECK(reader.count(0x40, {0, 1, 1}) == 1);  // search time-out, closed
    CHECK(reader.count(0x40, {0, 1, 7}) == 1);
    CHECK(reader.ant.open_channels() == 0);
    reader.command(0x41, {0});
    CHECK(reader.count(0x40, {0, 0x41, 0}) == 1);
  }
}

TEST_CASE("a sensor that falls asleep is missed eight times, then searched, then heard again when it wakes") {
  Reader reader({.missed_share = 0});
  reader.set_up(0x79);
  reader.run(5 * kSecond);
  CHECK(reader.count(0x40, {0, 1, 2}) == 0);
  reader.ant.sleep(12345, true);
  reader.run(5 * kSecond);
  CHECK(reader.count(0x40, {0, 1, 2}) == 8);
  CHECK(reader.count(0x40, {0, 1, 8}) == 1);
  reader.frames.clear();
  reader.ant.sleep(12345, false);
  reader.run(3 * kSecond);
  CHECK(reader.count(0x4E, {0}) >= 9);
}

TEST_CASE("the scan hears every sensor around with its number, and no channel may be open for it") {
  AntModel::Options options;
  options.neighbours = {{.type = 0x7A, .number = 77}};
  Reader reader(options);
  reader.set_up(0x79);
  reader.frames.clear();
  reader.command(0x5B, {0});
  CHECK(reader.count(0x40, {0, 0x5B, 0x15}) == 1);
  reader.command(0x4C, {0});
  CHECK(reader.count(0x40, {0, 1, 7}) == 1);
  reader.frames.clear();
  reader.command(0x5B, {0});
  CHECK(reader.count(0x40, {0, 0x5B, 0}) == 1);
  reader.run(3 * kSecond);
  const auto from = [&](uint8_t type) {
    return std::count_if(reader.frames.begin(), reader.frames.end(), [&](const AntFrame& frame) {
      return frame.id == 0x4E && frame.payload.size() == 20 && frame.payload[12] == type;
    });
  };
  CHECK(from(0x79) >= 10);
  CHECK(from(0x7A) >= 10);
}

TEST_CASE("faults: deaf until reset again, no extensions, lost messages, a restart") {
  Reader deaf({.deaf_resets = 2});
  deaf.command(0x4A, {0});
  deaf.run(kSecond);
  deaf.command(0x4A, {0});
  deaf.run(kSecond);
  CHECK(deaf.frames.empty());
  deaf.command(0x4A, {0});
  deaf.run(kSecond);
  CHECK(deaf.count(0x6F, {0x20}) == 1);

  Reader old({.extensions = false, .missed_share = 0});
  old.set_up(0x79);
  CHECK(old.count(0x40, {0, 0x6E, 0x28}) == 1);
  old.run(3 * kSecond);
  REQUIRE(old.count(0x4E, {0}) > 5);
  CHECK(std::all_of(old.frames.begin(), old.frames.end(), [](const AntFrame& f) { return f.payload.size() < 20; }));
  old.command(0x4D, {0, 0x51});
  CHECK(old.count(0x51, {0, 0x39, 0x30, 0x79, 0x01}) == 1);
  old.ant.lose_messages(12345, 3);
  old.run(2 * kSecond);
  CHECK(old.count(0x40, {0, 1, 2}) == 3);
  CHECK(old.count(0x40, {0, 1, 8}) == 0);

  old.frames.clear();
  old.ant.restart_itself();
  old.run(2 * kSecond);
  CHECK(old.count(0x6F, {0x00}) == 1);
  CHECK(old.count(0x4E, {}) == 0);
  CHECK(old.ant.open_channels() == 0);
}

TEST_CASE("what somebody at the tool can do to the sensors") {
  Reader reader({.missed_share = 0});
  reader.set_up(0x79);
  reader.run(5 * kSecond);
  CHECK(reader.ant.act({Gesture::lose, 4, 0, 0}, reader.now_us));
  reader.run(3 * kSecond);
  CHECK(reader.count(0x40, {0, 1, 2}) == 4);
  CHECK(reader.ant.act({Gesture::doze, 1, 0, 0}, reader.now_us));
  reader.run(3 * kSecond);
  CHECK(reader.count(0x40, {0, 1, 8}) == 1);
  reader.frames.clear();
  CHECK(reader.ant.act({Gesture::doze, 0, 0, 0}, reader.now_us));
  reader.run(3 * kSecond);
  CHECK(reader.count(0x4E, {0}) >= 9);
  CHECK_FALSE(reader.ant.act({Gesture::load, 5, 0, 0}, reader.now_us));
}

TEST_CASE("a spoilt packet holds a frame with a wrong sum, and the next one is good") {
  Reader reader({.missed_share = 0});
  reader.set_up(0x79);
  reader.run(3 * kSecond);
  reader.frames.clear();
  reader.ant.fault(AntModel::kIn).wrong_checksums = 1;
  reader.run(kSecond);
  CHECK(reader.count(0x4E, {0}) >= 2);
  CHECK(reader.count(0x4E, {0}) <= 3);
}
