#include "transport/usb_finder.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/port_name.hpp"
#include "transport/hid_descriptor.hpp"
#include "transport/sysfs.hpp"
#include "transport/usb_facts.hpp"

namespace patella::transport {
namespace {

constexpr uint32_t kMaxInBuffer = 16 * 1024;

struct HandleDeleter {
  void operator()(libusb_device_handle* handle) const { libusb_close(handle); }
};
using HandlePtr = std::unique_ptr<libusb_device_handle, HandleDeleter>;

/// One whole report fits, in whole packets. A bulk reader takes packet by packet: a longer buffer would hold
/// a full packet back until a short one follows.
uint32_t in_buffer_bytes(Kind kind, uint32_t packet, uint32_t longest_report) {
  if (kind != Kind::hid) return packet;
  const uint32_t wanted = std::clamp(longest_report, packet, std::max(packet, kMaxInBuffer));
  return (wanted + packet - 1) / packet * packet;
}

bool is_hub(const libusb_device_descriptor& device) { return device.bDeviceClass == LIBUSB_CLASS_HUB; }

/// The class the matches name lies in the interfaces; the first alternate setting is the one that is active
/// at plug-in.
template <class Visit>
void each_interface(const libusb_config_descriptor& config, Visit&& visit) {
  for (int i = 0; i < config.bNumInterfaces; ++i)
    if (config.interface[i].num_altsetting > 0 && visit(config.interface[i].altsetting[0])) return;
}

/// Claims for the time of a look at the report descriptor. While usbhid is bound the kernel shows the
/// descriptor by itself, so this is for devices without a driver. Any other kernel driver is detached (and
/// bound again after the look) only when the match named the vendor: a device that merely could be one is
/// left to its driver.
struct Look {
  std::vector<uint8_t> descriptor;  ///< empty: it could not be read
  bool in_use = false;
};
Look look_at_report_descriptor(libusb_device_handle* handle, const libusb_interface_descriptor& interface, bool may_detach) {
  if (!may_detach && libusb_kernel_driver_active(handle, interface.bInterfaceNumber) == 1) return {};
  libusb_set_auto_detach_kernel_driver(handle, may_detach ? 1 : 0);
  const int code = libusb_claim_interface(handle, interface.bInterfaceNumber);
  if (code != LIBUSB_SUCCESS) return {{}, code == LIBUSB_ERROR_BUSY};
  Look look{fetch_report_descriptor(handle, interface), false};
  libusb_release_interface(handle, interface.bInterfaceNumber);
  return look;
}

/// As the kernel read it at plug-in: known without opening a device that may be somebody else's.
std::string serial_number_of(const std::string& path) { return sysfs_text(usb_folder(path) + "/serial"); }

std::string in_use(const std::string& port) { return fmt::format("{} is in use by another program. Close it", port); }

bool names_the_vendor(const Wanted& wanted, int vendor, int product) {
  return std::any_of(wanted.matches.begin(), wanted.matches.end(),
                     [&](const UsbMatch& match) { return match.vendor >= 0 && ids_match(match, vendor, product); });
}

}  // namespace

UsbFinder::UsbFinder(Wanted wanted, const Clock& clock, std::shared_ptr<UsbContext> context)
    : wanted_(std::move(wanted)), clock_(clock), context_(std::move(context)) {}

UsbFinder::~UsbFinder() {
  for (const Candidate& candidate : candidates_) libusb_unref_device(candidate.device);
}

void UsbFinder::wait_fds(std::vector<pollfd>& out) const { context_->wait_fds(out); }

int64_t UsbFinder::deadline_us() const {
  if (!scanned_) return 0;
  int64_t due_us = context_->deadline_us(clock_.now_us());
  for (const Candidate& candidate : candidates_)
    if (is_next(candidate)) due_us = std::min(due_us, candidate.retry.next_us);
  return due_us;
}

std::unique_ptr<Port> UsbFinder::service() {
  context_->pump();
  if (context_->take_changed() || !scanned_) rescan();
  for (Candidate& candidate : candidates_) {
    if (!is_next(candidate) || !candidate.retry.due(clock_.now_us())) continue;
    if (auto port = try_open(candidate)) return port;
  }
  return nullptr;
}

/// Not settled, and no better one waits.
bool UsbFinder::is_next(const Candidate& candidate) const {
  if (candidate.settled) return false;
  return candidate.claim == Claim::first || std::none_of(candidates_.begin(), candidates_.end(), [](const Candidate& one) {
           return one.claim == Claim::first && !one.settled;
         });
}

std::string UsbFinder::trouble() const {
  for (const Candidate& candidate : candidates_)
    if (!candidate.settled && !candidate.trouble.empty()) return candidate.trouble;
  return "";
}

void UsbFinder::refuse(const std::string& port) {
  bool known = false;
  for (Candidate& candidate : candidates_) {
    if (candidate.port != port) continue;
    candidate.settled = known = true;
  }
  if (!known) refused_.push_back(port);
}

/// Only serial bridges are shared between drivers.
void UsbFinder::postpone(const std::string& port, int64_t for_us) {
  for (Candidate& candidate : candidates_)
    if (candidate.port == port) candidate.retry.next_us = std::max(candidate.retry.next_us, clock_.now_us() + for_us);
}

// The whole list each time, instead of following the events one by one: a lost or doubled event then heals
// itself.
void UsbFinder::rescan() {
  scanned_ = true;
  libusb_device** list = nullptr;
  const ssize_t count = libusb_get_device_list(context_->get(), &list);
  if (count < 0) return;
  const std::span<libusb_device*> devices(list, static_cast<std::size_t>(count));
  std::erase_if(candidates_, [&](const Candidate& candidate) {
    if (std::find(devices.begin(), devices.end(), candidate.device) != devices.end()) return false;
    libusb_unref_device(candidate.device);
    return true;
  });
  for (libusb_device* device : devices) {
    const auto known = [&](const Candidate& candidate) { return candidate.device == device; };
    if (std::any_of(candidates_.begin(), candidates_.end(), known)) continue;
    if (!worth_trying(device)) continue;
    const std::string path = usb_path_of(device), port = to_text({false, "", path});
    const Claim claim = claim_on(wanted_, serial_number_of(path), port);
    const bool refused = std::find(refused_.begin(), refused_.end(), port) != refused_.end();
    if (claim != Claim::none) candidates_.push_back({libusb_ref_device(device), port, claim, {}, refused, ""});
  }
  refused_.clear();
  libusb_free_device_list(list, 1);
}

bool UsbFinder::worth_trying(libusb_device* device) const {
  libusb_device_descriptor ids{};
  if (libusb_get_device_descriptor(device, &ids) != LIBUSB_SUCCESS || is_hub(ids)) return false;
  const ConfigPtr config = active_config(device);
  if (!config) return false;
  bool worth = false;
  const std::string path = usb_path_of(device);
  each_interface(*config, [&](const libusb_interface_descriptor& interface) {
    // The ids first: /sys is asked for report descriptors of possible devices only.
    InterfaceFacts facts{interface.bInterfaceNumber, interface.bInterfaceClass, {}, false};
    if (judge(wanted_, ids.idVendor, ids.idProduct, facts) == Verdict::no) return false;
    facts = interface_facts(interface, path, config->bConfigurationValue);
    worth = judge(wanted_, ids.idVendor, ids.idProduct, facts) != Verdict::no && find_endpoints(interface, wanted_.kind);
    return worth;
  });
  return worth;
}

std::unique_ptr<Port> UsbFinder::try_open(Candidate& candidate) {
  libusb_device_handle* raw = nullptr;
  const int code = libusb_open(candidate.device, &raw);
  if (code == LIBUSB_SUCCESS) {
    HandlePtr handle(raw);
    auto port = open_interface(candidate, raw);
    if (port) (void)handle.release();
    return port;
  }
  candidate.retry.failed(clock_.now_us());
  if (!candidate.retry.lasting()) return nullptr;
  const std::string node = usb_node_of(candidate.device);
  candidate.trouble = code == LIBUSB_ERROR_ACCESS ? permission_trouble(node, false) : "";
  if (candidate.trouble.empty())
    candidate.trouble = fmt::format("{} cannot be opened: {}. Plug the device in again", node, libusb_strerror(code));
  return nullptr;
}

// Claims the first interface that fits. On any other way out than a port the caller closes the handle.
std::unique_ptr<Port> UsbFinder::open_interface(Candidate& candidate, libusb_device_handle* handle) {
  libusb_device_descriptor ids{};
  libusb_get_device_descriptor(candidate.device, &ids);
  const ConfigPtr config = active_config(candidate.device);
  Identity identity;
  identity.vendor = ids.idVendor;
  identity.product = ids.idProduct;
  identity.port = candidate.port;
  identity.serial_number = serial_number_of(usb_path_of(candidate.device));
  if (!config) {
    candidate.settled = true;
    return nullptr;
  }
  identity.manufacturer = usb_string(handle, ids.iManufacturer);
  identity.product_name = usb_string(handle, ids.iProduct);
  // A device that nothing configured yet. BUSY means that it is configured after all: harmless.
  int configured = 0;
  if (libusb_get_configuration(handle, &configured) == LIBUSB_SUCCESS && configured == 0)
    libusb_set_configuration(handle, config->bConfigurationValue);

  const std::string path = usb_path_of(candidate.device);
  const bool may_detach = names_the_vendor(wanted_, ids.idVendor, ids.idProduct);
  const libusb_interface_descriptor* chosen = nullptr;
  std::vector<uint8_t> report_descriptor;
  bool busy = false;
  each_interface(*config, [&](const libusb_interface_descriptor& interface) {
    InterfaceFacts facts = interface_facts(interface, path, config->bConfigurationValue);
    Verdict verdict = judge(wanted_, ids.idVendor, ids.idProduct, facts);
    if (verdict == Verdict::no || !find_endpoints(interface, wanted_.kind)) return false;
    if (verdict == Verdict::read_descriptor) {
      Look look = look_at_report_descriptor(handle, interface, may_detach);
      report_descriptor = std::move(look.descriptor);
      busy = busy || look.in_use;
      facts.usage_pages = read_report_descriptor(report_descriptor).usage_pages;
      facts.usage_pages_known = true;
      verdict = judge(wanted_, ids.idVendor, ids.idProduct, facts);
    }
    if (verdict == Verdict::yes) chosen = &interface;
    return chosen != nullptr;
  });
  if (!chosen) {
    // A device that answered is settled; one that did not answer gets its further tries.
    candidate.settled = !report_descriptor.empty();
    candidate.retry.failed(clock_.now_us());
    // Only of a device whose ids were asked for: any HID device that some program reads could be meant
    // otherwise.
    if (candidate.retry.lasting() && busy && may_detach) candidate.trouble = in_use(candidate.port);
    return nullptr;
  }

  libusb_set_auto_detach_kernel_driver(handle, 1);
  const int code = libusb_claim_interface(handle, chosen->bInterfaceNumber);
  if (code != LIBUSB_SUCCESS) {
    candidate.retry.failed(clock_.now_us());
    if (!candidate.retry.lasting()) return nullptr;
    candidate.trouble = code == LIBUSB_ERROR_BUSY ? in_use(candidate.port)
                                                  : fmt::format("{} cannot be claimed: {}. Plug the device in again",
                                                                candidate.port, libusb_strerror(code));
    return nullptr;
  }
  if (wanted_.kind == Kind::hid && report_descriptor.empty()) {
    report_descriptor = fetch_report_descriptor(handle, *chosen);
  }
  const Endpoints found = *find_endpoints(*chosen, wanted_.kind);
  if (wanted_.kind == Kind::bulk) {
    // A halt left over from an earlier user shows as a pipe error at the first transfer.
    libusb_clear_halt(handle, found.in_address);
    if (found.out_address) libusb_clear_halt(handle, found.out_address);
  }
  identity.in_packet_size = found.in_packet_size;
  identity.out_packet_size = found.out_packet_size;
  UsbEndpoints endpoints;
  endpoints.interface = chosen->bInterfaceNumber;
  endpoints.in_address = found.in_address;
  endpoints.out_address = found.out_address;
  endpoints.interrupt = wanted_.kind == Kind::hid;
  endpoints.in_buffer_bytes =
      in_buffer_bytes(wanted_.kind, found.in_packet_size, read_report_descriptor(report_descriptor).longest_input_bytes);
  candidate.settled = true;
  candidate.trouble.clear();
  auto port = std::make_unique<UsbPort>(context_, handle, endpoints, std::move(identity), clock_);
  // release_interface() would otherwise bind the kernel's driver again, which a confined process may not do;
  // and the next start would only take the device away from it once more.
  libusb_set_auto_detach_kernel_driver(handle, 0);
  // A device that is gone already tells so through the port's first service().
  (void)port->start();
  return port;
}

}  // namespace patella::transport
