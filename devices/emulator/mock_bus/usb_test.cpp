#include <libusb.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <memory>

#include "base/unique_fd.hpp"
#include "emulator/pm5_model.hpp"
#include "emulator/scale_model.hpp"
#include "mock_bus/child.hpp"
#include "mock_bus/mock_bus.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::emulator;

namespace {

constexpr int64_t kLongUs = 20'000'000;

/// libusb in this process; hears of one vendor's devices.
class Host {
 public:
  explicit Host(int vendor) {
    REQUIRE(libusb_init(&context_) == 0);
    libusb_hotplug_register_callback(
        context_, LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT, LIBUSB_HOTPLUG_ENUMERATE, vendor,
        LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
        [](libusb_context*, libusb_device* device, libusb_hotplug_event event, void* data) {
          auto& host = *static_cast<Host*>(data);
          if (event == LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT) return ++host.left, 0;
          ++host.arrived;
          if (host.device_) libusb_unref_device(host.device_);
          host.device_ = libusb_ref_device(device);
          return 0;
        },
        this, nullptr);
  }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  ~Host() {
    close();
    if (device_) libusb_unref_device(device_);
    libusb_exit(context_);
  }
  template <class Done>
  bool until(Done done) {
    const int64_t end_us = MockBus::now_us() + kLongUs;
    while (!done()) {
      if (MockBus::now_us() > end_us) return false;
      timeval wait{0, 20'000};
      libusb_handle_events_timeout_completed(context_, &wait, nullptr);
    }
    return true;
  }
  void open() {
    REQUIRE(until([&] { return device_ != nullptr; }));
    REQUIRE(libusb_open(device_, &handle) == 0);
    REQUIRE(libusb_set_auto_detach_kernel_driver(handle, 1) == 0);
    REQUIRE(libusb_claim_interface(handle, 0) == 0);
  }
  void close() {
    if (handle) libusb_close(handle);
    handle = nullptr;
  }
  int read(uint8_t endpoint, Bytes& report, unsigned timeout_ms = 20'000) {
    report.resize(512);
    int got = 0;
    const int code = libusb_interrupt_transfer(handle, endpoint, report.data(), int{512}, &got, timeout_ms);
    report.resize(static_cast<std::size_t>(got));
    return code;
  }
  libusb_device* device() const { return device_; }

  libusb_device_handle* handle = nullptr;
  int arrived = 0, left = 0;

 private:
  libusb_context* context_ = nullptr;
  libusb_device* device_ = nullptr;
};

/// The process's one bus: a second testbed would have its own folder, which programs already running do not
/// see.
MockBus& bus() {
  static const std::unique_ptr<MockBus> one = [] {
    auto made = MockBus::make();
    REQUIRE(made);
    return std::move(*made);
  }();
  return *one;
}

/// A scale of its own for each test.
std::string new_scale(NodeKind node = NodeKind::fifo) {
  static int count = 0;
  const std::string name = "scale" + std::to_string(++count);
  REQUIRE(bus().add(name, std::make_unique<ScaleModel>(ScaleModel::Options{}), node));
  REQUIRE(bus().plug(name));
  return name;
}

void fault(const std::string& name, const std::function<void(EndpointFault&)>& change) {
  bus().with_usb(name, [&](UsbModel& model) { change(model.fault(ScaleModel::kIn)); });
}

std::string reader() { return std::string(PATELLA_BUILD_DIR) + "/tests/usb_reader"; }

struct Unplug {
  std::string name;
  ~Unplug() {
    if (bus().is_plugged(name)) static_cast<void>(bus().unplug(name));
  }
};

const Bytes kZeroReport = {3, 2, 2, 0, 0, 0};

}  // namespace

TEST_CASE("a device is found, named, claimed from its kernel driver and read, whatever its node is") {
  const NodeKind kind = GENERATE(NodeKind::fifo, NodeKind::pty, NodeKind::file);
  const Unplug scale{new_scale(kind)};
  Host host(0x0922);
  host.open();
  std::array<unsigned char, 64> text{};
  REQUIRE(libusb_get_string_descriptor_ascii(host.handle, 2, text.data(), int{text.size()}) > 0);
  CHECK(std::string(reinterpret_cast<char*>(text.data())) == "M10 10 lb USB Postal Scale");
  Bytes report;
  for (int i = 0; i < 3; ++i) {
    REQUIRE(host.read(ScaleModel::kIn, report) == 0);
    CHECK(report == kZeroReport);
  }
  Bytes descriptor(256);
  const int got = libusb_control_transfer(host.handle, 0x81, 6, 0x2200, 0, descriptor.data(), 256, 5000);
  REQUIRE(got > 4);
  CHECK(descriptor[0] == 0x05);
  CHECK(descriptor[1] == 0x8D);
  CHECK(bus().is_open(scale.name));
  host.close();
  CHECK(bus().wait_open(scale.name, false, kLongUs));
}

TEST_CASE("who waits for a device costs next to nothing on a fifo") {
  const Unplug scale{new_scale()};
  Host host(0x0922);
  host.open();
  Bytes report;
  REQUIRE(host.read(ScaleModel::kIn, report) == 0);
  const uint64_t before = bus().ioctl_count();
  for (int i = 0; i < 5; ++i) REQUIRE(host.read(ScaleModel::kIn, report) == 0);
  CHECK(bus().ioctl_count() - before < 40);
}

TEST_CASE("the kernel's driver holds the interface until it is detached, a second program is told busy") {
  const Unplug scale{new_scale()};
  Host host(0x0922), other(0x0922);
  REQUIRE(host.until([&] { return host.device() != nullptr; }));
  REQUIRE(libusb_open(host.device(), &host.handle) == 0);
  CHECK(libusb_kernel_driver_active(host.handle, 0) == 1);
  CHECK(libusb_claim_interface(host.handle, 0) == LIBUSB_ERROR_BUSY);
  REQUIRE(libusb_set_auto_detach_kernel_driver(host.handle, 1) == 0);
  CHECK(libusb_claim_interface(host.handle, 0) == 0);
  REQUIRE(libusb_open(other.device(), &other.handle) == 0);
  libusb_set_auto_detach_kernel_driver(other.handle, 1);
  CHECK(libusb_claim_interface(other.handle, 0) == LIBUSB_ERROR_BUSY);
  CHECK(libusb_release_interface(host.handle, 0) == 0);
  CHECK(libusb_kernel_driver_active(host.handle, 0) == 1);
}

TEST_CASE("faults arrive as libusb reports them") {
  const Unplug scale{new_scale()};
  Host host(0x0922);
  host.open();
  Bytes report;
  REQUIRE(host.read(ScaleModel::kIn, report) == 0);

  bus().with_usb(scale.name, [](UsbModel& model) { model.halt(ScaleModel::kIn); });
  CHECK(host.read(ScaleModel::kIn, report) == LIBUSB_ERROR_PIPE);
  CHECK(host.read(ScaleModel::kIn, report) == LIBUSB_ERROR_PIPE);
  CHECK(libusb_clear_halt(host.handle, ScaleModel::kIn) == 0);
  CHECK(host.read(ScaleModel::kIn, report) == 0);

  fault(scale.name, [](EndpointFault& f) { f.silent = true; });
  CHECK(host.read(ScaleModel::kIn, report, 300) == LIBUSB_ERROR_TIMEOUT);
  fault(scale.name, [](EndpointFault& f) { f = {}; });
  CHECK(host.read(ScaleModel::kIn, report) == 0);

  fault(scale.name, [](EndpointFault& f) { f.delay_us = 600'000; });
  CHECK(host.read(ScaleModel::kIn, report, 200) == LIBUSB_ERROR_TIMEOUT);
  CHECK(host.read(ScaleModel::kIn, report) == 0);
  fault(scale.name, [](EndpointFault& f) {
    f = {};
    f.error_once = -EPROTO;
  });
  CHECK(host.read(ScaleModel::kIn, report) == LIBUSB_ERROR_IO);
  fault(scale.name, [](EndpointFault& f) { f.error_once = -EOVERFLOW; });
  CHECK(host.read(ScaleModel::kIn, report) == LIBUSB_ERROR_OVERFLOW);

  fault(scale.name, [](EndpointFault& f) { f.cut_to = 3; });
  host.read(ScaleModel::kIn, report);  // made before the fault
  REQUIRE(host.read(ScaleModel::kIn, report) == 0);
  CHECK(report == Bytes{3, 2, 2});
  fault(scale.name, [](EndpointFault& f) {
    f = {};
    f.garbage = true;
  });
  host.read(ScaleModel::kIn, report);
  REQUIRE(host.read(ScaleModel::kIn, report) == 0);
  CHECK(report.size() == 6);
  CHECK(report != kZeroReport);
}

TEST_CASE("unplug in mid-transfer ends what flies, a replugged device has a new address") {
  const NodeKind kind = GENERATE(NodeKind::fifo, NodeKind::pty);
  const UnplugOrder order = GENERATE(UnplugOrder::io_first, UnplugOrder::uevent_first);
  const Unplug scale{new_scale(kind)};
  Host host(0x0922);
  host.open();
  const uint8_t first_address = libusb_get_device_address(host.device());
  fault(scale.name, [](EndpointFault& f) { f.silent = true; });
  struct Flight {
    libusb_transfer* transfer = libusb_alloc_transfer(0);
    std::array<uint8_t, 64> buffer{};
    int status = -1;
  };
  std::array<Flight, 3> flights;
  for (Flight& flight : flights) {
    libusb_fill_interrupt_transfer(
        flight.transfer, host.handle, ScaleModel::kIn, flight.buffer.data(), int{64},
        [](libusb_transfer* t) { *static_cast<int*>(t->user_data) = t->status; }, &flight.status, 0);
    REQUIRE(libusb_submit_transfer(flight.transfer) == 0);
  }
  REQUIRE(bus().unplug(scale.name, order));
  CHECK(host.until([&] { return host.left == 1 && flights[0].status >= 0 && flights[1].status >= 0 && flights[2].status >= 0; }));
  for (Flight& flight : flights) {
    CHECK(flight.status == LIBUSB_TRANSFER_NO_DEVICE);
    libusb_free_transfer(flight.transfer);
  }
  Bytes report;
  CHECK(host.read(ScaleModel::kIn, report) == LIBUSB_ERROR_NO_DEVICE);

  fault(scale.name, [](EndpointFault& f) { f = {}; });
  libusb_device_handle* old = host.handle;
  host.handle = nullptr;
  REQUIRE(bus().plug(scale.name));
  REQUIRE(host.until([&] { return host.arrived == 2; }));
  CHECK(libusb_get_device_address(host.device()) != first_address);
  host.open();
  CHECK(host.read(ScaleModel::kIn, report) == 0);
  uint8_t byte = 0;
  int got = 0;
  CHECK(libusb_interrupt_transfer(old, ScaleModel::kIn, &byte, 1, &got, 1000) == LIBUSB_ERROR_NO_DEVICE);
  libusb_close(old);
}

TEST_CASE("a bike monitor answers over OUT and IN") {
  REQUIRE(bus().add("pm5", std::make_unique<Pm5Model>("430228525")));
  REQUIRE(bus().plug("pm5"));
  const Unplug pm5{"pm5"};
  Host host(0x17A4);
  host.open();
  Bytes out = {0x01, 0xF1, 0x94, 0x94, 0xF2};
  out.resize(21, 0);
  int sent = 0;
  REQUIRE(libusb_interrupt_transfer(host.handle, Pm5Model::kOut, out.data(), int{21}, &sent, 5000) == 0);
  Bytes report;
  REQUIRE(host.read(Pm5Model::kIn, report) == 0);
  Bytes expected = {0x01, 0xF1, 0x81, 0x94, 0x09, '4', '3', '0', '2', '2', '8', '5', '2', '5', 0x21, 0xF2};
  expected.resize(21, 0);
  CHECK(report == expected);
}

TEST_CASE("a killed reader leaves nothing behind: the next one reads") {
  const Unplug scale{new_scale()};
  for (int round = 0; round < 3; ++round) {
    Child child({reader(), "0922", "8003", "82"});
    REQUIRE(child.wait_line("report 3"));
    child.kill(SIGKILL);
    CHECK(child.wait_end() == -SIGKILL);
    CHECK(bus().wait_open(scale.name, false, kLongUs));
  }
}

TEST_CASE("killed at any moment, in mid-request too, a reader leaves the device free for the next") {
  const char* wish = std::getenv("PATELLA_KILLS");
  const int kills = wish ? std::atoi(wish) : 25;
  const Unplug scale{new_scale()};
  Random random(5);
  for (int round = 0; round < kills; ++round) {
    Child child({reader(), "0922", "8003", "82"});
    // The first requests come within some ten milliseconds; the moment is the test's input.
    ::usleep(static_cast<useconds_t>(random.between(0, 60'000)));
    child.kill(SIGKILL);
    child.wait_end();
    REQUIRE(bus().wait_open(scale.name, false, kLongUs));
  }
  Child last({reader(), "0922", "8003", "82"});
  CHECK(last.wait_line("report 2"));
}

TEST_CASE("three readers at once, each with its sockets on numbers of its own, all see every plug") {
  const std::string name = new_scale();
  const Unplug scale{name};
  REQUIRE(bus().unplug(name));
  Child one({reader(), "0922", "8003", "82", "0"}), two({reader(), "0922", "8003", "82", "10"}),
      three({reader(), "0922", "8003", "82", "20"});
  for (Child* child : {&one, &two, &three}) REQUIRE(child->wait_line("waiting"));
  // "waiting" comes after libusb listens.
  for (int round = 0; round < 3; ++round) {
    REQUIRE(bus().plug(name));
    for (Child* child : {&one, &two, &three}) CHECK(child->wait_line("arrived"));
    REQUIRE(bus().unplug(name));
    for (Child* child : {&one, &two, &three}) CHECK(child->wait_line("left"));
  }
  for (Child* child : {&one, &two, &three}) {
    child->end_input();
    CHECK(child->wait_end() == 0);
  }
}

TEST_CASE("a listener that does not listen holds nobody up for good, and nothing is ended by it") {
  const std::string name = new_scale();
  const Unplug scale{name};
  REQUIRE(bus().unplug(name));
  // It is stopped before it has a device open: one stopped in the middle of a request holds up umockdev itself.
  Child child({reader(), "0922", "8003", "82"});
  REQUIRE(child.wait_line("waiting"));
  child.kill(SIGSTOP);
  for (int i = 0; i < 12; ++i) {
    REQUIRE(bus().plug(name));
    REQUIRE(bus().unplug(name));
  }
  REQUIRE(bus().plug(name));
  child.kill(SIGCONT);
  REQUIRE(child.wait_line("open"));
  CHECK(child.wait_line("report 2"));
}

TEST_CASE("many plugs in a row: device numbers come round and the device still works") {
  const std::string name = new_scale();
  const Unplug scale{name};
  for (int i = 0; i < 130; ++i) {
    REQUIRE(bus().unplug(name));
    REQUIRE(bus().plug(name));
  }
  Host host(0x0922);
  host.open();
  Bytes report;
  CHECK(host.read(ScaleModel::kIn, report) == 0);
}
