// USB/IP as bytes (protocol version 1.1.1; Documentation/usb/usbip_protocol.rst of the Linux kernel): what a client asks,
// and the answers. No sockets, no devices. All numbers are big-endian; only the setup packet keeps USB's own order.
//
// A connection begins with one operation: list the devices, or import one. After an import it carries commands: submit a
// transfer, unlink one. A link that was handed straight to vhci_hcd carries commands from the start.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "emulator/usb.hpp"

namespace patella::emulator::usbip {

inline constexpr uint16_t kVersion = 0x0111;
inline constexpr std::size_t kOperationBytes = 8, kBusIdBytes = 32, kDeviceBytes = 312, kCommandBytes = 48;
/// More than usbfs hands over in one transfer (libusb cuts at 16 KiB); longer ones are an attack or a mistake.
inline constexpr uint32_t kMaxTransferBytes = 1u << 20;

// ---- operations -------------------------------------------------------------------------------------------

/// The last field of an operation's answer (the kernel's enum op_status).
enum class OpStatus : uint32_t { ok = 0, not_available = 1, busy = 2, error = 3, no_device = 4, failed = 5 };

struct ListRequest {};
struct ImportRequest {
  std::string bus_id;
};
using Operation = std::variant<ListRequest, ImportRequest>;

/// One device in an answer.
struct Exported {
  std::string bus_id;  ///< "1-2"
  uint32_t bus = 1, device = 1;
  const Descriptors* descriptors = nullptr;
};

/// Numbers of the kernel's enum usb_device_speed.
uint32_t speed_number(const Descriptors& descriptors);
uint32_t device_id(const Exported& device);
Bytes list_reply(std::span<const Exported> devices);
Bytes import_reply(OpStatus status, const Exported* device);

// ---- commands ---------------------------------------------------------------------------------------------

struct Submit {
  uint32_t sequence = 0, device = 0;
  bool in = false;
  uint8_t endpoint = 0;  ///< 0 to 15, without the direction
  uint32_t length = 0;   ///< IN: room; OUT: how much data follows
  uint32_t iso_packets = 0;
  std::array<uint8_t, 8> setup{};
  Bytes out;
};
struct Unlink {
  uint32_t sequence = 0, device = 0;
  uint32_t target = 0;  ///< the sequence number of the submit that is to end
};
using Command = std::variant<Submit, Unlink>;

Bytes submit_reply(uint32_t sequence, int status, uint32_t actual, std::span<const uint8_t> in);
Bytes unlink_reply(uint32_t sequence, int status);

// ---- decoding ---------------------------------------------------------------------------------------------

/// Bytes in as they come, whole messages out. After a message that cannot be, `broken()` says why and nothing more comes
/// out: where the next one begins is not known.
class Decoder {
 public:
  void add(std::span<const uint8_t> bytes);
  /// The operation at the beginning of a connection; none yet, or broken.
  std::optional<Operation> next_operation();
  std::optional<Command> next_command();
  const std::string& broken() const { return broken_; }
  /// What is left, for whoever goes on reading.
  Bytes take_rest();
  std::size_t buffered() const { return buffer_.size() - at_; }

 private:
  std::span<const uint8_t> rest() const { return std::span(buffer_).subspan(at_); }
  void take(std::size_t bytes) { at_ += bytes; }
  std::optional<Submit> submit(std::span<const uint8_t> head);

  Bytes buffer_;
  std::size_t at_ = 0;
  std::string broken_;
};

/// Reads and writes of big-endian numbers, for both ends.
uint32_t get32(std::span<const uint8_t> bytes, std::size_t at);
void put32(Bytes& bytes, uint32_t value);
void put16(Bytes& bytes, uint16_t value);

}  // namespace patella::emulator::usbip
