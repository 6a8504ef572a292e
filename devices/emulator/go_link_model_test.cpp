#include "emulator/go_link_model.hpp"

#include <cerrno>

#include "support/catch.hpp"

using namespace patella::emulator;

namespace {

constexpr int64_t kSecond = 1'000'000;

struct Host {
  explicit Host(const GoLinkModel::Options& options = {}) : model(options) {}
  GoLinkModel model;
  int64_t now = 10 * kSecond;
  uint64_t id = 1;
  std::vector<Bytes> packets;

  int send(Bytes command, uint16_t value = 0x0100) {
    command.resize(8, 0);
    model.submit({++id, TransferType::control, 0, {0x21, 9, value, 0, 8}, 8, command}, now);
    for (const Completion& done : model.take_done())
      if (done.id == id) return done.status;
    return 1;
  }
  void read_for(int64_t us) {
    const int64_t end = now + us;
    uint64_t waiting = ++id;
    model.submit({waiting, TransferType::interrupt, GoLinkModel::kIn, {}, 8, {}}, now);
    for (;;) {
      for (auto done = model.take_done(); !done.empty(); done = model.take_done())
        for (const Completion& one : done) {
          if (one.id != waiting || one.status) continue;
          packets.push_back(one.in);
          waiting = ++id;
          model.submit({waiting, TransferType::interrupt, GoLinkModel::kIn, {}, 8, {}}, now);
        }
      if (model.deadline_us() > end) break;
      now = std::max(now, model.deadline_us());
      model.tick(now);
    }
    model.cancel(waiting, -2);
    model.take_done();
    now = end;
  }
  void power_up() {
    send({0x1A, 1});
    read_for(kSecond);
    packets.clear();
    send({0x1A, 1});
    read_for(kSecond / 10);
  }
};

}  // namespace

TEST_CASE("old packets first; while it powers up INIT says so, later it is done, all else is ignored") {
  Host host;
  host.read_for(1000);
  CHECK(host.packets.size() == 3);
  host.packets.clear();
  host.send({0x1A, 1});
  host.send({0x10});
  host.read_for(kSecond / 2);
  CHECK(host.packets == std::vector<Bytes>{{0xBA, 0x1A, 0x40, 0, 0, 0, 0, 0}});
  host.power_up();
  CHECK(host.packets == std::vector<Bytes>{{0x9A, 0x1A, 0, 0, 0, 0, 0, 0}});
}

TEST_CASE("status, memory in packets, refusals") {
  Host host;
  host.power_up();
  host.packets.clear();
  host.send({0x10});
  host.read_for(kSecond / 10);
  CHECK(host.packets[0][0] == 0x5E);
  host.packets.clear();
  host.send({0x27, 0, 128});
  host.read_for(kSecond);
  REQUIRE(host.packets.size() == 19);  // command and 128 bytes, seven a packet
  CHECK(host.packets[0][0] == 0x4F);
  CHECK(host.packets[0][1] == 0x27);
  CHECK(host.packets[1][0] == 0x47);
  CHECK(host.packets[18][0] == 0x53);
  host.packets.clear();
  host.send({0x1B, 2});
  host.send({0x2E});
  host.read_for(kSecond / 10);
  CHECK(host.packets == std::vector<Bytes>{{0x7A, 0x1B, 0x36, 0, 0, 0, 0, 0}, {0x7A, 0x2E, 0x31, 0, 0, 0, 0, 0}});
}

TEST_CASE("samples every period, with a counter; a lost packet is a jump of it") {
  GoLinkModel::Options options;
  options.automatic = false;
  Host host(options);
  host.power_up();
  host.send({0x29, 2});
  host.send({0x1B, 20});
  host.send({0x18});
  host.read_for(kSecond / 20);
  host.packets.clear();
  host.read_for(kSecond);
  CHECK(host.packets.size() >= 49);
  for (std::size_t i = 1; i < host.packets.size(); ++i)
    CHECK(host.packets[i][1] == static_cast<uint8_t>(host.packets[i - 1][1] + 1));
  const uint8_t before = host.packets.back()[1];
  host.model.act({Gesture::miss, 0, 0, 0}, host.now);
  host.packets.clear();
  host.read_for(kSecond / 10);
  CHECK(host.packets[0][1] == static_cast<uint8_t>(before + 2));
  CHECK(host.model.dropped() == 1);
}

TEST_CASE("a strict one refuses the report as input") {
  GoLinkModel::Options options;
  options.as_output = true;
  Host host(options);
  CHECK(host.send({0x1A, 1}, 0x0100) == -EPIPE);
  CHECK(host.send({0x1A, 1}, 0x0200) == 0);
}
