#include "mock_bus/line_speed.hpp"

#include <asm/termbits.h>
#include <sys/ioctl.h>

namespace patella::emulator {

uint32_t line_speed_baud(int terminal) {
  termios2 settings{};
  return ::ioctl(terminal, TCGETS2, &settings) == 0 ? settings.c_ospeed : 0;
}

}  // namespace patella::emulator
