#include "base/port_name.hpp"

#include "support/catch.hpp"

using namespace patella;

TEST_CASE("port names go to text and back") {
  for (const char* text : {"usb:1-2.3", "usb:12-4", "tty:ttyUSB0@1-2.3", "tty:ttyACM12@2-1", "tty:pts9"}) {
    INFO(text);
    const auto name = parse_port_name(text);
    REQUIRE(name);
    CHECK(to_text(*name) == text);
  }
  for (const char* text : {"", "usb:", "usb:1", "usb:1-", "usb:1-2.", "usb:1-2..3", "usb:a-2", "usb:1-2x", "tty:", "tty:@1-2",
                           "tty:ttyUSB0@", "tty:ttyUSB0@x", "tty:../x@1-2", "1-2.3"}) {
    INFO(text);
    CHECK_FALSE(parse_port_name(text));
  }
  const uint8_t ports[] = {2, 3};
  CHECK(usb_path(1, ports) == "1-2.3");
  CHECK(usb_path(4, {}) == "4-0");
}

TEST_CASE("the socket counts, not the number the kernel gave the port") {
  CHECK(same_socket("tty:ttyUSB0@1-2.3", "tty:ttyUSB7@1-2.3"));
  CHECK_FALSE(same_socket("tty:ttyUSB0@1-2.3", "tty:ttyUSB0@1-2.4"));
  CHECK_FALSE(same_socket("usb:1-2.3", "tty:ttyUSB0@1-2.3"));
  CHECK(same_socket("tty:pts9", "tty:pts9"));
  // What has no name of ours is compared as it stands.
  CHECK(same_socket("1-2.3", "1-2.3"));
  CHECK_FALSE(same_socket("", "usb:1-2.3"));
}

TEST_CASE("a bridge and the serial port it makes have one USB path") {
  CHECK(usb_path_in("usb:1-2.3") == "1-2.3");
  CHECK(usb_path_in("tty:ttyUSB0@1-2.3") == "1-2.3");
  for (const char* none : {"tty:pts9", "", "1-2.3"}) CHECK(usb_path_in(none) == "");
}
