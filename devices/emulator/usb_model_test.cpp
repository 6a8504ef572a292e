#include "emulator/usb_model.hpp"

#include <cerrno>

#include "support/catch.hpp"

using namespace patella::emulator;

namespace {

constexpr uint8_t kIn = 0x81, kOut = 0x01;

/// Sends what the test says, remembers what it is sent.
class Probe : public UsbModel {
 public:
  Probe() : UsbModel(hid_descriptors({0x1209, 1, "A", "B", "C1"}, {0x05, 0x8D, 0xC0}, {{kIn, 3, 8, 1}, {kOut, 3, 8, 1}}), 3) {}
  void say(Bytes report, std::size_t depth = 4) { put_report(kIn, std::move(report), depth); }
  bool act(const Act&, int64_t) override { return false; }
  std::vector<Bytes> heard;

 protected:
  void on_out(uint8_t, const Bytes& data) override { heard.push_back(data); }
};

Transfer read(uint64_t id, uint32_t room) { return {id, TransferType::interrupt, kIn, {}, room, {}}; }
Bytes counting(std::size_t size) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<uint8_t>(i);
  return out;
}

}  // namespace

TEST_CASE("packets join up to a short one or a full buffer") {
  Probe probe;
  probe.say(counting(20));
  probe.submit(read(1, 64), 0);
  auto done = probe.take_done();
  REQUIRE(done.size() == 1);
  CHECK(done[0].in == counting(20));

  probe.submit(read(2, 64), 0);  // a report of exactly one packet does not end a longer transfer
  probe.say(counting(8));
  CHECK(probe.take_done().empty());
  probe.say({9, 9});
  done = probe.take_done();
  REQUIRE(done.size() == 1);
  CHECK(done[0].in.size() == 10);

  probe.submit(read(3, 8), 0);
  probe.say(counting(8));
  CHECK(probe.take_done().size() == 1);

  probe.submit(read(4, 4), 0);
  probe.say(counting(6));
  done = probe.take_done();
  REQUIRE(done.size() == 1);
  CHECK(done[0].status == -EOVERFLOW);
  CHECK(done[0].in == counting(4));
}

TEST_CASE("a stall lasts until it is cleared; what is in flight ends with it") {
  Probe probe;
  probe.submit(read(1, 8), 0);
  probe.halt(kIn);
  probe.submit(read(2, 8), 0);
  auto done = probe.take_done();
  REQUIRE(done.size() == 2);
  CHECK(done[0].status == -EPIPE);
  CHECK(done[1].status == -EPIPE);
  probe.clear_halt(kIn);
  probe.say({1});
  probe.submit(read(3, 8), 0);
  done = probe.take_done();
  REQUIRE(done.size() == 1);
  CHECK(done[0].status == 0);
}

TEST_CASE("silence keeps transfers, delay holds them, an error ends one") {
  Probe probe;
  probe.fault(kIn).silent = true;
  probe.submit(read(1, 8), 0);
  probe.say({1});
  CHECK(probe.take_done().empty());
  probe.fault(kIn).silent = false;
  probe.fault(kIn).delay_us = 5000;
  probe.tick(1000);
  CHECK(probe.take_done().empty());
  CHECK(probe.deadline_us() == 6000);
  probe.tick(6000);
  CHECK(probe.take_done().size() == 1);
  probe.fault(kIn).delay_us = 0;
  probe.fault(kIn).error_once = -EPROTO;
  probe.submit(read(2, 8), 6000);
  probe.say({1});
  CHECK(probe.take_done().at(0).status == -EPROTO);
  probe.submit(read(3, 8), 6000);
  probe.say({2});
  CHECK(probe.take_done().at(0).in == Bytes{2});
}

TEST_CASE("short, garbage and burst") {
  Probe probe;
  probe.fault(kIn).cut_to = 3;
  probe.submit(read(1, 8), 0);
  probe.say(counting(6));
  CHECK(probe.take_done().at(0).in == counting(3));
  probe.fault(kIn) = {};
  probe.fault(kIn).garbage = true;
  probe.submit(read(2, 8), 0);
  probe.say(counting(6));
  const Bytes garbage = probe.take_done().at(0).in;
  CHECK(garbage.size() == 6);
  CHECK(garbage != counting(6));
  probe.fault(kIn) = {};
  probe.fault(kIn).burst = 3;
  for (uint64_t id = 3; id < 6; ++id) probe.submit(read(id, 8), 0);
  probe.say({1}, 1);
  probe.say({2}, 1);
  CHECK(probe.take_done().empty());
  probe.say({3}, 1);
  CHECK(probe.take_done().size() == 3);
}

TEST_CASE("a device that is not read loses reports, oldest first") {
  Probe probe;
  for (uint8_t i = 0; i < 6; ++i) probe.say({i}, 2);
  CHECK(probe.counts().lost_reports == 4);
  probe.submit(read(1, 8), 0);
  CHECK(probe.take_done().at(0).in == Bytes{4});
}

TEST_CASE("cancel and unplug end what is pending, once") {
  Probe probe;
  probe.submit(read(1, 8), 0);
  probe.submit(read(2, 8), 0);
  CHECK(probe.cancel(1, -ENOENT));
  CHECK_FALSE(probe.cancel(1, -ENOENT));
  probe.cancel_all(-ESHUTDOWN);
  const auto done = probe.take_done();
  REQUIRE(done.size() == 2);
  CHECK(done[0].status == -ENOENT);
  CHECK(done[1].status == -ESHUTDOWN);
}

TEST_CASE("standard requests: descriptors, strings, endpoint halt") {
  Probe probe;
  const auto ask = [&](Setup setup) {
    probe.submit({9, TransferType::control, 0, setup, setup.length, {}}, 0);
    return probe.take_done().at(0);
  };
  CHECK(ask({0x80, 6, 0x0100, 0, 18}).in == probe.descriptors().device);
  CHECK(ask({0x80, 6, 0x0200, 0, 9}).in.size() == 9);
  CHECK(ask({0x80, 6, 0x0303, 0x0409, 255}).in == Bytes{6, 3, 'C', 0, '1', 0});
  CHECK(ask({0x80, 6, 0x0304, 0x0409, 255}).status == -EPIPE);
  CHECK(ask({0x81, 6, 0x2200, 0, 255}).in == Bytes{0x05, 0x8D, 0xC0});
  probe.halt(kIn);
  CHECK(ask({0x82, 0, 0, kIn, 2}).in == Bytes{1, 0});
  ask({0x02, 1, 0, kIn, 0});
  CHECK(ask({0x82, 0, 0, kIn, 2}).in == Bytes{0, 0});
  CHECK(probe.descriptors().configuration.size() == 9u + 9 + 9 + 7 + 7);
}

TEST_CASE("an OUT transfer reaches the device, and waits while it is silent") {
  Probe probe;
  probe.submit({1, TransferType::interrupt, kOut, {}, 2, {5, 6}}, 0);
  CHECK(probe.take_done().at(0).actual == 2);
  probe.fault(kOut).silent = true;
  probe.submit({2, TransferType::interrupt, kOut, {}, 1, {7}}, 0);
  CHECK(probe.heard.size() == 1);
  probe.fault(kOut).silent = false;
  probe.tick(1);
  CHECK(probe.take_done().size() == 1);
  CHECK(probe.heard == std::vector<Bytes>{{5, 6}, {7}});
}
