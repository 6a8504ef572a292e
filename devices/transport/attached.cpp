#include <libusb.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <fstream>

#include <fmt/format.h>

#include "base/port_name.hpp"
#include "transport/sysfs.hpp"
#include "transport/transport.hpp"
#include "transport/usb_context.hpp"
#include "transport/usb_facts.hpp"

namespace patella::transport {
namespace {

/// Somebody holds a lock on the node. Patella and most terminal programs lock the ports they use; asking by
/// opening would raise DTR.
bool is_locked(const std::string& node) {
  struct stat found {};
  if (::stat(node.c_str(), &found) != 0) return false;
  const std::string key = fmt::format("{:02x}:{:02x}:{} ", major(found.st_dev), minor(found.st_dev), found.st_ino);
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);)
    if (line.find(" " + key) != std::string::npos) return true;
  return false;
}

Attached serial_port(const UsbTty& tty) {
  Attached port;
  port.identity = {
      tty.vendor, tty.product, tty.manufacturer, tty.product_name, tty.serial_number, to_text({true, tty.name, tty.usb_path}), 0,
      0};
  port.is_serial = true;
  port.node = "/dev/" + tty.name;
  port.kernel_driver = tty.driver;
  port.trouble = permission_trouble(port.node, true);
  if (port.trouble.empty() && is_locked(port.node))
    port.trouble = fmt::format("{} is in use by another program. Close it", port.node);
  return port;
}

void add_interface(Attached& attached, const libusb_interface_descriptor& interface, const std::string& path, int configuration,
                   int vendor, int product) {
  const InterfaceFacts facts = interface_facts(interface, path, configuration);
  for (int page : facts.usage_pages) attached.interfaces.push_back({vendor, product, facts.interface_class, page});
  if (facts.usage_pages.empty()) attached.interfaces.push_back({vendor, product, facts.interface_class, -1});
  const std::string driver = kernel_driver(path, configuration, facts.number);
  if (driver.empty()) return;
  if (driver == "usbfs") attached.trouble = "in use by another program. Close it";
  if (attached.kernel_driver.empty()) attached.kernel_driver = driver;
}

Attached usb_device(libusb_device* device, const libusb_device_descriptor& ids) {
  Attached attached;
  const std::string path = usb_path_of(device), folder = usb_folder(path);
  attached.identity.vendor = ids.idVendor;
  attached.identity.product = ids.idProduct;
  attached.identity.manufacturer = sysfs_text(folder + "/manufacturer");
  attached.identity.product_name = sysfs_text(folder + "/product");
  attached.identity.serial_number = sysfs_text(folder + "/serial");
  attached.identity.port = to_text({false, "", path});
  attached.node = usb_node_of(device);
  if (const ConfigPtr config = active_config(device))
    for (int i = 0; i < config->bNumInterfaces; ++i)
      if (config->interface[i].num_altsetting > 0)
        add_interface(attached, config->interface[i].altsetting[0], path, config->bConfigurationValue, ids.idVendor,
                      ids.idProduct);
  if (attached.trouble.empty()) attached.trouble = permission_trouble(attached.node, false);
  return attached;
}

}  // namespace

std::vector<Attached> list_attached() {
  std::vector<Attached> all;
  if (auto context = UsbContext::make(false)) {
    libusb_device** list = nullptr;
    const ssize_t count = libusb_get_device_list((*context)->get(), &list);
    for (ssize_t i = 0; i < count; ++i) {
      libusb_device_descriptor ids{};
      if (libusb_get_device_descriptor(list[i], &ids) == LIBUSB_SUCCESS && ids.bDeviceClass != LIBUSB_CLASS_HUB)
        all.push_back(usb_device(list[i], ids));
    }
    if (count >= 0) libusb_free_device_list(list, 1);
  }
  for (const UsbTty& tty : list_usb_ttys()) all.push_back(serial_port(tty));
  return all;
}

}  // namespace patella::transport
