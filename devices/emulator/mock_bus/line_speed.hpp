// The speed that a program has set a terminal to. Apart from the rest, because the kernel's termios and the C library's
// cannot be included together, and only the kernel's knows every speed.
#pragma once

#include <cstdint>

namespace patella::emulator {

/// In baud; 0 when it cannot be asked.
uint32_t line_speed_baud(int terminal);

}  // namespace patella::emulator
