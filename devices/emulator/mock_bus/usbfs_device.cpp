#include "mock_bus/usbfs_device.hpp"

#include <linux/usbdevice_fs.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <utility>

namespace patella::emulator {

namespace {

constexpr std::size_t kSetupBytes = 8;
constexpr std::size_t kMaxOldNodes = 8;

/// A piece of the program's memory; gone when this is.
class Piece {
 public:
  Piece(UMockdevIoctlData* parent, std::size_t offset, std::size_t size)
      : data_(umockdev_ioctl_data_resolve(parent, offset, size, nullptr)) {}
  Piece(const Piece&) = delete;
  Piece& operator=(const Piece&) = delete;
  ~Piece() {
    if (data_) g_object_unref(data_);
  }
  UMockdevIoctlData* get() const { return data_; }
  UMockdevIoctlData* keep() { return std::exchange(data_, nullptr); }
  explicit operator bool() const { return data_ != nullptr; }
  template <class T>
  T* as() const {
    return reinterpret_cast<T*>(data_->data);
  }

 private:
  UMockdevIoctlData* data_;
};

/// The argument itself where it is a value or an address that is not followed.
unsigned long plain_argument(UMockdevIoctlData* arg) {
  unsigned long value = 0;
  std::memcpy(&value, arg->data, std::min<std::size_t>(sizeof value, static_cast<std::size_t>(arg->data_len)));
  return value;
}

template <std::size_t N>
void put_name(char (&field)[N], const std::string& name) {
  std::memset(field, 0, N);
  name.copy(field, N - 1);
}

}  // namespace

UsbfsDevice::UsbfsDevice(std::unique_ptr<UsbModel> model, std::function<void(const std::string&)> bind)
    : model_(std::move(model)), bind_(std::move(bind)) {}

UsbfsDevice::~UsbfsDevice() {
  for (const auto& [id, flying] : flying_) drop(flying);
}

void UsbfsDevice::plug(ReadyNode node) {
  node_ = std::make_unique<ReadyNode>(std::move(node));
  gone_ = false;
  ++plug_;
  owner_ = nullptr;
  model_->reset();
  set_driver(model_->descriptors().interface_class == 3 ? "usbhid" : "");
  show_ready();
}

void UsbfsDevice::unplug() {
  if (!is_plugged()) return;
  gone_ = true;
  model_->cancel_all(-ESHUTDOWN);
  collect();
  node_->hang_up();
  old_nodes_.push_back(std::move(*node_));
  if (old_nodes_.size() > kMaxOldNodes) old_nodes_.erase(old_nodes_.begin());
  node_.reset();
  owner_ = nullptr;
}

void UsbfsDevice::tick(int64_t now_us) {
  if (!is_plugged()) return;
  model_->tick(now_us);
  collect();
}

void UsbfsDevice::collect() {
  for (Completion& completion : model_->take_done())
    if (flying_.contains(completion.id)) ready_.push_back(std::move(completion));
  show_ready();
}

void UsbfsDevice::show_ready() {
  if (node_) node_->set_ready(gone_ || !ready_.empty());
}

void UsbfsDevice::client_connected(UMockdevIoctlClient* client) { clients_[client] = is_plugged() ? plug_ : 0; }

void UsbfsDevice::client_gone(UMockdevIoctlClient* client) {
  // As usbfs does: its transfers end and nobody reaps them, its claim is given up.
  std::vector<uint64_t> ids;
  for (const auto& [id, flying] : flying_)
    if (flying.client == client) ids.push_back(id);
  for (const uint64_t id : ids) {
    model_->cancel(id, -ENOENT);
    drop(flying_.at(id));
    flying_.erase(id);
  }
  collect();
  std::erase_if(ready_, [&](const Completion& completion) { return !flying_.contains(completion.id); });
  if (owner_ == client) release(client);
  clients_.erase(client);
  show_ready();
}

bool UsbfsDevice::belongs_to_old_plug(UMockdevIoctlClient* client) const {
  const auto found = clients_.find(client);
  return !is_plugged() || found == clients_.end() || found->second != plug_;
}

void UsbfsDevice::ioctl(UMockdevIoctlClient* client, int64_t now_us) {
  UMockdevIoctlData* arg = umockdev_ioctl_client_get_arg(client);
  const unsigned long request = umockdev_ioctl_client_get_request(client);
  const bool gone = belongs_to_old_plug(client);
  Answer answer;
  if (request == USBDEVFS_REAPURB || request == USBDEVFS_REAPURBNDELAY)
    answer = reap(client, arg, gone);
  else if (gone)
    answer = {-1, ENODEV};
  else if (request == USBDEVFS_SUBMITURB)
    answer = submit(client, arg, now_us);
  else if (request == USBDEVFS_DISCARDURB)
    answer = discard(client, arg);
  else
    answer = simple(client, request, arg);
  umockdev_ioctl_client_complete(client, answer.result, answer.error);
}

UsbfsDevice::Answer UsbfsDevice::reap(UMockdevIoctlClient* client, UMockdevIoctlData* arg, bool gone) {
  const auto mine = [&](const Completion& completion) { return flying_.at(completion.id).client == client; };
  const auto found = std::find_if(ready_.begin(), ready_.end(), mine);
  if (found == ready_.end()) return {-1, gone ? ENODEV : EAGAIN};
  const Completion completion = std::move(*found);
  ready_.erase(found);
  const Flying flying = flying_.at(completion.id);
  flying_.erase(completion.id);

  usbdevfs_urb* urb = reinterpret_cast<usbdevfs_urb*>(flying.urb->data);
  urb->status = completion.status;
  urb->actual_length = static_cast<int>(completion.actual);
  if (flying.buffer && !completion.in.empty()) {
    const std::size_t offset = urb->type == USBDEVFS_URB_TYPE_CONTROL ? kSetupBytes : 0;
    const std::size_t room = static_cast<std::size_t>(flying.buffer->data_len) - offset;
    std::memcpy(flying.buffer->data + offset, completion.in.data(), std::min(room, completion.in.size()));
  }
  const Piece place(arg, 0, sizeof(void*));
  if (place) umockdev_ioctl_data_set_ptr(place.get(), 0, flying.urb);
  drop(flying);
  show_ready();
  return {};
}

UsbfsDevice::Answer UsbfsDevice::submit(UMockdevIoctlClient* client, UMockdevIoctlData* arg, int64_t now_us) {
  Piece urb_piece(arg, 0, sizeof(usbdevfs_urb));
  if (!urb_piece) return {-1, EFAULT};
  const usbdevfs_urb& urb = *urb_piece.as<usbdevfs_urb>();
  const std::size_t length = static_cast<std::size_t>(std::max(urb.buffer_length, 0));
  UMockdevIoctlData* buffer = nullptr;
  if (length > 0) {
    buffer = umockdev_ioctl_data_resolve(urb_piece.get(), offsetof(usbdevfs_urb, buffer), length, nullptr);
    if (!buffer) return {-1, EFAULT};
  }
  const bool is_control = urb.type == USBDEVFS_URB_TYPE_CONTROL;
  const bool bad = urb.type == USBDEVFS_URB_TYPE_ISO || (is_control && length < kSetupBytes);
  if (bad || (!is_control && owner_ != client)) {
    if (buffer) g_object_unref(buffer);
    return {-1, EINVAL};
  }
  Transfer transfer;
  transfer.id = next_id_++;
  transfer.type = static_cast<TransferType>(urb.type);
  transfer.endpoint = is_control ? uint8_t{0} : urb.endpoint;
  transfer.length = static_cast<uint32_t>(length);
  if (is_control) {
    transfer.setup = Setup::parse(std::span<const uint8_t, kSetupBytes>(buffer->data, kSetupBytes));
    if (!(transfer.setup.type & 0x80)) transfer.out.assign(buffer->data + kSetupBytes, buffer->data + length);
  } else if (!(urb.endpoint & 0x80) && buffer) {
    transfer.out.assign(buffer->data, buffer->data + length);
  }
  flying_[transfer.id] = {client, urb_piece.keep(), buffer};
  model_->submit(std::move(transfer), now_us);
  collect();
  return {};
}

UsbfsDevice::Answer UsbfsDevice::discard(UMockdevIoctlClient* client, UMockdevIoctlData* arg) {
  const unsigned long address = plain_argument(arg);
  for (const auto& [id, flying] : flying_) {
    if (flying.client != client || flying.urb->client_addr != address) continue;
    if (!model_->cancel(id, -ENOENT)) continue;
    collect();
    return {};
  }
  return {-1, EINVAL};
}

UsbfsDevice::Answer UsbfsDevice::simple(UMockdevIoctlClient* client, unsigned long request, UMockdevIoctlData* arg) {
  switch (request) {
    case USBDEVFS_GET_CAPABILITIES: {
      const Piece caps(arg, 0, sizeof(uint32_t));
      if (!caps) return {-1, EFAULT};
      *caps.as<uint32_t>() = USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_BULK_CONTINUATION | USBDEVFS_CAP_NO_PACKET_SIZE_LIM |
                             USBDEVFS_CAP_BULK_SCATTER_GATHER | USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
      return {};
    }
    case USBDEVFS_CLAIMINTERFACE:
      return claim(client, false);
    case USBDEVFS_DISCONNECT_CLAIM:
      return claim(client, true);
    case USBDEVFS_RELEASEINTERFACE:
      return release(client);
    case USBDEVFS_IOCTL:
      return driver_ioctl(arg);
    case USBDEVFS_GETDRIVER: {
      const Piece place(arg, 0, sizeof(usbdevfs_getdriver));
      if (!place) return {-1, EFAULT};
      if (driver_.empty()) return {-1, ENODATA};
      put_name(place.as<usbdevfs_getdriver>()->driver, driver_);
      return {};
    }
    case USBDEVFS_CLEAR_HALT: {
      const Piece endpoint(arg, 0, sizeof(unsigned));
      if (!endpoint) return {-1, EFAULT};
      model_->clear_halt(static_cast<uint8_t>(*endpoint.as<unsigned>()));
      collect();
      return {};
    }
    case USBDEVFS_RESET:
      model_->reset();
      collect();
      return {};
    case USBDEVFS_SETCONFIGURATION:
      // The kernel refuses while an interface is in use.
      return owner_ ? Answer{-1, EBUSY} : Answer{};
    case USBDEVFS_SETINTERFACE:
    case USBDEVFS_RESETEP:
      return {};
    default:
      return {-1, ENOTTY};
  }
}

UsbfsDevice::Answer UsbfsDevice::claim(UMockdevIoctlClient* client, bool detach) {
  if (owner_ == client) return {};
  if (owner_) return {-1, EBUSY};
  if (!driver_.empty() && !detach) return {-1, EBUSY};
  owner_ = client;
  set_driver("usbfs");
  return {};
}

UsbfsDevice::Answer UsbfsDevice::release(UMockdevIoctlClient* client) {
  if (owner_ != client) return {-1, EINVAL};
  owner_ = nullptr;
  set_driver("");
  return {};
}

UsbfsDevice::Answer UsbfsDevice::driver_ioctl(UMockdevIoctlData* arg) {
  const Piece place(arg, 0, sizeof(usbdevfs_ioctl));
  if (!place) return {-1, EFAULT};
  const unsigned code = static_cast<unsigned>(place.as<usbdevfs_ioctl>()->ioctl_code);
  if (code == USBDEVFS_DISCONNECT) {
    if (driver_.empty()) return {-1, ENODATA};
    if (owner_) return {-1, EBUSY};
    set_driver("");
    return {};
  }
  if (code != USBDEVFS_CONNECT) return {-1, ENOTTY};
  if (owner_) return {-1, EBUSY};
  set_driver(model_->descriptors().interface_class == 3 ? "usbhid" : "");
  return {driver_.empty() ? 0 : 1, 0};
}

void UsbfsDevice::set_driver(const std::string& driver) {
  driver_ = driver;
  bind_(driver);
}

void UsbfsDevice::drop(const Flying& flying) {
  g_object_unref(flying.urb);
  if (flying.buffer) g_object_unref(flying.buffer);
}

}  // namespace patella::emulator
