// One device behind the wire: every way in which a transfer can end, as the client sees it.
#include "usbip/urb_link.hpp"

#include <algorithm>
#include <cerrno>

#include "emulator/scale_model.hpp"
#include "support/catch.hpp"
#include "usbip/client.hpp"

using namespace patella::emulator;
using namespace patella::emulator::usbip;

namespace {

constexpr int64_t kSecond = 1'000'000;

/// A scale on a link, in virtual time.
struct Bench {
  ScaleModel scale{ScaleModel::Options{}};
  UrbLink link{scale};
  int64_t now_us = 0;
  uint32_t sequence = 0;

  Bench() {  // the report that lies ready after a plug
    read();
    replies();
  }
  uint32_t read(uint32_t room = 64, uint8_t endpoint = 2) {
    link.received(submit_request({++sequence, 0, true, endpoint, room, 0, {}, {}}), now_us);
    return sequence;
  }
  void control(const std::array<uint8_t, 8>& setup) {
    const bool in = (setup[0] & 0x80) != 0;
    const uint32_t length = in ? static_cast<uint32_t>(setup[6] | setup[7] << 8) : 0;
    link.received(submit_request({++sequence | (in ? 0 : kOutSequence), 0, in, 0, length, 0, setup, {}}), now_us);
  }
  void run(int64_t us) {
    const int64_t end_us = now_us + us;
    while (link.deadline_us() <= end_us) link.tick(now_us = std::max(now_us, link.deadline_us()));
    link.tick(now_us = end_us);
  }
  std::vector<Reply> replies() {
    std::vector<Reply> all;
    while (auto one = take_reply(link.output())) all.push_back(std::move(*one));
    return all;
  }
};

}  // namespace

TEST_CASE("reports come as the device makes them, each to the transfer that waited longest") {
  Bench b;
  const uint32_t first = b.read(), second = b.read();
  CHECK(b.link.is_in_use());
  b.run(kSecond);
  const auto replies = b.replies();
  REQUIRE(replies.size() == 2);
  CHECK(replies[0].sequence == first);
  CHECK(replies[1].sequence == second);
  CHECK(replies[0].status == 0);
  CHECK(replies[0].in.size() == 6);
  CHECK_FALSE(b.link.is_in_use());
}

TEST_CASE("an unlinked transfer is answered by the unlink alone, one that has ended is not unlinked") {
  Bench b;
  const uint32_t reading = b.read();
  b.link.received(unlink_request(100, reading), b.now_us);
  b.run(kSecond);
  auto replies = b.replies();
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].is_unlink);
  CHECK(replies[0].sequence == 100);
  CHECK(replies[0].status == -ECONNRESET);
  const uint32_t done = b.read();
  b.run(kSecond);
  b.link.received(unlink_request(101, done), b.now_us);
  replies = b.replies();
  REQUIRE(replies.size() == 2);
  CHECK(replies[0].sequence == done);
  CHECK(replies[1].status == 0);
}

TEST_CASE("stall, errors, babble and short packets reach the client as the kernel's numbers") {
  Bench b;
  b.scale.halt(ScaleModel::kIn);
  b.read();
  REQUIRE(b.replies().at(0).status == -EPIPE);
  b.control({0x02, 1, 0, 0, ScaleModel::kIn, 0, 0, 0});  // CLEAR_FEATURE(ENDPOINT_HALT)
  REQUIRE(b.replies().at(0).status == 0);
  b.scale.fault(ScaleModel::kIn).error_once = -EILSEQ;
  b.read();
  b.run(kSecond);
  CHECK(b.replies().at(0).status == -EILSEQ);
  b.read(4);
  b.run(kSecond);
  const auto babble = b.replies();
  CHECK(babble.at(0).status == -EOVERFLOW);
  CHECK(babble.at(0).in.size() == 4);
  b.scale.fault(ScaleModel::kIn).cut_to = 3;
  b.read();
  b.run(2 * kSecond);
  b.read();
  b.run(2 * kSecond);
  CHECK(b.replies().at(1).in.size() == 3);
  b.read(64, 9);
  CHECK(b.replies().at(0).status == -ENOENT);
  b.control({0xC0, 0x77, 0, 0, 0, 0, 8, 0});  // a request that the device does not know
  CHECK(b.replies().at(0).status == -EPIPE);
}

TEST_CASE("descriptors are what the model has, as much as was asked for") {
  Bench b;
  b.control({0x80, 6, 0, 1, 0, 0, 8, 0});
  const auto head = b.replies();
  CHECK(head.at(0).in == Bytes(b.scale.descriptors().device.begin(), b.scale.descriptors().device.begin() + 8));
  b.control({0x80, 6, 0, 2, 0, 0, 0xFF, 0});
  CHECK(b.replies().at(0).in == b.scale.descriptors().configuration);
  // Asked of the device for 18 bytes, with room for 4.
  b.link.received(submit_request({++b.sequence, 0, true, 0, 4, 0, {0x80, 6, 0, 1, 0, 0, 18, 0}, {}}), b.now_us);
  CHECK(b.replies().at(0).in.size() == 4);
}

TEST_CASE("a pulled plug first shows as protocol errors, one a millisecond, to whatever is sent") {
  Bench b;
  const uint32_t reading = b.read();
  b.link.lose_contact(b.now_us);
  b.run(0);
  auto replies = b.replies();
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].sequence == reading);
  CHECK(replies[0].status == -EPROTO);
  const uint32_t again = b.read();
  b.run(999);
  CHECK(b.replies().empty());
  b.run(1);
  replies = b.replies();
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].sequence == again);
  CHECK(replies[0].status == -EPROTO);
  const uint32_t last = b.read();
  b.link.received(unlink_request(200, last), b.now_us);
  b.run(5000);
  replies = b.replies();
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].status == -ECONNRESET);
}

TEST_CASE("isochronous transfers and a number that is in flight already are refused") {
  Bench b;
  b.link.received(submit_request({1, 0, true, 2, 64, 3, {}, {}}), 0);
  CHECK(b.replies().at(0).status == -EINVAL);
  const uint32_t reading = b.read();
  b.link.received(submit_request({reading, 0, true, 2, 64, 0, {}, {}}), 0);
  CHECK(b.replies().at(0).status == -ENOMEM);
}

TEST_CASE("more transfers than any host has in flight are refused, not kept") {
  Bench b;
  for (int i = 0; i < 1100; ++i) b.read();
  const auto replies = b.replies();
  REQUIRE(replies.size() == 1100 - 1024);
  CHECK(replies[0].status == -ENOMEM);
}

TEST_CASE("whatever a client sends, each transfer is answered at most once, and never with more than it has room for") {
  Random random(9);
  for (int round = 0; round < 300; ++round) {
    Bench b;
    std::map<uint32_t, uint32_t> room;  // of what was submitted and not answered
    uint32_t replies = 0, commands = 0;
    for (int step = 0; step < 60; ++step) {
      const uint32_t pick = static_cast<uint32_t>(random.next() % 8);
      ++commands;
      if (pick < 4) {
        const uint32_t size = static_cast<uint32_t>(random.next() % 20);
        room[b.read(size, static_cast<uint8_t>(random.next() % 4))] = size;
      } else if (pick == 4) {
        std::array<uint8_t, 8> setup{};
        std::generate(setup.begin(), setup.end(), [&] { return random.byte(); });
        setup[0] |= 0x80;
        b.control(setup);
        room[b.sequence] = static_cast<uint32_t>(setup[6] | setup[7] << 8);
      } else if (pick == 5) {
        b.link.received(unlink_request(100'000 + commands, static_cast<uint32_t>(random.next() % (b.sequence + 1))), b.now_us);
      } else if (pick == 6) {
        b.run(static_cast<int64_t>(random.next() % kSecond));
        --commands;
      } else {
        b.scale.fault(ScaleModel::kIn).silent = random.next() % 2 == 0;
        --commands;
      }
      for (const Reply& reply : b.replies()) {
        ++replies;
        if (reply.is_unlink) continue;
        REQUIRE(room.contains(reply.sequence));
        REQUIRE(reply.in.size() <= room[reply.sequence]);
        room.erase(reply.sequence);
      }
    }
    REQUIRE(b.link.output().empty());
    REQUIRE(replies <= commands);
    REQUIRE(b.link.broken().empty());
  }
}
