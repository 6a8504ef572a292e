#include "transport/serial_finder.hpp"
#include "transport/transport.hpp"
#include "transport/usb_finder.hpp"

namespace patella::transport {

Result<std::unique_ptr<Finder>> Finder::make(const Wanted& wanted, const Clock& clock) {
  if (wanted.kind == Kind::serial) return SerialFinder::make(wanted, clock);
  auto context = UsbContext::make(true);
  if (!context) return context.error();
  return std::unique_ptr<Finder>(std::make_unique<UsbFinder>(wanted, clock, *context));
}

}  // namespace patella::transport
