// What is attached to this machine, for `patella devices`: the kiosk itself links no transport.
#pragma once

#include <string>

namespace patella::host {

/// A JSON array, one object a USB device or USB serial port: vendor, product, manufacturer, product_name,
/// serial, port, serial_port, node, kernel_driver, interfaces [{interface_class, usage_page}], trouble.
std::string attached_json();

}  // namespace patella::host
