#include "attached.hpp"

#include <nlohmann/json.hpp>

#include "transport/transport.hpp"

namespace patella::host {

std::string attached_json() {
  nlohmann::json list = nlohmann::json::array();
  for (const transport::Attached& device : transport::list_attached()) {
    nlohmann::json interfaces = nlohmann::json::array();
    for (const UsbMatch& interface : device.interfaces)
      interfaces.push_back({{"interface_class", interface.interface_class}, {"usage_page", interface.usage_page}});
    list.push_back({{"vendor", device.identity.vendor},
                    {"product", device.identity.product},
                    {"manufacturer", device.identity.manufacturer},
                    {"product_name", device.identity.product_name},
                    {"serial", device.identity.serial_number},
                    {"port", device.identity.port},
                    {"serial_port", device.is_serial},
                    {"node", device.node},
                    {"kernel_driver", device.kernel_driver},
                    {"interfaces", interfaces},
                    {"trouble", device.trouble}});
  }
  return list.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace patella::host
