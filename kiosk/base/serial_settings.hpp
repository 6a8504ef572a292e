// How a serial port is set (patella_serial_settings in patella/device.h).
#pragma once

#include <cstdint>

namespace patella {

struct SerialSettings {
  uint32_t baud = 115200;  ///< 0 = not a speed: the port is not opened
  int data_bits = 8;       ///< 5…8
  int parity = 0;          ///< 0 none, 1 odd, 2 even
  int stop_bits = 1;       ///< 1 or 2
  bool dtr = true;         ///< raised when the port is opened
};

}  // namespace patella
