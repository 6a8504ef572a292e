// Finder and Port over the real libusb and real ttys, with emulated devices in /sys and /dev.
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "emulator/chronojump_model.hpp"
#include "emulator/pm5_model.hpp"
#include "emulator/scale_model.hpp"
#include "mock_bus/mock_bus.hpp"
#include "support/catch.hpp"
#include "transport/transport.hpp"

using namespace patella;
using namespace patella::transport;
using emulator::Bytes;
using emulator::MockBus;
using emulator::UnplugOrder;

namespace {

constexpr int64_t kLimitUs = 30'000'000;  // nothing here takes long; a loaded machine may

/// One testbed a process: programs see the first one only.
MockBus& bus() {
  static const std::unique_ptr<MockBus> one = [] {
    auto made = MockBus::make();
    REQUIRE(made);
    return std::move(*made);
  }();
  return *one;
}

/// A plugged-in device with a name of its own, unplugged at the end of the test.
struct Plugged {
  std::string name;
  template <class M>
  explicit Plugged(std::unique_ptr<M> model, const char* kind) {
    static int count = 0;
    name = kind + std::to_string(++count);
    REQUIRE(bus().add(name, std::move(model)));
    REQUIRE(bus().plug(name));
  }
  Plugged(const Plugged&) = delete;
  ~Plugged() {
    if (bus().is_plugged(name)) (void)bus().unplug(name);
  }
};

struct Scale : Plugged {
  explicit Scale(const std::string& serial = "0001")
      : Plugged(std::make_unique<emulator::ScaleModel>(options(serial)), "scale") {}
  static emulator::ScaleModel::Options options(const std::string& serial) {
    emulator::ScaleModel::Options made;
    made.serial = serial;
    return made;
  }
  void fault(const std::function<void(emulator::UsbModel&)>& change) const { bus().with_usb(name, change); }
};
struct Monitor : Plugged {
  Monitor() : Plugged(std::make_unique<emulator::Pm5Model>(), "pm5") {}
};
struct Band : Plugged {
  Band() : Plugged(std::make_unique<emulator::ChronojumpModel>(emulator::ChronojumpModel::Options{}), "band") {}
};

/// Sends back what it is sent, packet by packet, over bulk endpoints.
class EchoModel final : public emulator::UsbModel {
 public:
  EchoModel()
      : UsbModel(emulator::descriptors({0x0fcf, 0x1008, "Maker", "Echo", "1"}, 0xFF, {}, {{kIn, 2, 64, 0}, {kOut, 2, 64, 0}}),
                 1) {}
  bool act(const emulator::Act&, int64_t) override { return false; }
  static constexpr uint8_t kIn = 0x81, kOut = 0x01;

 protected:
  void on_out(uint8_t, const Bytes& data) override { put_report(kIn, data, 64); }
};
struct Echo : Plugged {
  Echo() : Plugged(std::make_unique<EchoModel>(), "echo") {}
};

/// A report every 5 ms; while `failing`, one every 0.2 ms, and each transfer ends with a protocol error.
class StreamModel final : public emulator::UsbModel {
 public:
  StreamModel()
      : UsbModel(emulator::descriptors({0x0fcf, 0x1009, "Maker", "Stream", "1"}, 0xFF, {}, {{EchoModel::kIn, 2, 64, 0}}), 1) {}
  bool act(const emulator::Act&, int64_t) override { return false; }
  bool failing = false;

 protected:
  void on_tick() override {
    if (now_us() < next_us_) return;
    next_us_ = now_us() + (failing ? 200 : 5'000);
    if (failing) fault(EchoModel::kIn).error_once = -EPROTO;
    put_report(EchoModel::kIn, Bytes{1, 2, 3});
  }
  int64_t next_event_us() const override { return next_us_; }

 private:
  int64_t next_us_ = 0;
};
struct Stream : Plugged {
  Stream() : Plugged(std::make_unique<StreamModel>(), "stream") {}
  void fail(bool yes) const {
    bus().with_usb(name, [&](emulator::UsbModel& model) { static_cast<StreamModel&>(model).failing = yes; });
  }
};

Wanted any_stream() { return {Kind::bulk, {{0x0fcf, 0x1009, -1, -1}}, {}, {}, {}}; }
Wanted any_echo() { return {Kind::bulk, {{0x0fcf, 0x1008, -1, -1}}, {}, {}, {}}; }
Wanted any_scale() { return {Kind::hid, {{-1, -1, 3, 0x8D}}, {}, {}, {}}; }
Wanted dymo() { return {Kind::hid, {{0x0922, -1, 3, 0x8D}}, {}, {}, {}}; }
Wanted any_monitor() { return {Kind::hid, {{0x17a4, -1, -1, -1}}, {}, {}, {}}; }
Wanted any_band() { return {Kind::serial, {{0x0403, 0x6001, -1, -1}}, {}, {}, {}}; }

/// A finder and the port it found, run as the plugin host runs them.
struct Host final : PortEvents {
  SystemClock clock;
  std::unique_ptr<Finder> finder;
  std::unique_ptr<Port> port;
  std::vector<Bytes> packets;
  std::string text;
  std::vector<std::string> reports;
  std::map<uint32_t, std::pair<int, Bytes>> controls;
  int gone_calls = 0;
  int turns = 0;
  Gone reason = Gone::closed;

  explicit Host(const Wanted& wanted) {
    auto made = Finder::make(wanted, clock);
    REQUIRE(made);
    finder = std::move(*made);
  }
  void received(std::span<const uint8_t> bytes, int64_t) override {
    packets.emplace_back(bytes.begin(), bytes.end());
    text.append(bytes.begin(), bytes.end());
  }
  void control_done(uint32_t tag, int status, std::span<const uint8_t> data, int64_t) override {
    controls[tag] = {status, Bytes(data.begin(), data.end())};
  }
  void reported(const std::string& what) override { reports.push_back(what); }
  void gone(Gone why, const std::string&) override {
    ++gone_calls;
    reason = why;
  }
  /// One turn of the loop: waits for an event or the deadline, at most `limit_us`.
  void turn(int64_t limit_us) {
    std::vector<pollfd> fds;
    if (port)
      port->wait_fds(fds);
    else
      finder->wait_fds(fds);
    const int64_t due_us = port ? port->deadline_us() : finder->deadline_us();
    const int64_t wait_us = std::clamp<int64_t>(due_us - clock.now_us(), 0, limit_us);
    ++turns;
    ::poll(fds.data(), fds.size(), static_cast<int>((wait_us + 999) / 1000));
    if (port)
      port->service(*this);
    else
      port = finder->service();
  }
  template <class Enough>
  bool until(Enough&& enough, int64_t limit_us = kLimitUs) {
    for (const int64_t end_us = clock.now_us() + limit_us; clock.now_us() < end_us;) {
      if (enough()) return true;
      turn(100'000);
    }
    return enough();
  }
  void open() {
    REQUIRE(until([&] { return port != nullptr; }));
  }
  bool more_packets(std::size_t count = 3) {
    const std::size_t before = packets.size();
    return until([&] { return packets.size() >= before + count; });
  }
};

}  // namespace

TEST_CASE("a scale is found by its usage page, claimed from usbhid, read report by report") {
  const Scale scale("4711");
  const Monitor monitor;
  Host host(any_scale());
  host.open();
  const Identity& identity = host.port->identity();
  CHECK(identity.vendor == 0x0922);
  CHECK(identity.serial_number == "4711");
  CHECK(identity.product_name == "M10 10 lb USB Postal Scale");
  CHECK(identity.port.substr(0, 6) == "usb:1-");
  CHECK(identity.out_packet_size == 0);
  REQUIRE(host.more_packets());
  for (const Bytes& packet : host.packets) CHECK(packet.size() == 6);
  CHECK_FALSE(host.port->write(Bytes{2, 2}));
  CHECK(bus().is_open(scale.name));
  CHECK_FALSE(bus().is_open(monitor.name));
}

TEST_CASE("waiting costs no turns; plugging in wakes the finder") {
  Host host(any_scale());
  CHECK_FALSE(host.until([&] { return host.port != nullptr; }, 1'000'000));
  CHECK(host.turns < 20);
  CHECK(host.finder->trouble().empty());
  const Scale scale;
  host.open();
  CHECK(host.more_packets());
}

TEST_CASE("writes reach the monitor and its 121-byte reports come whole; control transfers answer by tag") {
  const Monitor monitor;
  Host host(any_monitor());
  host.open();
  Bytes request(121, 0);
  const Bytes frame = {0x02, 0xF1, 0x91, 0x91, 0xF2};
  std::copy(frame.begin(), frame.end(), request.begin());
  REQUIRE(host.port->write(request));
  REQUIRE(host.until([&] { return !host.packets.empty(); }));
  CHECK(host.packets[0].size() == 121);
  CHECK(host.packets[0][0] == 2);
  CHECK(host.packets[0][1] == 0xF1);
  REQUIRE(host.port->control(7, 0x80, 6, 0x0100, 0, {}, 18));
  REQUIRE(host.port->control(8, 0x80, 6, 0x0F00, 0, {}, 18));
  REQUIRE(host.until([&] { return host.controls.size() == 2; }));
  CHECK(host.controls[7].first == 0);
  CHECK(host.controls[7].second.size() == 18);
  CHECK(host.controls[8].first == -EPIPE);
}

TEST_CASE(
    "bulk: full packets come at once, not held back for a short one; a halt left by others is cleared at "
    "open") {
  const Echo echo;
  bus().with_usb(echo.name, [](emulator::UsbModel& model) {
    model.halt(EchoModel::kIn);
    model.halt(EchoModel::kOut);
  });
  Host host(any_echo());
  host.open();
  CHECK(host.port->identity().in_packet_size == 64);
  for (const std::size_t length : {std::size_t{64}, std::size_t{1}, std::size_t{63}, std::size_t{64}}) {
    const Bytes sent(length, static_cast<uint8_t>(length));
    const std::size_t before = host.packets.size();
    REQUIRE(host.port->write(sent));
    REQUIRE(host.until([&] { return host.packets.size() > before; }));
    CHECK(host.packets.back() == sent);
  }
  CHECK(host.reports.empty());
}

TEST_CASE("a write that stalls is sent again once, one that stalls twice is dropped and told; the order stays") {
  const Echo echo;
  Host host(any_echo());
  host.open();
  bus().with_usb(echo.name, [](emulator::UsbModel& model) { model.halt(EchoModel::kOut); });
  for (uint8_t i = 1; i <= 3; ++i) REQUIRE(host.port->write(Bytes{i}));
  REQUIRE(host.until([&] { return host.packets.size() == 3; }));
  CHECK(host.packets == std::vector<Bytes>{{1}, {2}, {3}});
  CHECK(host.reports.empty());
  // Silent, the device leaves the write pending until the halt hits it, first and second time.
  bus().with_usb(echo.name, [](emulator::UsbModel& model) { model.fault(EchoModel::kOut).silent = true; });
  REQUIRE(host.port->write(Bytes{4}));
  REQUIRE(host.port->write(Bytes{5}));
  REQUIRE(host.until([&] {
    if (!host.reports.empty()) return true;
    bus().with_usb(echo.name, [](emulator::UsbModel& model) { model.halt(EchoModel::kOut); });
    return false;
  }));
  bus().with_usb(echo.name, [](emulator::UsbModel& model) {
    model.fault(EchoModel::kOut).silent = false;
    model.halt(EchoModel::kOut);
  });
  REQUIRE(host.until([&] { return host.packets.size() == 4; }));
  CHECK(host.packets.back() == Bytes{5});
  CHECK(host.gone_calls == 0);
}

TEST_CASE("as hardware unplugs: protocol errors for a quarter of a second are borne, then the device is gone") {
  const Stream stream;
  Host host(any_stream());
  host.open();
  REQUIRE(host.more_packets(20));
  stream.fail(true);
  host.until([&] { return host.gone_calls > 0; }, 250'000);
  CHECK(host.gone_calls == 0);
  stream.fail(false);
  CHECK(host.more_packets(20));
  stream.fail(true);
  host.until([&] { return host.gone_calls > 0; }, 250'000);
  REQUIRE(bus().unplug(stream.name));
  REQUIRE(host.until([&] { return host.gone_calls > 0; }));
  CHECK(host.reason == Gone::unplugged);
}

TEST_CASE("protocol errors without end close the port, and cost no busy loop") {
  const Stream stream;
  Host host(any_stream());
  host.open();
  REQUIRE(host.more_packets(20));
  stream.fail(true);
  const int before = host.turns;
  REQUIRE(host.until([&] { return host.gone_calls > 0; }));
  CHECK(host.reason == Gone::unplugged);
  CHECK(host.turns - before < 200);  // 25 retries of four transfers
}

TEST_CASE("the queue of writes holds 64, keeps the order, and is sent at close") {
  const Monitor monitor;
  Host host(any_monitor());
  host.open();
  bus().with_usb(monitor.name, [](emulator::UsbModel& model) { model.fault(emulator::Pm5Model::kOut).silent = true; });
  int taken = 0;
  while (taken < 1000 && host.port->write(Bytes{0x02, 0x00})) ++taken;
  CHECK(taken == 64);
  bus().with_usb(monitor.name, [](emulator::UsbModel& model) { model.fault(emulator::Pm5Model::kOut).silent = false; });
  REQUIRE(host.until([&] { return host.port->write(Bytes{0x02, 0x00}); }));
  uint64_t before = 0, after = 0;
  bus().with_usb(monitor.name, [&](emulator::UsbModel& model) { before = model.counts().out_reports; });
  REQUIRE(host.until([&] {
    bus().with_usb(monitor.name, [&](emulator::UsbModel& model) { before = model.counts().out_reports; });
    return before >= 65;
  }));
  REQUIRE(host.port->write(Bytes{0x02, 0x01}));
  host.port.reset();
  bus().with_usb(monitor.name, [&](emulator::UsbModel& model) { after = model.counts().out_reports; });
  CHECK(after == before + 1);
}

TEST_CASE("a control transfer is waited for at close, as a write is; one that is never answered, not for long") {
  constexpr int64_t kAnswerUs = 100'000;
  for (const bool answers : {true, false}) {
    const Echo echo;
    Host host(any_echo());
    host.open();
    bus().with_usb(echo.name, [&](emulator::UsbModel& model) {
      model.fault(0).delay_us = kAnswerUs;
      model.fault(0).silent = !answers;
    });
    REQUIRE(host.port->control(1, 0x01, 0x0B, 0, 0, {}, 0));
    const int64_t begin_us = host.clock.now_us();
    host.port.reset();
    const int64_t took_us = host.clock.now_us() - begin_us;
    CHECK(took_us >= kAnswerUs * 9 / 10);
    CHECK(took_us < kLimitUs);
  }
}

TEST_CASE("unplug is told once, whichever sign comes first, and the device is found again") {
  for (const UnplugOrder order :
       {UnplugOrder::io_first, UnplugOrder::uevent_first, UnplugOrder::io_only, UnplugOrder::uevent_only}) {
    INFO("order " << static_cast<int>(order));
    const Scale scale;
    Host host(any_scale());
    host.open();
    REQUIRE(host.more_packets(1));
    REQUIRE(bus().unplug(scale.name, order));
    REQUIRE(host.until([&] { return host.gone_calls > 0; }));
    CHECK(host.reason == Gone::unplugged);
    host.turn(0);
    CHECK(host.gone_calls == 1);
    CHECK_FALSE(host.port->control(1, 0x80, 6, 0x0100, 0, {}, 18));
    host.port.reset();
    REQUIRE(bus().plug(scale.name));
    host.open();
    CHECK(host.more_packets());
  }
}

TEST_CASE("a stall is cleared and reading goes on; one that comes back at once means unplugged") {
  const Scale scale;
  Host host(any_scale());
  host.open();
  REQUIRE(host.more_packets());
  scale.fault([](emulator::UsbModel& model) { model.halt(emulator::ScaleModel::kIn); });
  REQUIRE(host.until([&] { return !host.reports.empty(); }));
  CHECK(host.more_packets());
  CHECK(host.gone_calls == 0);
  REQUIRE(host.until([&] {
    scale.fault([](emulator::UsbModel& model) { model.halt(emulator::ScaleModel::kIn); });
    return host.gone_calls > 0;
  }));
  CHECK(host.reason == Gone::unplugged);
}

TEST_CASE("single protocol errors and overlong packets are survived; lasting ones end the port") {
  const Scale scale;
  Host host(any_scale());
  host.open();
  REQUIRE(host.more_packets());
  for (const int error : {-EPROTO, -EOVERFLOW, -EILSEQ}) {
    INFO("error " << error);
    scale.fault([&](emulator::UsbModel& model) { model.fault(emulator::ScaleModel::kIn).error_once = error; });
    CHECK(host.more_packets());
  }
  CHECK(host.reports.size() == 1);  // the overlong one
  CHECK(host.gone_calls == 0);
  REQUIRE(host.until([&] {
    scale.fault([](emulator::UsbModel& model) { model.fault(emulator::ScaleModel::kIn).error_once = -EPROTO; });
    return host.gone_calls > 0;
  }));
  CHECK(host.reason == Gone::unplugged);
}

TEST_CASE("a device in use is named as trouble, and taken when it becomes free") {
  const Scale scale;
  Host first(any_scale());
  first.open();
  REQUIRE(first.more_packets(1));
  Host second(dymo()), third(any_scale());
  REQUIRE(second.until([&] { return !second.finder->trouble().empty(); }));
  CHECK(second.finder->trouble().find("in use by another program") != std::string::npos);
  // By usage page alone it could be any device that somebody reads: nothing is said.
  CHECK_FALSE(third.until([&] { return third.port || !third.finder->trouble().empty(); }, 1'500'000));
  CHECK(first.more_packets(1));
  first.port.reset();
  second.open();
  CHECK(second.finder->trouble().empty());
  CHECK(second.more_packets(1));
}

TEST_CASE("a serial port in use is said at once, by a driver that shares it when it stays so longer than all turns") {
  const Band band;
  Host first(any_band());
  first.open();
  struct AheadClock final : Clock {
    SystemClock system;
    int64_t ahead_us = 0;
    int64_t now_us() const override { return system.now_us() + ahead_us; }
    WallTime wall() const override { return system.wall(); }
  } clock;
  const auto trouble = [&](int sharers) {
    Wanted wanted = any_band();
    wanted.sharers = sharers;
    auto finder = Finder::make(wanted, clock);
    REQUIRE(finder);
    std::vector<std::string> said;
    for (int s = 0; s <= 18; ++s) {
      CHECK_FALSE((*finder)->service());
      said.push_back((*finder)->trouble());
      clock.ahead_us += 1'000'000;
    }
    return said;
  };
  CHECK(trouble(0)[0].find("in use by another program. Close it") != std::string::npos);
  const auto shared = trouble(2);
  for (std::size_t s = 0; s <= 16; ++s) CHECK(shared[s].empty());
  CHECK(trouble(1)[12].find("in use by another sensor of this kiosk, or by another program") != std::string::npos);
}

TEST_CASE("twins with one serial number: each at its own socket, at a new one when its own is empty, never the other's") {
  const Scale left("TWIN");
  Host left_host(any_scale());
  left_host.open();
  const std::string left_socket = left_host.port->identity().port;
  const Scale right("TWIN");
  Host right_host(any_scale());
  right_host.open();
  const std::string right_socket = right_host.port->identity().port;
  left_host.port.reset();
  right_host.port.reset();
  Wanted wanted = any_scale();
  wanted.which = {"TWIN", right_socket};
  wanted.others = {{"TWIN", left_socket}};
  Host host(wanted);
  host.open();
  CHECK(host.port->identity().port == right_socket);
  host.port.reset();
  REQUIRE(bus().unplug(right.name));
  Host again(wanted);
  CHECK_FALSE(again.until([&] { return again.port != nullptr; }, 500'000));  // the left one is not its own
  const Scale elsewhere("TWIN");
  again.open();
  CHECK(again.port->identity().port != left_socket);
  CHECK(again.port->identity().port != right_socket);
}

TEST_CASE("serial number and socket choose between equal devices; a further one is handed out next") {
  const Scale one("AAA"), two("BBB");
  Wanted wanted = any_scale();
  wanted.which.serial_number = "BBB";
  std::string socket;
  {
    Host host(wanted);
    host.open();
    CHECK(host.port->identity().serial_number == "BBB");
    socket = host.port->identity().port;
  }
  wanted.which.serial_number.clear();
  wanted.which.port = socket;
  {
    Host host(wanted);
    host.open();
    CHECK(host.port->identity().port == socket);
    CHECK(host.port->identity().serial_number == "BBB");
  }
  Host host(any_scale());
  host.open();
  const std::string first = host.port->identity().serial_number;
  auto kept = std::move(host.port);
  host.open();
  CHECK(host.port->identity().serial_number != first);
}

TEST_CASE("a refused device is left alone until it was unplugged") {
  const Scale scale;
  Host host(any_scale());
  host.open();
  const std::string port = host.port->identity().port;
  host.finder->refuse(port);
  host.port.reset();
  CHECK_FALSE(host.until([&] { return host.port != nullptr; }, 500'000));
  Host later(any_scale());
  later.finder->refuse(port);
  CHECK_FALSE(later.until([&] { return later.port != nullptr; }, 500'000));
  REQUIRE(bus().unplug(scale.name));
  REQUIRE(host.until([&] { return host.finder->service() == nullptr && !bus().is_plugged(scale.name); }));
  REQUIRE(bus().plug(scale.name));
  host.open();
  CHECK(host.more_packets(1));
}

TEST_CASE("a device that came and went before it was looked at does no harm") {
  Host host(any_scale());
  host.turn(0);
  const Scale scale;
  REQUIRE(bus().unplug(scale.name));
  for (int i = 0; i < 5; ++i) host.turn(20'000);
  CHECK(host.port == nullptr);
  REQUIRE(bus().plug(scale.name));
  host.open();
  CHECK(host.more_packets(1));
}

TEST_CASE("a silent device is closed without delay") {
  const Scale scale;
  Host host(any_scale());
  host.open();
  scale.fault([](emulator::UsbModel& model) { model.fault(emulator::ScaleModel::kIn).silent = true; });
  host.turn(0);
  host.port.reset();
  CHECK(bus().wait_open(scale.name, false, kLimitUs));
}

TEST_CASE("a serial port is found by its bridge, read and written, and its unplug told") {
  const Band band;
  Host host(any_band());
  host.open();
  CHECK(host.port->identity().vendor == 0x0403);
  CHECK(host.port->identity().port.find("tty:ttyUSB") == 0);
  CHECK(host.port->identity().port.find("@1-") != std::string::npos);
  // The board boots for 3 s; commands before are lost to it.
  const std::string ask = "get_version:";
  int64_t asked_us = 0;
  REQUIRE(host.until([&] {
    if (host.clock.now_us() - asked_us > 2'000'000) {
      asked_us = host.clock.now_us();
      host.port->write({reinterpret_cast<const uint8_t*>(ask.data()), ask.size()});
    }
    return host.text.find("Force_Sensor-") != std::string::npos;
  }));
  REQUIRE(bus().unplug(band.name));
  REQUIRE(host.until([&] { return host.gone_calls > 0; }));
  CHECK(host.reason == Gone::unplugged);
  host.port.reset();
  REQUIRE(bus().plug(band.name));
  host.open();
}

TEST_CASE("several serial ports match: the refused one is passed over, until it was unplugged") {
  const Band one, two;
  Host host(any_band());
  host.open();
  const std::string refused = host.port->identity().port;
  host.finder->refuse(refused);
  host.port.reset();
  host.open();
  CHECK(host.port->identity().port != refused);
  const std::string second = host.port->identity().port;
  host.port.reset();
  host.finder->refuse(second);
  CHECK_FALSE(host.until([&] { return host.port != nullptr; }, 500'000));
  Wanted bound = any_band();
  bound.which.port = second;
  Host other(bound);
  other.open();
  CHECK(other.port->identity().port == second);
}

TEST_CASE("everything attached is listed, with driver and usage page, and nothing is opened") {
  const Scale scale;
  const Band band;
  const auto all = list_attached();
  const auto find = [&](uint16_t vendor, bool is_serial) -> const Attached* {
    for (const Attached& one : all)
      if (one.identity.vendor == vendor && one.is_serial == is_serial) return &one;
    return nullptr;
  };
  const Attached* found = find(0x0922, false);
  REQUIRE(found);
  CHECK(found->kernel_driver == "usbhid");
  CHECK(found->identity.serial_number == "0001");
  REQUIRE(found->interfaces.size() == 1);
  CHECK(found->interfaces[0].interface_class == 3);
  CHECK(found->interfaces[0].usage_page == 0x8D);
  CHECK(found->node == bus().node_of(scale.name));
  CHECK(found->trouble.empty());
  const Attached* port = find(0x0403, true);
  REQUIRE(port);
  CHECK(port->node == bus().node_of(band.name));
  CHECK(port->trouble.empty());
  CHECK_FALSE(bus().is_open(scale.name));
  CHECK_FALSE(bus().is_open(band.name));
}
