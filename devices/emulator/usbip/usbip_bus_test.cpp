// Several devices for USB/IP clients over a real socket, and the way into the kernel as far as it goes without one.
#include "usbip/usbip_bus.hpp"

#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>

#include "emulator/scale_model.hpp"
#include "mock_bus/child.hpp"
#include "support/catch.hpp"
#include "usbip/client.hpp"

using namespace patella;
using namespace patella::emulator;
using namespace patella::emulator::usbip;

namespace {

Made made(const std::string& wish) {
  auto one = make_model(*parse_wish(wish), 1);
  REQUIRE(one);
  return std::move(*one);
}

struct Server {
  std::unique_ptr<UsbipBus> bus;
  explicit Server(std::initializer_list<const char*> wishes) {
    auto listening = UsbipBus::listen("127.0.0.1", 0);
    REQUIRE(listening);
    bus = std::move(*listening);
    for (const char* wish : wishes) {
      REQUIRE(bus->add(wish, made(wish)).ok());
      REQUIRE(bus->plug(wish).ok());
    }
  }
  Client client() const {
    Client one = Client::to_port(bus->tcp_port());
    REQUIRE(one);
    return one;
  }
};

/// Reports of an interrupt or bulk IN endpoint, one transfer after the other.
int reports(Client& client, uint8_t endpoint, int wanted, std::size_t at_least) {
  int got = 0;
  while (got < wanted) {
    client.submit_in(endpoint, 64);
    const auto reply = client.reply();
    if (!reply || reply->status != 0) return got;
    got += reply->in.size() >= at_least ? 1 : 0;
  }
  return got;
}

struct Folder {
  std::string path = "/tmp/patella-vhci-XXXXXX";
  Folder() { REQUIRE(::mkdtemp(path.data())); }
  ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

TEST_CASE("clients list and import devices, several at once, each its own") {
  Server server({"hid_scale", "chronojump_force", "concept2_pm5"});
  Client lister = server.client();
  lister.send(operation_request(0x8005));
  const Bytes head = lister.read(12);
  REQUIRE(head.size() == 12);
  CHECK(head[11] == 3);
  CHECK(server.bus->node_of("chronojump_force") == "bus id 1-2");

  Client scale = server.client(), force = server.client();
  Bytes about;
  REQUIRE(scale.import("1-1", &about) == 0);
  CHECK(about.size() == kDeviceBytes);
  REQUIRE(force.import("1-2") == 0);
  CHECK(server.bus->is_attached("hid_scale"));
  CHECK(reports(scale, 2, 3, 6) == 3);
  // FTDI: DTR up, wait for the boot, ask for the version.
  REQUIRE(force.control({0x40, 1, 1, 1, 0, 0, 0, 0})->status == 0);
  CHECK(server.bus->is_open("chronojump_force"));
  CHECK(reports(force, 1, 3, 2) == 3);
  CHECK(reports(scale, 2, 2, 6) == 2);
  CHECK_FALSE(server.bus->is_attached("concept2_pm5"));
}

TEST_CASE("a device that is taken, unknown or gone is refused with the reason, and free again after its client left") {
  Server server({"hid_scale"});
  CHECK(server.client().import("9-9") == 4);
  {
    Client first = server.client();
    REQUIRE(first.import("1-1") == 0);
    CHECK(server.client().import("1-1") == 2);
  }
  Client again = server.client();
  int status = 2;
  for (int tries = 0; tries < 1000 && status == 2; ++tries) {  // the server has to notice first
    again = server.client();
    status = again.import("1-1");
  }
  REQUIRE(status == 0);
  CHECK(reports(again, 2, 1, 6) == 1);
  REQUIRE(server.bus->unplug("hid_scale").ok());
  CHECK(server.client().import("1-1") == 4);
  CHECK(server.bus->node_of("hid_scale").empty());
  CHECK_FALSE(server.bus->unplug("hid_scale"));
}

TEST_CASE("unplugging ends the connection, at once or after protocol errors; plugged in again it can be had again") {
  Server server({"hid_scale"});
  for (const UnplugOrder order : {UnplugOrder::io_first, UnplugOrder::uevent_first}) {
    Client client = server.client();
    REQUIRE(client.import("1-1") == 0);
    REQUIRE(reports(client, 2, 1, 6) == 1);
    server.bus->with_usb("hid_scale", [](UsbModel& model) { model.fault(ScaleModel::kIn).silent = true; });
    const uint32_t waiting = client.submit_in(2, 64);
    // The answer to a request behind it: the server has the transfer.
    REQUIRE(client.control({0x80, 6, 0, 1, 0, 0, 18, 0})->status == 0);
    REQUIRE(server.bus->unplug("hid_scale", order).ok());
    if (order == UnplugOrder::io_first) {
      const auto reply = client.reply();
      REQUIRE(reply);
      CHECK(reply->sequence == waiting);
      CHECK(reply->status == -EPROTO);
    }
    CHECK(client.at_end());
    server.bus->with_usb("hid_scale", [](UsbModel& model) { model.fault(ScaleModel::kIn).silent = false; });
    REQUIRE(server.bus->plug("hid_scale").ok());
  }
  CHECK_FALSE(server.bus->unplug("hid_scale", UnplugOrder::io_only));
}

TEST_CASE("a client that talks nonsense is cut off; the others go on") {
  Server server({"hid_scale", "concept2_pm5"});
  Client good = server.client(), bad = server.client(), worse = server.client();
  REQUIRE(good.import("1-1") == 0);
  worse.send({'G', 'E', 'T', ' ', '/', ' ', 'H', 'T'});
  CHECK(worse.at_end());
  REQUIRE(bad.import("1-2") == 0);
  bad.send(Bytes(48, 0xEE));
  CHECK(bad.at_end());
  CHECK(reports(good, 2, 2, 6) == 2);
  CHECK(server.client().import("1-2") == 0);
}

TEST_CASE("requests sent together with the import are not lost") {
  Server server({"hid_scale"});
  Client client = server.client();
  Bytes both = operation_request(0x8003, "1-1");
  const Bytes read = submit_request({5, 0x10002, true, 2, 64, 0, {}, {}});
  both.insert(both.end(), read.begin(), read.end());
  client.send(both);
  CHECK(client.read(8 + kDeviceBytes).size() == 8 + kDeviceBytes);
  const auto reply = client.reply();
  REQUIRE(reply);
  CHECK(reply->sequence == 5);
}

TEST_CASE("questions that come in one packet are all answered, and the import after them") {
  Server server({"hid_scale", "concept2_pm5"});
  Client client = server.client();
  Bytes all;
  for (const Bytes& one :
       {operation_request(0x8005), operation_request(0x8005), operation_request(0x8003, "1-9"), operation_request(0x8003, "1-1")})
    all.insert(all.end(), one.begin(), one.end());
  const std::size_t list_bytes = [&] {
    Client lister = server.client();
    lister.send(operation_request(0x8005));
    REQUIRE(lister.read(12).size() == 12);
    return 12 + 2 * (kDeviceBytes + 4);
  }();
  client.send(all);
  const Bytes answers = client.read(2 * list_bytes + 8 + 8 + kDeviceBytes);
  REQUIRE(answers.size() == 2 * list_bytes + 8 + 8 + kDeviceBytes);
  CHECK(std::equal(answers.begin(), answers.begin() + static_cast<std::ptrdiff_t>(list_bytes),
                   answers.begin() + static_cast<std::ptrdiff_t>(list_bytes)));
  CHECK(get32(answers, 2 * list_bytes + 4) == static_cast<uint32_t>(OpStatus::no_device));
  CHECK(get32(answers, 2 * list_bytes + 12) == 0);
  CHECK(reports(client, 2, 2, 6) == 2);
}

TEST_CASE("who asks without end and reads nothing is not listened to either; the others go on") {
  Server server({"hid_scale"});
  UniqueFd greedy(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server.bus->tcp_port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::connect(greedy.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  Bytes questions;
  while (questions.size() < 65'536) {
    const Bytes one = operation_request(0x8005);
    questions.insert(questions.end(), one.begin(), one.end());
  }
  // What the system itself keeps on the way is some megabytes. A question of 8 bytes must not be cut, or it
  // is nonsense.
  constexpr std::size_t kMuch = 64u << 20;
  std::size_t taken = 0;
  pollfd wait{greedy.get(), POLLOUT, 0};
  while (taken<kMuch&& ::poll(&wait, 1, 1000)> 0) {
    REQUIRE_FALSE(wait.revents & (POLLERR | POLLHUP));
    const std::size_t from = taken % questions.size();
    const ssize_t sent = ::send(greedy.get(), questions.data() + from, questions.size() - from, MSG_NOSIGNAL);
    if (sent > 0) taken += static_cast<std::size_t>(sent);
  }
  CHECK(taken > 0);
  CHECK(taken < kMuch);
  Client other = server.client();
  REQUIRE(other.import("1-1") == 0);
  CHECK(reports(other, 2, 2, 6) == 2);
}

TEST_CASE("sixteen who say nothing do not keep others out: the oldest of them goes") {
  Server server({"hid_scale"});
  std::vector<Client> idle;
  for (int i = 0; i < 16; ++i) idle.push_back(server.client());
  const auto lists = [](Client& client) {
    client.send(operation_request(0x8005));
    return client.read(12 + kDeviceBytes + 4).size() == 12 + kDeviceBytes + 4;
  };
  REQUIRE(lists(idle[0]));  // it said something last, so it is not the one
  Client next = server.client();
  REQUIRE(next.import("1-1") == 0);
  CHECK(reports(next, 2, 2, 6) == 2);
  CHECK(idle[1].at_end());
  CHECK(lists(idle[0]));
  CHECK(lists(idle[15]));
}

TEST_CASE("a port that is taken or an invalid address is reported") {
  Server server({"hid_scale"});
  const auto taken = UsbipBus::listen("127.0.0.1", server.bus->tcp_port());
  REQUIRE_FALSE(taken);
  CHECK(taken.error().text().find("cannot listen") != std::string::npos);
  CHECK_FALSE(UsbipBus::listen("here", 0));
}

TEST_CASE("the tool's tcp face: stock commands, clients, faults") {
  Child tool({"sh", "-c", "exec " PATELLA_BUILD_DIR "/bin/patella-emulator tcp hid_scale:name=left,chronojump_force 0 2>&1"},
             false);
  REQUIRE(tool.wait_line("patella-emulator: listens at 127.0.0.1 port "));
  const auto port = static_cast<uint16_t>(std::stoi(tool.line().substr(tool.line().find("port ") + 5)));
  REQUIRE(tool.wait_line("patella-emulator: chronojump_force is bus id 1-2"));
  Client client = Client::to_port(port);
  REQUIRE(client.import("1-1") == 0);
  CHECK(reports(client, 2, 2, 6) == 2);
  tool.write("silence left on\n");
  REQUIRE(tool.wait_line("patella-emulator: left silence on"));
  client.submit_in(2, 64);
  tool.write("wait left opened\nhalt left 82\n");
  REQUIRE(tool.wait_line("patella-emulator: left is open"));
  CHECK(client.reply()->status == -EPIPE);
  REQUIRE(tool.wait_line("patella-emulator: left endpoint 82 stalls"));
  client.submit_in(2, 64);
  CHECK(client.reply()->status == -EPIPE);
  tool.write("unplug chronojump_force io_only\nunplug left\n");
  CHECK(tool.wait_line("patella-emulator: not done: chronojump_force: over USB/IP the kernel tells both"));
  CHECK(client.at_end());
  CHECK(tool.wait_line("patella-emulator: left is gone"));
  tool.write("plug left\n");
  CHECK(tool.wait_line("patella-emulator: left is bus id 1-1"));
  tool.write("quit\n");
  CHECK(tool.wait_end() == 0);
}

TEST_CASE("ports of the virtual host controller are read from its status") {
  const auto ports = parse_vhci_status(
      "hub port sta spd dev      sockfd local_busid\n"
      "hs  0000 006 002 00010002 000003 1-1\n"
      "hs  0001 004 000 00000000 000000 0-0\n"
      "hs  0002 004 000 00000000 000000 0-0\n"
      "ss  0008 004 000 00000000 000000 0-0\n");
  REQUIRE(ports.size() == 4);
  CHECK_FALSE(ports[0].free);
  CHECK(ports[1].free);
  CHECK(ports[3].super_speed);
  CHECK(parse_vhci_status("nonsense\n\nhs\nhs x y\n").empty());
}

TEST_CASE("a free port is chosen, the one wanted if possible, and the socket is handed over in the kernel's words") {
  const Folder folder;
  std::ofstream(folder.path + "/attach").put('\n');
  std::ofstream(folder.path + "/status") << "hub port sta spd dev sockfd local_busid\nhs  0000 006 002 00010002 000003 1-1\n"
                                            "hs  0001 004 000 00000000 000000 0-0\n";
  std::ofstream(folder.path + "/status.1") << "hub port sta spd dev sockfd local_busid\nhs  0016 004 000 00000000 000000 0-0\n"
                                              "ss  0024 004 000 00000000 000000 0-0\n";
  const auto vhci = Vhci::open(folder.path);
  REQUIRE(vhci);
  CHECK(*vhci->free_port(-1) == 1);
  CHECK(*vhci->free_port(16) == 16);
  CHECK(*vhci->free_port(0) == 1);
  CHECK(*vhci->free_port(24) == 1);
  REQUIRE(vhci->attach(1, 42, 0x10002, 2).ok());
  std::ifstream attached(folder.path + "/attach");
  std::string line;
  std::getline(attached, line);
  CHECK(line == "1 42 65538 2");
  std::filesystem::remove(folder.path + "/status.1");
  std::ofstream(folder.path + "/status") << "hs  0000 006 002 00010002 000003 1-1\n";
  CHECK(vhci->free_port(-1).error().text().find("no port") != std::string::npos);
}

TEST_CASE("without the module or the rights the remedy is told") {
  const auto none = Vhci::open("/nowhere/vhci_hcd.0");
  REQUIRE_FALSE(none);
  CHECK(none.error().text().find("modprobe vhci-hcd") != std::string::npos);
  const Folder folder;
  const auto locked = Vhci::open(folder.path);  // no attach file that could be written
  REQUIRE_FALSE(locked);
  CHECK(locked.error().text().find("as root") != std::string::npos);
}
