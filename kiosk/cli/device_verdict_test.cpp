#include "cli/device_verdict.hpp"

#include "support/catch.hpp"

using namespace patella;
using namespace patella::cli;
using nlohmann::json;

namespace {

std::vector<plugin_link::Manifest> plugins() {
  const auto driver = [](const char* folder, const char* transport, int vendor, int product, int page) {
    plugin_link::Manifest made;
    made.folder = folder;
    made.kind = plugin_link::Manifest::Kind::driver;
    made.transport = transport;
    made.matches = {{vendor, product, page < 0 ? -1 : 3, page}};
    return made;
  };
  return {driver("chronojump_force", "serial", 0x0403, 0x6001, -1), driver("linescale3", "serial", 0x0403, -1, -1),
          driver("concept2_pm5", "hid", 0x17a4, -1, -1), driver("hid_scale", "hid", -1, -1, 0x8D)};
}
json usb(int vendor, int product, const char* port, int page = -1) {
  return {{"vendor", vendor},
          {"product", product},
          {"port", port},
          {"serial_port", false},
          {"trouble", ""},
          {"kernel_driver", page >= 0 ? "usbhid" : ""},
          {"interfaces", json::array({{{"interface_class", page >= 0 ? 3 : 255}, {"usage_page", page}}})}};
}
json port(const char* name, const char* node) {
  json made = usb(0x0403, 0x6001, name);
  made["serial_port"] = true;
  made["node"] = node;
  return made;
}
std::string say(const json& device, const json& all = json::array(), bool brltty = false) {
  return verdict_on(device, all, plugins(), {brltty});
}
bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("each attached device is explained") {
  CHECK(say(usb(0x17a4, 2, "usb:1-1")) == "taken by concept2_pm5");
  CHECK(say(usb(0x0922, 0x8003, "usb:1-1", 0x8D)) == "taken by hid_scale, which asks the kernel's driver usbhid to let go");
  CHECK(say(usb(0x046d, 0xc077, "usb:1-1")) == "no driver knows it");
  CHECK(has(say(usb(0x046d, 0xc077, "usb:1-1", 1)), "the kernel uses it (usbhid)"));
  json denied = usb(0x17a4, 2, "usb:1-1");
  denied["trouble"] = "no permission to open /dev/bus/usb/001/002. Install packaging/udev/60-patella.rules";
  CHECK(has(say(denied), "concept2_pm5 would take it, but: no permission"));
  CHECK(has(say(denied), "60-patella.rules"));
}

TEST_CASE("what the running kiosk has open is in use by it, and nothing else is") {
  const MachineFacts machine{false, {{"usb:1-1", "concept2_pm5"}}};
  json busy = usb(0x17a4, 2, "usb:1-1");
  busy["trouble"] = "another program has it open";
  CHECK(verdict_on(busy, json::array(), plugins(), machine) == "in use by this kiosk (concept2_pm5)");
  CHECK(verdict_on(usb(0x17a4, 2, "usb:1-2"), json::array(), plugins(), machine) == "taken by concept2_pm5");
}

TEST_CASE("a serial bridge is explained by its port, and by what took the port away") {
  const json bridge = usb(0x0403, 0x6001, "usb:1-2.3"), tty = port("tty:ttyUSB0@1-2.3", "/dev/ttyUSB0");
  CHECK(say(tty) == "chronojump_force, linescale3 ask it who it is when a station is bound to it");
  CHECK(say(bridge, json::array({bridge, tty})) == "a serial bridge: see its port /dev/ttyUSB0");
  CHECK(has(say(bridge, json::array({bridge, port("tty:ttyUSB0@1-2.4", "/dev/ttyUSB0")})), "port is missing"));
  CHECK(has(say(bridge, json::array({bridge}), true), "brltty"));
  CHECK_FALSE(has(say(bridge, json::array({bridge}), false), "brltty"));
  CHECK(has(say(bridge, json::array({bridge}), false), "ftdi_sio"));
}
