#include "usbip/usbip_bus.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace patella::emulator::usbip {

namespace {

// How long a host sees errors before its hub tells that the device is gone: 100 to 250 ms on real ones.
constexpr int64_t kPullUs = 150'000;
constexpr std::size_t kMaxCallers = 16;
// A client that does not read its answers is not read any more either.
constexpr std::size_t kMaxUnsent = 1u << 20;
// The same for a caller without a device, who only lists and imports: a question has at most 40 bytes.
constexpr std::size_t kMaxAsked = 4096, kMaxUnsentAnswers = 16'384;
// Then the others have their turn.
constexpr std::size_t kMaxATurn = 1u << 18;

int64_t now_us() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
}

/// Reads what is there, up to `most` bytes; false at the end of the connection.
template <class Take>
bool read_some(int fd, std::size_t most, Take take) {
  std::array<uint8_t, 65536> bytes;
  while (most > 0) {
    const std::size_t room = std::min(most, bytes.size());
    const ssize_t got = ::recv(fd, bytes.data(), room, MSG_DONTWAIT);
    if (got > 0) {
      take(std::span<const uint8_t>(bytes.data(), static_cast<std::size_t>(got)));
      if (static_cast<std::size_t>(got) < room) return true;
      most -= room;
      continue;
    }
    if (got < 0 && errno == EINTR) continue;
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }
  return true;
}

/// Sends as much as goes; false at the end of the connection.
bool send_some(int fd, Bytes& output) {
  std::size_t sent = 0;
  bool alive = true;
  while (alive && sent < output.size()) {
    const ssize_t one = ::send(fd, output.data() + sent, output.size() - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (one > 0) {
      sent += static_cast<std::size_t>(one);
    } else if (one < 0 && errno != EINTR) {
      alive = errno == EAGAIN || errno == EWOULDBLOCK;
      break;
    }
  }
  output.erase(output.begin(), output.begin() + static_cast<std::ptrdiff_t>(sent));
  return alive;
}

short wanted_events(const Bytes& output, std::size_t most_unsent) {
  return static_cast<short>((output.empty() ? 0 : POLLOUT) | (output.size() > most_unsent ? 0 : POLLIN));
}

Error cannot_listen(const std::string& place, const char* why) {
  return {fmt::format("cannot listen: {}", why), place, "Choose another port or --address"};
}

}  // namespace

Exported UsbipBus::Slot::exported() const { return {fmt::format("1-{}", number), 1, number + 1, &usb->descriptors()}; }

UsbipBus::UsbipBus() : wake_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void UsbipBus::start() {
  thread_ = std::thread([this] { run(); });
}

Result<std::unique_ptr<UsbipBus>> UsbipBus::listen(const std::string& address, uint16_t port) {
  const std::string place = fmt::format("{} port {}", address, port);
  addrinfo hints{}, *found = nullptr;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0 || !found)
    return Error{"this is no address", address, "Write a number such as 127.0.0.1, 0.0.0.0 or ::1"};
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> list(found, ::freeaddrinfo);
  UniqueFd fd(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  if (!fd) return cannot_listen(place, std::strerror(errno));
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd.get(), found->ai_addr, found->ai_addrlen) != 0 || ::listen(fd.get(), kMaxCallers) != 0)
    return cannot_listen(place, std::strerror(errno));
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&bound), &size);
  const in_port_t network_order = bound.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6*>(&bound)->sin6_port
                                                              : reinterpret_cast<const sockaddr_in*>(&bound)->sin_port;
  std::unique_ptr<UsbipBus> bus(new UsbipBus);
  bus->listener_ = std::move(fd);
  bus->tcp_port_ = ntohs(network_order);
  bus->start();
  return bus;
}

std::unique_ptr<UsbipBus> UsbipBus::into_kernel(Vhci vhci) {
  std::unique_ptr<UsbipBus> bus(new UsbipBus);
  bus->vhci_ = std::move(vhci);
  bus->start();
  return bus;
}

UsbipBus::~UsbipBus() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake();
  thread_.join();
}

UsbipBus::Slot* UsbipBus::find(const std::string& name) {
  for (const auto& slot : slots_)
    if (slot->name == name) return slot.get();
  return nullptr;
}

Status UsbipBus::add(const std::string& name, Made made) {
  const std::lock_guard lock(mutex_);
  if (find(name)) return Error{"there is a device of that name already", name, ""};
  auto slot = std::make_unique<Slot>();
  slot->name = name;
  slot->number = static_cast<uint32_t>(slots_.size()) + 1;
  if (made.usb) {
    slot->usb = std::move(made.usb);
  } else {
    auto face = make_serial_face(std::move(made.serial));
    slot->face = face.get();
    slot->usb = std::move(face);
  }
  slots_.push_back(std::move(slot));
  return {};
}

// ---- plug and unplug ----------------------------------------------------------------------------------------

Status UsbipBus::plug(const std::string& name) {
  const std::lock_guard lock(mutex_);
  Slot* slot = find(name);
  if (!slot) return Error{"there is no device of that name", name, ""};
  if (slot->plugged) return Error{"it is plugged in already", name, ""};
  if (vhci_) {
    const Status attached = attach_to_kernel(*slot);
    if (!attached) return attached;
  }
  slot->plugged = true;
  wake();
  return {};
}

Status UsbipBus::attach_to_kernel(Slot& slot) {
  const Result<int> port = vhci_->free_port(slot.vhci_port);
  if (!port) return port.error();
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return Error{"no socket pair: " + std::string(std::strerror(errno)), slot.name, ""};
  UniqueFd ours(ends[0]);
  const UniqueFd kernels(ends[1]);
  const Exported exported = slot.exported();
  const Status attached = vhci_->attach(*port, kernels.get(), device_id(exported), speed_number(*exported.descriptors));
  if (!attached) return attached;
  slot.vhci_port = *port;
  attach(slot, std::move(ours), {});
  return {};
}

void UsbipBus::attach(Slot& slot, UniqueFd fd, const Bytes& already_sent) {
  slot.usb->tick(now_us());
  slot.usb->reset();
  static_cast<void>(slot.usb->take_done());
  slot.attachment.reset(new Attachment{std::move(fd), UrbLink(*slot.usb)});
  slot.attachment->link.received(already_sent, now_us());
  changed_.notify_all();
}

void UsbipBus::detach(Slot& slot) {
  if (slot.face) slot.face->unplugged(now_us());
  slot.attachment.reset();
  if (vhci_) slot.plugged = false;
  changed_.notify_all();
}

Status UsbipBus::unplug(const std::string& name, UnplugOrder order) {
  std::unique_lock lock(mutex_);
  Slot* slot = find(name);
  if (!slot) return Error{"there is no device of that name", name, ""};
  if (!slot->plugged) return Error{"it is not plugged in", name, ""};
  if (order != UnplugOrder::io_first && order != UnplugOrder::uevent_first)
    return Error{"over USB/IP the kernel tells both", name, "Use io_first or uevent_first"};
  slot->plugged = false;
  if (!slot->attachment) return {};
  const bool errors_first = order == UnplugOrder::io_first;
  if (errors_first) slot->attachment->link.lose_contact(now_us());
  slot->attachment->end_us = errors_first ? now_us() + kPullUs : now_us();
  wake();
  changed_.wait(lock, [&] { return !slot->attachment || stop_; });
  return {};
}

// ---- questions and changes ----------------------------------------------------------------------------------

bool UsbipBus::has(const std::string& name) {
  const std::lock_guard lock(mutex_);
  return find(name) != nullptr;
}

std::vector<std::string> UsbipBus::names() {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& slot : slots_) names.push_back(slot->name);
  return names;
}

bool UsbipBus::is_open(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const Slot* slot = find(name);
  if (!slot || !slot->attachment) return false;
  return slot->face ? slot->face->line().is_open() : slot->attachment->link.is_in_use();
}

bool UsbipBus::is_attached(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const Slot* slot = find(name);
  return slot && slot->attachment;
}

std::string UsbipBus::node_of(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const Slot* slot = find(name);
  if (!slot || !slot->plugged) return "";
  return vhci_ ? fmt::format("vhci port {}", slot->vhci_port) : "bus id " + slot->exported().bus_id;
}

bool UsbipBus::with_usb(const std::string& name, const std::function<void(UsbModel&)>& change) {
  const std::lock_guard lock(mutex_);
  Slot* slot = find(name);
  if (!slot || slot->face) return false;
  change(*slot->usb);
  wake();
  return true;
}

bool UsbipBus::with_serial(const std::string& name, const std::function<void(SerialModel&)>& change) {
  const std::lock_guard lock(mutex_);
  Slot* slot = find(name);
  if (!slot || !slot->face) return false;
  change(slot->face->line());
  wake();
  return true;
}

bool UsbipBus::with_model(const std::string& name, const std::function<void(Model&, int64_t)>& change) {
  const auto call = [&](Model& model) { change(model, now_us()); };
  return with_usb(name, call) || with_serial(name, call);
}

// ---- the thread ---------------------------------------------------------------------------------------------

void UsbipBus::wake() {
  const uint64_t one = 1;
  static_cast<void>(!::write(wake_fd_.get(), &one, sizeof one));
}

void UsbipBus::run() {
  const UniqueFd timer(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  std::unique_lock lock(mutex_);
  while (!stop_) {
    serve(now_us());
    arm(timer.get());
    std::vector<pollfd> wait = what_to_wait_for(timer.get());
    lock.unlock();
    ::poll(wait.data(), wait.size(), -1);
    uint64_t ignored = 0;
    for (const std::size_t i : {0u, 1u})
      if (wait[i].revents) static_cast<void>(!::read(wait[i].fd, &ignored, sizeof ignored));
    lock.lock();
    take_readiness(wait);
  }
  changed_.notify_all();
}

std::vector<pollfd> UsbipBus::what_to_wait_for(int timer_fd) const {
  std::vector<pollfd> wait = {{wake_fd_.get(), POLLIN, 0}, {timer_fd, POLLIN, 0}};
  if (listener_) wait.push_back({listener_.get(), POLLIN, 0});
  for (const auto& slot : slots_)
    if (slot->attachment)
      wait.push_back({slot->attachment->fd.get(), wanted_events(slot->attachment->link.output(), kMaxUnsent), 0});
  for (const auto& caller : callers_) wait.push_back({caller->fd.get(), wanted_events(caller->output, kMaxUnsentAnswers), 0});
  return wait;
}

void UsbipBus::take_readiness(const std::vector<pollfd>& waited) {
  for (const auto& slot : slots_) {
    if (!slot->attachment) continue;
    const int fd = slot->attachment->fd.get();
    const auto found = std::find_if(waited.begin(), waited.end(), [&](const pollfd& one) { return one.fd == fd; });
    // One that came meanwhile was not waited for: it is looked at.
    slot->attachment->readable = found == waited.end() || (found->revents & (POLLIN | POLLHUP | POLLERR));
  }
}

void UsbipBus::arm(int timer_fd) {
  int64_t next_us = kNever;
  for (const auto& slot : slots_)
    if (slot->attachment) next_us = std::min({next_us, slot->attachment->link.deadline_us(), slot->attachment->end_us});
  itimerspec when{};
  if (next_us != kNever) {
    const int64_t at_us = std::max<int64_t>(1, next_us);
    when.it_value = {at_us / 1'000'000, at_us % 1'000'000 * 1000};
  }
  timerfd_settime(timer_fd, TFD_TIMER_ABSTIME, &when, nullptr);
}

void UsbipBus::serve(int64_t now_us) {
  if (listener_) accept_callers();
  for (const auto& caller : callers_) serve(*caller);
  std::erase_if(callers_, [](const auto& caller) { return caller->done || !caller->fd; });
  for (const auto& slot : slots_)
    if (slot->attachment) serve(*slot, now_us);
}

void UsbipBus::serve(Slot& slot, int64_t now_us) {
  Attachment& a = *slot.attachment;
  bool alive = now_us < a.end_us;
  if (alive && a.readable && a.link.output().size() <= kMaxUnsent)
    alive = read_some(a.fd.get(), kMaxATurn, [&](std::span<const uint8_t> bytes) { a.link.received(bytes, now_us); });
  if (alive) {
    a.link.tick(now_us);
    alive = send_some(a.fd.get(), a.link.output()) && a.link.broken().empty();
  }
  if (!alive) detach(slot);
}

// ---- TCP callers --------------------------------------------------------------------------------------------

/// Who neither lists nor imports must not keep the others out: for one too many, the one that said nothing
/// for longest goes.
void UsbipBus::accept_callers() {
  for (std::size_t i = 0; i < kMaxCallers; ++i) {
    UniqueFd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd) return;
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (callers_.size() >= kMaxCallers)
      callers_.erase(
          std::min_element(callers_.begin(), callers_.end(), [](const auto& a, const auto& b) { return a->heard < b->heard; }));
    callers_.push_back(std::make_unique<Caller>());
    callers_.back()->fd = std::move(fd);
    callers_.back()->heard = ++heard_;
  }
}

void UsbipBus::serve(Caller& caller) {
  bool alive = true;
  if (caller.output.size() <= kMaxUnsentAnswers && caller.decoder.buffered() < kMaxAsked)
    alive = read_some(caller.fd.get(), kMaxAsked - caller.decoder.buffered(), [&](std::span<const uint8_t> bytes) {
      caller.decoder.add(bytes);
      caller.heard = ++heard_;
    });
  for (;;) {
    alive = alive && send_some(caller.fd.get(), caller.output);
    if (!alive || caller.output.size() > kMaxUnsentAnswers) break;
    const auto operation = caller.decoder.next_operation();
    if (!operation) break;
    answer(caller, *operation);
    if (!caller.fd) return;  // it has a device now
  }
  caller.done = !alive || !caller.decoder.broken().empty();
}

void UsbipBus::answer(Caller& caller, const Operation& operation) {
  const auto say = [&](const Bytes& reply) { caller.output.insert(caller.output.end(), reply.begin(), reply.end()); };
  const auto* import = std::get_if<ImportRequest>(&operation);
  if (!import) {
    std::vector<Exported> devices;
    for (const auto& slot : slots_)
      if (slot->plugged) devices.push_back(slot->exported());
    say(list_reply(devices));
    return;
  }
  const auto slot = std::find_if(slots_.begin(), slots_.end(),
                                 [&](const auto& one) { return one->plugged && one->exported().bus_id == import->bus_id; });
  if (slot == slots_.end() || (*slot)->attachment) {
    say(import_reply(slot == slots_.end() ? OpStatus::no_device : OpStatus::busy, nullptr));
    return;
  }
  const Exported exported = (*slot)->exported();
  say(import_reply(OpStatus::ok, &exported));
  const Bytes already_sent = caller.decoder.take_rest();
  attach(**slot, std::move(caller.fd), already_sent);
  Bytes& output = (*slot)->attachment->link.output();
  output.insert(output.begin(), caller.output.begin(), caller.output.end());
}

}  // namespace patella::emulator::usbip
