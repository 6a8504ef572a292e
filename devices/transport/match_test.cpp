#include "transport/match.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "support/catch.hpp"
#include "transport/retry.hpp"
#include "transport/sysfs.hpp"

using namespace patella;
using namespace patella::transport;

namespace {

InterfaceFacts hid_with_pages(std::vector<int> pages) { return {0, 3, std::move(pages), true}; }
const InterfaceFacts kUnknownHid{0, 3, {}, false};
const InterfaceFacts kVendorClass{1, 0xFF, {}, false};

Wanted wanting(Kind kind, std::vector<UsbMatch> matches) {
  Wanted wanted;
  wanted.kind = kind;
  wanted.matches = std::move(matches);
  return wanted;
}

}  // namespace

TEST_CASE("a match by vendor takes any product of it, on HID interfaces only") {
  const Wanted wanted = wanting(Kind::hid, {{0x17a4, -1, -1, -1}});
  CHECK(judge(wanted, 0x17a4, 3, kUnknownHid) == Verdict::yes);
  CHECK(judge(wanted, 0x17a5, 3, kUnknownHid) == Verdict::no);
  CHECK(judge(wanted, 0x17a4, 3, kVendorClass) == Verdict::no);
}

TEST_CASE("a match by usage page asks for the descriptor only when it is not known") {
  const Wanted wanted = wanting(Kind::hid, {{-1, -1, 3, 0x8D}});
  CHECK(judge(wanted, 0x0922, 0x8003, kUnknownHid) == Verdict::read_descriptor);
  CHECK(judge(wanted, 0x0922, 0x8003, hid_with_pages({0x8D})) == Verdict::yes);
  CHECK(judge(wanted, 0x046d, 0xc077, hid_with_pages({0x01, 0x09})) == Verdict::no);
  CHECK(judge(wanted, 0x0922, 0x8003, kVendorClass) == Verdict::no);
}

TEST_CASE("a device whose ids cannot match is decided without its descriptor") {
  const Wanted wanted = wanting(Kind::hid, {{0x0922, -1, 3, 0x8D}});
  CHECK(judge(wanted, 0x046d, 0xc077, kUnknownHid) == Verdict::no);
}

TEST_CASE("several matches: one that says yes wins over one that would have to look") {
  const Wanted wanted = wanting(Kind::hid, {{-1, -1, -1, 0x8D}, {0x0922, -1, -1, -1}});
  CHECK(judge(wanted, 0x0922, 1, kUnknownHid) == Verdict::yes);
  CHECK(judge(wanted, 0x0923, 1, kUnknownHid) == Verdict::read_descriptor);
}

TEST_CASE("bulk takes the interface class a match names, any class otherwise") {
  CHECK(judge(wanting(Kind::bulk, {{0x0fcf, 0x1008, -1, -1}}), 0x0fcf, 0x1008, kVendorClass) == Verdict::yes);
  CHECK(judge(wanting(Kind::bulk, {{0x0fcf, 0x1008, 8, -1}}), 0x0fcf, 0x1008, kVendorClass) == Verdict::no);
  CHECK(judge(wanting(Kind::bulk, {{0x0fcf, -1, -1, 0x8D}}), 0x0fcf, 0x1008, kVendorClass) == Verdict::no);
}

TEST_CASE("serial ports match by the ids of their USB parent") {
  const Wanted wanted = wanting(Kind::serial, {{0x0403, 0x6001, -1, -1}, {0x1a86, -1, -1, -1}});
  CHECK(serial_matches(wanted, 0x0403, 0x6001));
  CHECK_FALSE(serial_matches(wanted, 0x0403, 0x6015));
  CHECK(serial_matches(wanted, 0x1a86, 0x7523));
}

TEST_CASE("which of several devices is meant: serial number before socket, both for twins, and others' devices are left") {
  const auto claim = [](const Which& which, std::vector<Which> others, const char* serial, const char* port) {
    Wanted wanted;
    wanted.which = which;
    wanted.others = std::move(others);
    return claim_on(wanted, serial, port);
  };
  using enum Claim;
  CHECK(claim({}, {}, "A", "usb:1-1") == first);
  CHECK(claim({"A", ""}, {}, "A", "usb:1-1") == first);
  CHECK(claim({"A", ""}, {}, "B", "usb:1-1") == none);
  CHECK(claim({"", "usb:1-1"}, {}, "A", "usb:1-1") == first);
  CHECK(claim({"", "usb:1-1"}, {}, "A", "usb:1-1.1") == none);
  // Plugged in elsewhere: taken, but after the one at its own socket.
  CHECK(claim({"A", "usb:1-1"}, {}, "A", "usb:1-1") == first);
  CHECK(claim({"A", "usb:1-1"}, {}, "A", "usb:1-2") == second);
  CHECK(claim({"A", "usb:1-1"}, {}, "B", "usb:1-1") == none);
  // Twins: the other's socket is the other's, a third one is free for both.
  CHECK(claim({"A", "usb:1-1"}, {{"A", "usb:1-2"}}, "A", "usb:1-1") == first);
  CHECK(claim({"A", "usb:1-1"}, {{"A", "usb:1-2"}}, "A", "usb:1-2") == none);
  CHECK(claim({"A", "usb:1-1"}, {{"A", "usb:1-2"}}, "A", "usb:1-3") == second);
  // Who names nothing leaves what others name.
  CHECK(claim({}, {{"A", ""}}, "A", "usb:1-1") == none);
  CHECK(claim({}, {{"A", ""}}, "B", "usb:1-1") == first);
  CHECK(claim({}, {{"", "usb:1-1"}}, "B", "usb:1-1") == none);
  CHECK(claim({}, {{}}, "B", "usb:1-1") == first);
  CHECK(claim({"", "usb:1-1"}, {{"A", ""}}, "A", "usb:1-1") == none);
  CHECK(claim({"A", ""}, {{"", "usb:1-1"}}, "A", "usb:1-1") == first);
  CHECK(claim({"A", ""}, {{"A", "usb:1-1"}}, "A", "usb:1-1") == none);
  CHECK(claim({"A", "usb:1-1"}, {{"A", ""}}, "A", "usb:1-1") == first);
}

TEST_CASE("opening is tried again 50 times quickly, then slowly for ever") {
  Retry retry;
  int64_t now_us = 1'000'000;
  CHECK(retry.due(now_us));
  int quick = 0;
  for (retry.failed(now_us); !retry.lasting(); retry.failed(now_us)) {
    CHECK(retry.next_us == now_us + 20'000);
    CHECK_FALSE(retry.due(now_us));
    now_us = retry.next_us;
    ++quick;
  }
  CHECK(quick == 49);
  CHECK(retry.next_us == now_us + 2'000'000);
  CHECK(now_us == 1'000'000 + 49 * 20'000);
}

TEST_CASE("a node that may not be opened is named with the remedy") {
  char node[] = "/tmp/patella-node-XXXXXX";
  const int fd = ::mkstemp(node);
  REQUIRE(fd >= 0);
  ::close(fd);
  CHECK(permission_trouble(node, true).empty());
  REQUIRE(::chmod(node, 0) == 0);
  // Root may open everything: ask as somebody else, in a process of its own.
  const pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && ::setuid(65534) != 0) ::_exit(3);
    const std::string serial = permission_trouble(node, true), usb = permission_trouble(node, false);
    const bool good = serial.find("60-patella.rules") != std::string::npos && serial.find("dialout") != std::string::npos &&
                      usb.find("60-patella.rules") != std::string::npos && usb.find(node) != std::string::npos;
    ::_exit(good ? 0 : 1);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  ::unlink(node);
  CHECK(status == 0);
  CHECK(permission_trouble("/dev/not-there", true).find("not there") != std::string::npos);
}
