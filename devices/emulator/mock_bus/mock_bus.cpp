#include "mock_bus/mock_bus.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace patella::emulator {

namespace {

constexpr int kLastDeviceNumber = 127;
const std::string kBusPath = "/devices/pci0000:00/usb1";

std::string number_node(int device_number) { return fmt::format("bus/usb/001/{:03}", device_number); }

std::string text(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

SysfsDevice root_hub() {
  static constexpr uint8_t kDescriptors[] = {18, 1, 0,  2, 9, 0, 0, 64,   0x6B, 0x1D, 2, 0,    6, 6, 3, 2, 1, 1,  // device
                                             9,  2, 25, 0, 1, 1, 0, 0xE0, 0,                                      // configuration
                                             9,  4, 0,  0, 1, 9, 0, 0,    0,    7,    5, 0x81, 3, 4, 0, 12};      // interface
  const std::string descriptors(reinterpret_cast<const char*>(kDescriptors), sizeof kDescriptors);
  return {kBusPath,
          "usb",
          "usb_device",
          number_node(1),
          189,
          0,
          {{"DRIVER", "usb"}, {"PRODUCT", "1d6b/2/606"}, {"TYPE", "9/0/0"}, {"BUSNUM", "001"}, {"DEVNUM", "001"}},
          {{"busnum", "1\n"},
           {"devnum", "1\n"},
           {"speed", "480\n"},
           {"bConfigurationValue", "1\n"},
           {"idVendor", "1d6b\n"},
           {"idProduct", "0002\n"},
           {"bDeviceClass", "09\n"},
           {"descriptors", descriptors}}};
}

}  // namespace

/// One place on the bus and what is plugged in there.
struct MockBus::Slot {
  std::string name;
  std::string port;  ///< "1-2"
  NodeKind node_kind = NodeKind::fifo;
  std::unique_ptr<UsbfsDevice> usb;
  std::unique_ptr<PtyPort> serial;
  std::string tty;                   ///< "ttyUSB0"
  std::string node;                  ///< "/dev/…" while plugged
  std::vector<SysfsDevice> devices;  ///< in /sys while plugged, the USB device first
  bool plugged = false;

  bool is_open() const { return usb ? usb->is_open() : serial->is_open(); }
  std::string path() const { return kBusPath + "/" + port; }
};

const char* MockBus::preload_library() { return "libumockdev-preload.so.0"; }

int64_t MockBus::now_us() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
}

Result<std::unique_ptr<MockBus>> MockBus::make() {
  UMockdevTestbed* testbed = umockdev_testbed_new();
  // True only once a testbed exists, and the first answer is kept for good: must not be asked earlier.
  if (!umockdev_in_mock_environment()) {
    g_object_unref(testbed);
    return Error{"umockdev's preload library is not loaded", "emulator",
                 std::string("Start the program with LD_PRELOAD=") + preload_library()};
  }
  return std::unique_ptr<MockBus>(new MockBus(testbed));
}

MockBus::MockBus(UMockdevTestbed* testbed)
    : testbed_(testbed),
      root_([&] {
        char* root = umockdev_testbed_get_root_dir(testbed);
        std::string copy = root;
        g_free(root);
        return copy;
      }()),
      sysfs_(root_),
      uevents_(root_),
      wake_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      inotify_fd_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  raise_datagram_queue();
  add_root_hub();
  thread_ = std::thread([this] { run(); });
}

MockBus::~MockBus() {
  for (const auto& slot : slots_)
    if (slot->plugged) static_cast<void>(unplug(slot->name));
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake();
  thread_.join();
  for (const Client& client : clients_) retired_.push_back(client.handle);
  release_retired();
  g_object_unref(testbed_);
  for (UMockdevIoctlBase* handler : handlers_) g_object_unref(handler);
}

void MockBus::add_root_hub() {
  std::error_code ignored;
  std::filesystem::create_directories(root_ + "/dev/bus/usb/001", ignored);
  sysfs_.add(root_hub());
  sysfs_.write("/class/tty/.keep", "");
  static_cast<void>(ReadyNode::make(root_ + "/dev/" + number_node(1), NodeKind::file));
}

MockBus::Slot* MockBus::find(const std::string& name) {
  for (const auto& slot : slots_)
    if (slot->name == name) return slot.get();
  return nullptr;
}

MockBus::Slot* MockBus::find_node(const char* node) {
  for (const auto& slot : slots_)
    if (slot->usb && slot->node == node) return slot.get();
  return nullptr;
}

MockBus::Slot* MockBus::find_tty(const char* node) {
  for (const auto& slot : slots_)
    if (slot->serial && slot->plugged && slot->node == node) return slot.get();
  return nullptr;
}

Status MockBus::add(const std::string& name, std::unique_ptr<UsbModel> model, NodeKind node) {
  const std::lock_guard lock(mutex_);
  if (find(name)) return Error{"there is a device of that name already", name, ""};
  auto slot = std::make_unique<Slot>();
  Slot* place = slot.get();
  slot->name = name;
  slot->port = fmt::format("1-{}", ++last_port_);
  slot->node_kind = node;
  slot->usb =
      std::make_unique<UsbfsDevice>(std::move(model), [this, place](const std::string& driver) { bind_driver(*place, driver); });
  slots_.push_back(std::move(slot));
  return {};
}

Status MockBus::add(const std::string& name, std::unique_ptr<SerialModel> model) {
  const std::lock_guard lock(mutex_);
  if (find(name)) return Error{"there is a device of that name already", name, ""};
  auto slot = std::make_unique<Slot>();
  slot->name = name;
  slot->port = fmt::format("1-{}", ++last_port_);
  slot->tty = fmt::format("ttyUSB{}", ttys_++);
  slot->serial = std::make_unique<PtyPort>(std::move(model));
  slots_.push_back(std::move(slot));
  return {};
}

Status MockBus::plug(const std::string& name) {
  const std::lock_guard plugging(plug_mutex_);
  Slot* slot = nullptr;
  {
    const std::lock_guard lock(mutex_);
    slot = find(name);
    if (!slot) return Error{"there is no device of that name", name, ""};
    if (slot->plugged) return Error{"it is plugged in already", name, ""};
    last_device_number_ = last_device_number_ == kLastDeviceNumber ? 2 : last_device_number_ + 1;
    make_usb_folders(*slot);
  }
  const Status done = slot->usb ? plug_usb(*slot) : plug_serial(*slot);
  if (!done) return done;
  wake();
  for (const SysfsDevice& device : slot->devices) uevents_.send("add", device);
  return {};
}

/// The device and its interface in /sys; not yet the node.
void MockBus::make_usb_folders(Slot& slot) {
  const int number = last_device_number_;
  UsbIdentity identity;
  std::string descriptors, interface_class = "ff", speed = "12";
  if (slot.usb) {
    const Descriptors& d = slot.usb->model().descriptors();
    const auto string = [&](std::size_t i) { return i < d.strings.size() ? d.strings[i] : std::string(); };
    identity = {d.vendor(), d.product(), string(0), string(1), string(2)};
    descriptors = text(d.device) + text(d.configuration);
    interface_class = fmt::format("{:02x}", d.interface_class);
    if (d.high_speed) speed = "480";
  } else {
    identity = slot.serial->model().identity();
    const Descriptors d = emulator::descriptors(identity, 0xFF, {}, {{0x81, 2, 64, 0}, {0x02, 2, 64, 0}});
    descriptors = text(d.device) + text(d.configuration);
  }
  const std::string product = fmt::format("{:x}/{:x}/100", identity.vendor, identity.product);
  SysfsDevice device{
      slot.path(),
      "usb",
      "usb_device",
      number_node(number),
      189,
      number - 1,
      {{"DRIVER", "usb"}, {"PRODUCT", product}, {"TYPE", "0/0/0"}, {"BUSNUM", "001"}, {"DEVNUM", fmt::format("{:03}", number)}},
      {{"busnum", "1\n"},
       {"devnum", fmt::format("{}\n", number)},
       {"speed", speed + "\n"},
       {"bConfigurationValue", "1\n"},
       {"idVendor", fmt::format("{:04x}\n", identity.vendor)},
       {"idProduct", fmt::format("{:04x}\n", identity.product)},
       {"manufacturer", identity.manufacturer + "\n"},
       {"product", identity.product_name + "\n"},
       {"descriptors", descriptors}}};
  if (!identity.serial.empty()) device.attributes.emplace_back("serial", identity.serial + "\n");
  SysfsDevice interface {
    slot.path() + "/" + slot.port + ":1.0", "usb", "usb_interface", "", 0, 0,
        {{"PRODUCT", product}, {"INTERFACE", fmt::format("{}/0/0", slot.usb ? 3 : 255)}}, {
      {"bInterfaceClass", interface_class + "\n"}, { "bInterfaceNumber", "00\n" }
    }
  };
  slot.devices = {std::move(device), std::move(interface)};
}

Status MockBus::plug_usb(Slot& slot) {
  const std::string node = "/dev/" + slot.devices[0].devname;
  const Status attached = attach_handler(node);
  if (!attached) return attached;
  Result<ReadyNode> ready = ReadyNode::make(root_ + node, slot.node_kind);
  if (!ready) return ready.error();
  const std::lock_guard lock(mutex_);
  slot.node = node;
  slot.usb->plug(std::move(*ready));
  slot.usb->tick(now_us());
  for (auto device = slot.devices.rbegin(); device != slot.devices.rend(); ++device) sysfs_.add(*device);
  slot.plugged = true;
  return {};
}

Status MockBus::plug_serial(Slot& slot) {
  const Status attached = attach_handler("/dev/" + slot.tty);
  if (!attached) return attached;
  const std::lock_guard lock(mutex_);
  const Result<std::string> slave = slot.serial->plug(inotify_fd_.get());
  if (!slave) return slave.error();
  const std::string bridge = slot.path() + "/" + slot.port + ":1.0/" + slot.tty;
  const int minor = std::stoi(slot.tty.substr(6));
  SysfsDevice port{bridge, "usb-serial", "", "", 0, 0, {{"DRIVER", "ftdi_sio"}}, {{"latency_timer", "16\n"}}};
  SysfsDevice tty{bridge + "/tty/" + slot.tty, "tty", "", slot.tty, 188, minor, {}, {}};
  slot.devices.push_back(std::move(port));
  slot.devices.push_back(std::move(tty));
  sysfs_.add(slot.devices[1]);
  sysfs_.add(slot.devices[0]);
  sysfs_.bind(slot.devices[1].path, "usb", "ftdi_sio");
  sysfs_.add(slot.devices[2]);
  sysfs_.bind(bridge, "usb-serial", "ftdi_sio");
  sysfs_.link(slot.devices[3].path + "/device", bridge);
  sysfs_.add(slot.devices[3]);
  slot.node = "/dev/" + slot.tty;
  ::unlink((root_ + slot.node).c_str());
  if (::symlink(slave->c_str(), (root_ + slot.node).c_str()) != 0)
    return Error{"cannot make the device node: " + std::string(std::strerror(errno)), slot.node, ""};
  slot.plugged = true;
  return {};
}

Status MockBus::unplug(const std::string& name, UnplugOrder order) {
  const std::lock_guard plugging(plug_mutex_);
  Slot* slot = nullptr;
  {
    const std::lock_guard lock(mutex_);
    slot = find(name);
    if (!slot) return Error{"there is no device of that name", name, ""};
    if (!slot->plugged) return Error{"it is not plugged in", name, ""};
    slot->plugged = false;
  }
  const auto tell = [&] {
    for (auto device = slot->devices.rbegin(); device != slot->devices.rend(); ++device) uevents_.send("remove", *device);
  };
  const auto end_io = [&] {
    const std::lock_guard lock(mutex_);
    if (slot->usb)
      slot->usb->unplug();
    else
      slot->serial->unplug(inotify_fd_.get(), now_us());
  };
  // A kernel that loses the device still knows it until the last moment: /sys goes before the event is told.
  if (order == UnplugOrder::io_first || order == UnplugOrder::io_only) end_io();
  take_from_sysfs(*slot);
  if (order != UnplugOrder::io_only) tell();
  if (order == UnplugOrder::uevent_first || order == UnplugOrder::uevent_only) end_io();
  const std::lock_guard lock(mutex_);
  slot->node.clear();
  changed_.notify_all();
  return {};
}

void MockBus::take_from_sysfs(Slot& slot) {
  const std::lock_guard lock(mutex_);
  for (auto device = slot.devices.rbegin(); device != slot.devices.rend(); ++device) sysfs_.remove(*device);
  ::unlink((root_ + slot.node).c_str());
}

/// The handler of a node stays attached for good: taking it away while a program is connecting ends that
/// program.
Status MockBus::attach_handler(const std::string& node) {
  if (std::find(handled_nodes_.begin(), handled_nodes_.end(), node) != handled_nodes_.end()) return {};
  UMockdevIoctlBase* handler = umockdev_ioctl_base_new();
  g_signal_connect_data(handler, "handle-ioctl", reinterpret_cast<GCallback>(&MockBus::on_ioctl), this, nullptr, G_CONNECT_AFTER);
  g_signal_connect_data(handler, "client-connected", reinterpret_cast<GCallback>(&MockBus::on_connected), this, nullptr,
                        static_cast<GConnectFlags>(0));
  GError* error = nullptr;
  if (!umockdev_testbed_attach_ioctl(testbed_, node.c_str(), handler, &error)) {
    const std::string why = error ? error->message : "unknown";
    g_clear_error(&error);
    g_object_unref(handler);
    return Error{"umockdev does not take the device: " + why, node, ""};
  }
  handlers_.push_back(handler);
  handled_nodes_.push_back(node);
  return {};
}

void MockBus::bind_driver(const Slot& slot, const std::string& driver) {
  if (slot.devices.size() < 2) return;
  const std::string& interface = slot.devices[1].path;
  const Descriptors& d = slot.usb->model().descriptors();
  const std::string hid = fmt::format("{}/0003:{:04X}:{:04X}.0001", interface, d.vendor(), d.product());
  sysfs_.bind(interface, "usb", driver);
  if (driver != "usbhid")
    sysfs_.remove_all(hid);
  else if (d.reports.contains(0))
    sysfs_.write(hid + "/report_descriptor", text(d.reports.at(0)));
}

int MockBus::on_ioctl(void*, UMockdevIoctlClient* client, void* self) {
  auto& bus = *static_cast<MockBus*>(self);
  ++bus.ioctls_;
  {
    const std::lock_guard lock(bus.mutex_);
    bus.drop_dead_clients();
    const auto known =
        std::find_if(bus.clients_.begin(), bus.clients_.end(), [&](const Client& one) { return one.handle == client; });
    Slot* tty = bus.find_tty(umockdev_ioctl_client_get_devnode(client));
    if (known != bus.clients_.end())
      known->slot->usb->ioctl(client, now_us());
    else if (tty)
      tty->serial->ioctl(client, now_us());
    else
      umockdev_ioctl_client_complete(client, -1, ENODEV);
  }
  bus.wake();
  return 1;
}

/// A program opened a node.
void MockBus::on_connected(void*, UMockdevIoctlClient* client, void* self) {
  auto& bus = *static_cast<MockBus*>(self);
  {
    const std::lock_guard lock(bus.mutex_);
    bus.drop_dead_clients();
    Slot* slot = bus.find_node(umockdev_ioctl_client_get_devnode(client));
    if (!slot) return;
    g_object_ref(client);
    std::vector<int> sockets;
    for (const Client& one : bus.clients_) sockets.push_back(one.socket.get());
    bus.clients_.push_back({client, slot, find_peer_socket(bus.root_, slot->node, sockets)});
    slot->usb->client_connected(client);
    bus.changed_.notify_all();
  }
  bus.wake();
}

/// umockdev 0.17 has signals for the end of a client and sends none of them; what it says of one that was killed in
/// mid-request stays "connected" for good. Without a socket the program was gone before it was looked for.
bool MockBus::Client::is_gone() const { return !socket || has_hung_up(socket.get()); }

/// umockdev may still be busy with a client that is gone; one whose program was killed in mid-request it
/// never lets go.
void MockBus::release_retired() {
  std::erase_if(retired_, [](UMockdevIoctlClient* client) {
    if (umockdev_ioctl_client_get_connected(client)) return false;
    g_object_unref(client);
    return true;
  });
}

void MockBus::drop_dead_clients() {
  release_retired();
  const auto dead =
      std::stable_partition(clients_.begin(), clients_.end(), [](const Client& client) { return !client.is_gone(); });
  if (dead == clients_.end()) return;
  for (auto client = dead; client != clients_.end(); ++client) {
    client->slot->usb->client_gone(client->handle);
    retired_.push_back(client->handle);
  }
  clients_.erase(dead, clients_.end());
  changed_.notify_all();
}

bool MockBus::has(const std::string& name) {
  const std::lock_guard lock(mutex_);
  return find(name) != nullptr;
}

std::vector<std::string> MockBus::names() {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& slot : slots_) names.push_back(slot->name);
  return names;
}

bool MockBus::is_plugged(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const Slot* slot = find(name);
  return slot && slot->plugged;
}

bool MockBus::is_open(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const Slot* slot = find(name);
  return slot && slot->is_open();
}

bool MockBus::wait_open(const std::string& name, bool open, int64_t limit_us) {
  std::unique_lock lock(mutex_);
  const Slot* slot = find(name);
  if (!slot) return false;
  return changed_.wait_for(lock, std::chrono::microseconds(limit_us), [&] { return slot->is_open() == open; });
}

std::string MockBus::node_of(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const Slot* slot = find(name);
  return slot ? slot->node : "";
}

bool MockBus::with_usb(const std::string& name, const std::function<void(UsbModel&)>& change) {
  const std::lock_guard lock(mutex_);
  Slot* slot = find(name);
  if (!slot || !slot->usb) return false;
  change(slot->usb->model());
  if (slot->plugged) slot->usb->tick(now_us());
  wake();
  return true;
}

bool MockBus::with_serial(const std::string& name, const std::function<void(SerialModel&)>& change) {
  const std::lock_guard lock(mutex_);
  Slot* slot = find(name);
  if (!slot || !slot->serial) return false;
  change(slot->serial->model());
  wake();
  return true;
}

bool MockBus::with_model(const std::string& name, const std::function<void(Model&, int64_t)>& change) {
  const auto call = [&](Model& model) { change(model, now_us()); };
  return with_usb(name, call) || with_serial(name, call);
}

void MockBus::wake() {
  const uint64_t one = 1;
  const ssize_t written = ::write(wake_fd_.get(), &one, sizeof one);
  static_cast<void>(written);
}

void MockBus::run() {
  const UniqueFd timer(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  std::unique_lock lock(mutex_);
  while (!stop_) {
    serve(now_us());
    arm(timer.get());
    std::vector<pollfd> wait = {{wake_fd_.get(), POLLIN, 0}, {timer.get(), POLLIN, 0}, {inotify_fd_.get(), POLLIN, 0}};
    for (const auto& slot : slots_)
      if (slot->serial && slot->serial->poll_fd() >= 0) wait.push_back({slot->serial->poll_fd(), POLLIN, 0});
    for (const Client& client : clients_) wait.push_back({client.socket.get(), 0, 0});
    lock.unlock();
    ::poll(wait.data(), wait.size(), -1);
    uint64_t ignored = 0;
    static_cast<void>(!::read(wake_fd_.get(), &ignored, sizeof ignored));
    static_cast<void>(!::read(timer.get(), &ignored, sizeof ignored));
    lock.lock();
  }
}

void MockBus::serve(int64_t now_us) {
  drop_dead_clients();
  take_opens(now_us);
  for (const auto& slot : slots_) {
    if (!slot->plugged) continue;
    if (slot->usb)
      slot->usb->tick(now_us);
    else
      slot->serial->serve(now_us);
  }
}

void MockBus::take_opens(int64_t now_us) {
  alignas(inotify_event) char events[4096];
  ssize_t got = 0;
  bool any = false;
  while ((got = ::read(inotify_fd_.get(), events, sizeof events)) > 0) {
    for (ssize_t at = 0; at < got;) {
      const auto* event = reinterpret_cast<const inotify_event*>(events + at);
      at += static_cast<ssize_t>(sizeof *event + event->len);
      for (const auto& slot : slots_) {
        if (!slot->serial || slot->serial->watch() != event->wd) continue;
        slot->serial->opened_or_closed(event->mask, now_us);
        any = true;
      }
    }
  }
  if (any) changed_.notify_all();
}

void MockBus::arm(int timer_fd) {
  int64_t next_us = kNever;
  for (const auto& slot : slots_)
    if (slot->plugged) next_us = std::min(next_us, slot->usb ? slot->usb->deadline_us() : slot->serial->deadline_us());
  itimerspec when{};
  if (next_us != kNever) {
    const int64_t at_us = std::max<int64_t>(1, next_us);
    when.it_value = {at_us / 1'000'000, at_us % 1'000'000 * 1000};
  }
  timerfd_settime(timer_fd, TFD_TIMER_ABSTIME, &when, nullptr);
}

}  // namespace patella::emulator
