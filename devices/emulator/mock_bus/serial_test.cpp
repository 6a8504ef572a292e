#include <libserialport.h>

#include <memory>
#include <string>

#include "emulator/chronojump_model.hpp"
#include "mock_bus/mock_bus.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::emulator;

namespace {

constexpr int64_t kLongUs = 20'000'000;

struct Bench {
  Bench() {
    auto made = MockBus::make();
    REQUIRE(made);
    bus = std::move(*made);
    REQUIRE(bus->add("band", std::make_unique<ChronojumpModel>(ChronojumpModel::Options{.serial = "A1"})));
    REQUIRE(bus->plug("band"));
  }
  std::unique_ptr<MockBus> bus;
};

MockBus& bus() {
  static Bench bench;
  return *bench.bus;
}

struct Port {
  Port() {
    REQUIRE(sp_get_port_by_name("/dev/ttyUSB0", &port) == SP_OK);
    REQUIRE(sp_open(port, SP_MODE_READ_WRITE) == SP_OK);
    REQUIRE(sp_set_baudrate(port, 115200) == SP_OK);
    REQUIRE(sp_set_bits(port, 8) == SP_OK);
    REQUIRE(sp_set_parity(port, SP_PARITY_NONE) == SP_OK);
    REQUIRE(sp_set_stopbits(port, 1) == SP_OK);
    REQUIRE(sp_set_flowcontrol(port, SP_FLOWCONTROL_NONE) == SP_OK);
  }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  ~Port() {
    sp_close(port);
    sp_free_port(port);
  }
  /// Reads until `wanted` has come.
  bool read_until(const std::string& wanted) {
    const int64_t end_us = MockBus::now_us() + kLongUs;
    while (text.find(wanted) == std::string::npos && MockBus::now_us() < end_us) {
      char chunk[256];
      const int got = sp_blocking_read_next(port, chunk, sizeof chunk, 200);
      if (got > 0) text.append(chunk, static_cast<std::size_t>(got));
    }
    return text.find(wanted) != std::string::npos;
  }
  void write(const std::string& line) { REQUIRE(sp_blocking_write(port, line.data(), line.size(), 5000) > 0); }
  sp_port* port = nullptr;
  std::string text;
};

}  // namespace

TEST_CASE("libserialport lists the port with the identity of its bridge") {
  bus();
  sp_port** list = nullptr;
  REQUIRE(sp_list_ports(&list) == SP_OK);
  int found = 0;
  for (int i = 0; list[i]; ++i) {
    if (std::string(sp_get_port_name(list[i])) != "/dev/ttyUSB0") continue;
    ++found;
    int vendor = 0, product = 0;
    CHECK(sp_get_port_transport(list[i]) == SP_TRANSPORT_USB);
    REQUIRE(sp_get_port_usb_vid_pid(list[i], &vendor, &product) == SP_OK);
    CHECK(vendor == 0x0403);
    CHECK(product == 0x6001);
    CHECK(std::string(sp_get_port_usb_serial(list[i])) == "A1");
  }
  CHECK(found == 1);
  sp_free_port_list(list);
}

TEST_CASE("the port is a force sensor: boot, version, capture") {
  CHECK_FALSE(bus().is_open("band"));
  Port port;
  CHECK(bus().wait_open("band", true, kLongUs));
  REQUIRE(port.read_until("oot\r\n"));  // the reset that opening causes
  while (port.text.find("Force_Sensor-0.6\r\n") == std::string::npos) {
    port.write("get_version:");  // lost until the board has booted
    char chunk[256];
    const int got = sp_blocking_read_next(port.port, chunk, sizeof chunk, 2000);
    if (got > 0) port.text.append(chunk, static_cast<std::size_t>(got));
  }
  port.text.clear();
  port.write("start_capture:");
  REQUIRE(port.read_until("Starting capture...\r\n"));
  CHECK(port.read_until("\r\n968;"));
}

TEST_CASE("at another line speed there is garbage, at the right one text again") {
  CHECK(bus().wait_open("band", false, kLongUs));
  Port port;
  REQUIRE(sp_set_baudrate(port.port, 9600) == SP_OK);
  sp_set_dtr(port.port, SP_DTR_OFF);
  sp_set_dtr(port.port, SP_DTR_ON);  // the board boots
  std::string text;
  const int64_t end_us = MockBus::now_us() + kLongUs;
  while (text.size() < 8 && MockBus::now_us() < end_us) {
    char chunk[256];
    const int got = sp_blocking_read_next(port.port, chunk, sizeof chunk, 200);
    if (got > 0) text.append(chunk, static_cast<std::size_t>(got));
  }
  REQUIRE(text.size() >= 8);
  CHECK(text.find("oot\r\n") == std::string::npos);
  REQUIRE(sp_set_baudrate(port.port, 115200) == SP_OK);
  sp_set_dtr(port.port, SP_DTR_OFF);
  sp_set_dtr(port.port, SP_DTR_ON);
  CHECK(port.read_until("oot\r\n"));
}

TEST_CASE("closing and opening resets the board again") {
  CHECK(bus().wait_open("band", false, kLongUs));
  Port port;
  CHECK(port.read_until("oot\r\n"));
}

TEST_CASE("an unplugged port fails, and is there again after the next plug") {
  {
    Port port;
    REQUIRE(bus().wait_open("band", true, kLongUs));
    REQUIRE(bus().unplug("band"));
    char byte = 0;
    CHECK(sp_blocking_read(port.port, &byte, 1, 5000) <= 0);
    CHECK(sp_output_waiting(port.port) < 0);
    sp_port* gone = nullptr;
    CHECK(sp_get_port_by_name("/dev/ttyUSB0", &gone) != SP_OK);
  }
  REQUIRE(bus().plug("band"));
  Port port;
  CHECK(port.read_until("oot\r\n"));
}
