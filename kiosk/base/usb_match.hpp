// Which devices a driver can take, as its plugin.toml and its library say it (patella_match in patella/device.h).
#pragma once

namespace patella {

/// −1 fits anything. All given fields must fit.
struct UsbMatch {
  int vendor = -1, product = -1;
  int interface_class = -1, usage_page = -1;  ///< of an interface; a serial port has neither
};

}  // namespace patella
