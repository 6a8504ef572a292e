// The transport of the plugin host on emulated devices: real libusb, real ttys.
#include <poll.h>

#include <memory>

#include "base/clock.hpp"
#include "emulator/chronojump_model.hpp"
#include "emulator/pm5_model.hpp"
#include "emulator/scale_model.hpp"
#include "mock_bus/mock_bus.hpp"
#include "support/catch.hpp"
#include "transport/transport.hpp"

using namespace patella;
using namespace patella::emulator;

namespace {

constexpr int64_t kLongUs = 30'000'000;

MockBus& bus() {
  static const std::unique_ptr<MockBus> one = [] {
    auto made = MockBus::make();
    REQUIRE(made);
    std::unique_ptr<MockBus> fresh = std::move(*made);
    REQUIRE(fresh->add("pm5", std::make_unique<Pm5Model>("430228525")));
    REQUIRE(fresh->add("scale", std::make_unique<ScaleModel>(ScaleModel::Options{}), NodeKind::pty));
    REQUIRE(fresh->add("band", std::make_unique<ChronojumpModel>(ChronojumpModel::Options{.serial = "A1"})));
    REQUIRE(fresh->add("band2", std::make_unique<ChronojumpModel>(ChronojumpModel::Options{.serial = "A2"})));
    return fresh;
  }();
  return *one;
}

struct Heard : transport::PortEvents {
  void received(std::span<const uint8_t> bytes, int64_t) override {
    reports.emplace_back(bytes.begin(), bytes.end());
    text.append(bytes.begin(), bytes.end());
  }
  void control_done(uint32_t, int control_status, std::span<const uint8_t> data, int64_t) override {
    ++controls;
    status = control_status;
    answer.assign(data.begin(), data.end());
  }
  void gone(transport::Gone, const std::string& reason) override { why = reason; }
  std::vector<Bytes> reports;
  std::string text, why;
  int controls = 0, status = 1;
  Bytes answer;
};

struct Bench {
  explicit Bench(const transport::Wanted& wanted) {
    bus();  // before libusb starts to listen
    auto made = transport::Finder::make(wanted, clock);
    REQUIRE(made);
    finder = std::move(*made);
  }
  template <class Done>
  bool until(Done done, int64_t limit_us = kLongUs) {
    const int64_t end_us = clock.now_us() + limit_us;
    while (!done()) {
      if (clock.now_us() > end_us) return false;
      std::vector<pollfd> fds;
      port ? port->wait_fds(fds) : finder->wait_fds(fds);
      const int64_t due_us = std::min(port ? port->deadline_us() : finder->deadline_us(), clock.now_us() + 100'000);
      ::poll(fds.data(), fds.size(), static_cast<int>(std::max<int64_t>(0, due_us - clock.now_us()) / 1000 + 1));
      if (port)
        port->service(heard);
      else
        port = finder->service();
    }
    return true;
  }
  bool find() {
    return until([&] { return port != nullptr; });
  }
  SystemClock clock;
  std::unique_ptr<transport::Finder> finder;
  std::unique_ptr<transport::Port> port;
  Heard heard;
};

transport::Wanted hid(int vendor, int usage_page = -1) {
  transport::Wanted wanted;
  wanted.kind = transport::Kind::hid;
  wanted.matches = {{vendor, -1, 3, usage_page}};
  return wanted;
}

transport::Wanted serial(const std::string& number) {
  transport::Wanted wanted;
  wanted.kind = transport::Kind::serial;
  wanted.matches = {{0x0403, 0x6001, -1, -1}};
  wanted.which.serial_number = number;
  return wanted;
}

struct Plugged {
  explicit Plugged(std::string device) : name(std::move(device)) { REQUIRE(bus().plug(name)); }
  ~Plugged() {
    if (bus().is_plugged(name)) static_cast<void>(bus().unplug(name));
  }
  std::string name;
};

}  // namespace

TEST_CASE("a device that comes later is found, read, lost and found again") {
  Bench bench(hid(0x0922));
  CHECK_FALSE(bench.until([&] { return bench.port != nullptr; }, 300'000));
  for (int round = 0; round < 3; ++round) {
    const Plugged scale("scale");
    INFO("round " << round);
    REQUIRE(bench.find());
    CHECK(bench.port->identity().vendor == 0x0922);
    CHECK(bench.port->identity().product_name == "M10 10 lb USB Postal Scale");
    bench.heard = {};
    REQUIRE(bench.until([&] { return bench.heard.reports.size() >= 2; }));
    CHECK(bench.heard.reports[0] == Bytes{3, 2, 2, 0, 0, 0});
    const auto order = round == 0 ? UnplugOrder::io_first : round == 1 ? UnplugOrder::uevent_first : UnplugOrder::io_only;
    REQUIRE(bus().unplug("scale", order));
    REQUIRE(bench.until([&] { return !bench.heard.why.empty(); }));
    bench.port.reset();
  }
}

TEST_CASE("a scale is found by what its report descriptor says") {
  const Plugged pm5("pm5"), scale("scale");
  Bench bench(hid(-1, 0x8D));
  // usbhid holds it; a device that is only guessed is not taken from it, but usbhid knows the descriptor.
  REQUIRE(bench.find());
  CHECK(bench.port->identity().vendor == 0x0922);
}

TEST_CASE("writes and control transfers reach a bike monitor, long reports come whole") {
  const Plugged pm5("pm5");
  Bench bench(hid(0x17A4));
  REQUIRE(bench.find());
  Bytes report = {0x02, 0xF1, 0xA0, 0xA1, 0xA7, 0xB4, 0xB0, 0x1A, 0x06, 0x8D, 0xA0, 0xA3, 0xBF, 0x89, 0x8E, 0x88, 0xF2};
  report.resize(121, 0);
  REQUIRE(bench.port->write(report));
  REQUIRE(bench.until([&] { return !bench.heard.reports.empty(); }));
  REQUIRE(bench.heard.reports[0].size() == 121);
  const auto frame = parse_csafe(std::span(bench.heard.reports[0]).subspan(1));
  REQUIRE(frame);
  CHECK(frame->contents[1] == 0xA0);
  REQUIRE(bench.port->control(7, 0x81, 6, 0x2200, 0, {}, 8));
  REQUIRE(bench.until([&] { return bench.heard.controls == 1; }));
  CHECK(bench.heard.status == 0);
  CHECK(bench.heard.answer.size() == 8);
}

TEST_CASE("a stall and a silence are survived") {
  const Plugged scale("scale");
  Bench bench(hid(0x0922));
  REQUIRE(bench.find());
  REQUIRE(bench.until([&] { return bench.heard.reports.size() >= 2; }));
  bus().with_usb("scale", [](UsbModel& model) { model.halt(ScaleModel::kIn); });
  std::size_t before = bench.heard.reports.size();
  REQUIRE(bench.until([&] { return bench.heard.reports.size() > before + 1; }));
  bus().with_usb("scale", [](UsbModel& model) { model.fault(ScaleModel::kIn).silent = true; });
  CHECK_FALSE(bench.until([&] { return !bench.heard.why.empty(); }, 600'000));
  bus().with_usb("scale", [](UsbModel& model) { model.fault(ScaleModel::kIn).silent = false; });
  before = bench.heard.reports.size();
  REQUIRE(bench.until([&] { return bench.heard.reports.size() > before; }));
}

TEST_CASE("of two equal serial sensors the wanted one is opened, asked, unplugged and found again") {
  const Plugged other("band"), band("band2");
  Bench bench(serial("A2"));
  for (int round = 0; round < 2; ++round) {
    REQUIRE(bench.find());
    CHECK(bench.port->identity().serial_number == "A2");
    CHECK(bus().wait_open("band2", true, kLongUs));
    CHECK_FALSE(bus().is_open("band"));
    bench.heard = {};
    REQUIRE(bench.until([&] { return bench.heard.text.find("oot\r\n") != std::string::npos; }));
    const std::string ask = "get_version:";
    for (int i = 0; i < 8 && bench.heard.text.find("Force_Sensor-0.6\r\n") == std::string::npos; ++i) {
      REQUIRE(bench.port->write({reinterpret_cast<const uint8_t*>(ask.data()), ask.size()}));
      bench.until([&] { return bench.heard.text.find("Force_Sensor-0.6\r\n") != std::string::npos; }, 1'500'000);
    }
    CHECK(bench.heard.text.find("Force_Sensor-0.6\r\n") != std::string::npos);
    REQUIRE(bus().unplug("band2"));
    REQUIRE(bench.until([&] { return !bench.heard.why.empty(); }));
    bench.port.reset();
    if (round == 0) REQUIRE(bus().plug("band2"));
  }
}

TEST_CASE("all that is attached is listed with its driver") {
  const Plugged pm5("pm5"), band("band");
  bool saw_bike = false, saw_band = false;
  for (const transport::Attached& one : transport::list_attached()) {
    if (one.identity.vendor == 0x17A4) {
      saw_bike = true;
      CHECK(one.kernel_driver == "usbhid");
      CHECK(one.node == bus().node_of("pm5"));
    }
    if (one.is_serial && one.identity.serial_number == "A1") {
      saw_band = true;
      CHECK(one.kernel_driver == "ftdi_sio");
      CHECK(one.node == "/dev/ttyUSB0");
    }
  }
  CHECK(saw_bike);
  CHECK(saw_band);
}
