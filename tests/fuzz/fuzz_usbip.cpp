// A USB/IP client that sends anything: at the beginning of a connection, and to a device it has.
#include "emulator/chronojump_model.hpp"
#include "emulator/scale_model.hpp"
#include "usbip/serial_face.hpp"
#include "usbip/urb_link.hpp"

using namespace patella::emulator;

namespace {

void talk_to(UsbModel& model, std::span<const uint8_t> bytes) {
  usbip::UrbLink link(model);
  int64_t now_us = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 97, now_us += 50'000) {
    link.received(bytes.subspan(at, std::min<std::size_t>(97, bytes.size() - at)), now_us);
    link.tick(now_us);
    if (at > 2000) link.lose_contact(now_us);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span<const uint8_t> bytes(data + 1, size - 1);
  if (data[0] % 3 == 0) {
    usbip::Decoder decoder;
    decoder.add(bytes);
    while (decoder.next_operation()) {
    }
  } else if (data[0] % 3 == 1) {
    ScaleModel scale{ScaleModel::Options{}};
    talk_to(scale, bytes);
  } else {
    const auto face = usbip::make_serial_face(std::make_unique<ChronojumpModel>(ChronojumpModel::Options{}));
    talk_to(*face, bytes);
  }
  return 0;
}
