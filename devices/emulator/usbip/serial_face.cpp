#include "usbip/serial_face.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace patella::emulator::usbip {

namespace {

constexpr uint8_t kBulk = 2, kInterrupt = 3, kVendorClass = 0xFF;
constexpr uint8_t kToHost = 0x80;
// What a bridge chip buffers for a host that does not read, in packets.
constexpr std::size_t kPacketsKept = 8;
constexpr uint64_t kSeed = 1;  // a face has no randomness of its own

/// The release number, by which drivers tell chips apart.
Descriptors with_release(Descriptors d, uint16_t release) {
  d.device[12] = static_cast<uint8_t>(release & 0xFF);
  d.device[13] = static_cast<uint8_t>(release >> 8);
  return d;
}

Descriptors ftdi_descriptors(const UsbIdentity& identity) {
  constexpr uint16_t kFt232r = 0x0600, kFtX = 0x1000, kFtXProduct = 0x6015;
  const std::vector<Endpoint> endpoints = {{0x81, kBulk, 64, 0}, {0x02, kBulk, 64, 0}};
  return with_release(descriptors(identity, kVendorClass, {}, endpoints), identity.product == kFtXProduct ? kFtX : kFt232r);
}

Descriptors ch340_descriptors(const UsbIdentity& identity) {
  const std::vector<Endpoint> endpoints = {{0x82, kBulk, 32, 0}, {0x02, kBulk, 32, 0}, {0x81, kInterrupt, 8, 1}};
  return with_release(descriptors(identity, kVendorClass, {}, endpoints), 0x0264);
}

/// A control interface with its functional descriptors (CDC 1.2, PSTN 1.2) and a data interface.
Descriptors cdc_descriptors(const UsbIdentity& identity) {
  const std::vector<Endpoint> endpoints = {{0x81, kInterrupt, 8, 16}, {0x82, kBulk, 64, 0}, {0x03, kBulk, 64, 0}};
  Descriptors d = with_release(descriptors(identity, 2, {}, endpoints), 0x0001);
  d.device[4] = 2;                                                            // device class: communication
  d.configuration = {9, 2,    67,   0,          2,  1,    0,    0x80, 49,     //
                     9, 4,    0,    0,          1,  2,    2,    1,    0,      // interface 0: abstract control model
                     5, 0x24, 0,    0x10,       1,  5,    0x24, 1,    0,  1,  // header, call management
                     4, 0x24, 2,    6,          5,  0x24, 6,    0,    1,      // line requests; union of 0 and 1
                     7, 5,    0x81, kInterrupt, 8,  0,    16,                 //
                     9, 4,    1,    0,          2,  0x0A, 0,    0,    0,      // interface 1: data
                     7, 5,    0x82, kBulk,      64, 0,    0,    7,    5,  0x03, kBulk, 64, 0, 0};
  return d;
}

}  // namespace

SerialFace::SerialFace(Descriptors descriptors, std::unique_ptr<SerialModel>&& model)
    : UsbModel(std::move(descriptors), kSeed), model_(std::move(model)) {
  for (const Endpoint& endpoint : this->descriptors().endpoints) {
    if (endpoint.attributes != kBulk) continue;
    (endpoint.address & kToHost ? data_in_ : data_out_) = endpoint.address;
  }
}

void SerialFace::unplugged(int64_t now_us) {
  tick(now_us);
  set_dtr(false);
}

void SerialFace::on_reset() { set_dtr(false); }

void SerialFace::set_dtr(bool on) {
  if (std::exchange(dtr_, on) == on) return;
  on ? model_->opened(now_us()) : model_->closed(now_us());
}

void SerialFace::on_out(uint8_t endpoint, const Bytes& data) {
  if (endpoint == data_out_ && dtr_) model_->received(data, now_us());
}

void SerialFace::on_tick() {
  const Bytes bytes = model_->take_output(now_us());
  if (!bytes.empty()) line_sent(bytes);
}

int64_t SerialFace::next_event_us() const { return model_->deadline_us(); }

void SerialFace::line_sent(const Bytes& bytes) {
  std::size_t packet = 64;
  for (const Endpoint& endpoint : descriptors().endpoints)
    if (endpoint.address == data_in_) packet = endpoint.packet_size;
  for (std::size_t at = 0; at < bytes.size(); at += packet) {
    const std::size_t end = std::min(at + packet, bytes.size());
    put_packet({bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.begin() + static_cast<std::ptrdiff_t>(end)});
  }
  // A last packet that is full would leave the reader waiting for more.
  if (bytes.size() % packet == 0) put_packet({});
}

void SerialFace::put_packet(Bytes packet) { put_report(data_in_, std::move(packet), kPacketsKept, WhenFull::lose_newest); }

// ---- FTDI ---------------------------------------------------------------------------------------------------

namespace {

constexpr std::size_t kFtdiData = 62;
constexpr std::size_t kFtdiBuffer = 256;
constexpr int64_t kEmptyUs = 40'000;
constexpr uint8_t kModemState = 0xB1;  // carrier, DSR and CTS on
constexpr uint8_t kLineState = 0x60;   // all sent

}  // namespace

FtdiFace::FtdiFace(std::unique_ptr<SerialModel> model) : SerialFace(ftdi_descriptors(model->identity()), std::move(model)) {}

int FtdiFace::on_control(const Setup& setup, const Bytes&, Bytes& in) {
  enum Request : uint8_t { kReset = 0, kModem = 1, kGetState = 5, kSetLatency = 9, kGetLatency = 10, kReadMemory = 0x90 };
  if ((setup.type & 0x60) != 0x40) return -EPIPE;
  const bool reads = (setup.type & kToHost) != 0;
  if (reads) {
    if (setup.request == kGetState) in = {kModemState, kLineState};
    if (setup.request == kGetLatency) in = {static_cast<uint8_t>(latency_ms_)};
    if (setup.request == kReadMemory) in = {0xFF, 0xFF};  // no EEPROM, as many boards
    return in.empty() ? -EPIPE : 0;
  }
  constexpr uint16_t kPurgeToHost = 1;
  if (setup.request == kReset && setup.value == kPurgeToHost) held_.clear();
  const bool changes_dtr = (setup.value & 0x0100) != 0;
  if (setup.request == kModem && changes_dtr) set_dtr((setup.value & 1) != 0);
  if (setup.request == kSetLatency) latency_ms_ = std::clamp(setup.value & 0xFF, 1, 255);
  return 0;
}

void FtdiFace::on_reset() {
  SerialFace::on_reset();
  held_.clear();
  latency_ms_ = 16;
  flush_us_ = kNever;
  last_was_full_ = false;
}

void FtdiFace::line_sent(const Bytes& bytes) {
  if (held_.empty()) flush_us_ = now_us() + latency_ms_ * 1000;
  held_.insert(held_.end(), bytes.begin(), bytes.end());
  while (held_.size() >= kFtdiData && is_awaited(data_in_)) send_packet();
  if (held_.size() > kFtdiBuffer) held_.resize(kFtdiBuffer);
}

void FtdiFace::on_tick() {
  SerialFace::on_tick();
  while (!held_.empty() && now_us() >= flush_us_ && is_awaited(data_in_)) send_packet();
  if (now_us() >= empty_due_us()) send_packet();
}

int64_t FtdiFace::empty_due_us() const {
  if (!is_awaited(data_in_)) return kNever;
  return last_packet_us_ + (last_was_full_ ? latency_ms_ * 1000 : kEmptyUs);
}

int64_t FtdiFace::next_event_us() const {
  // Held bytes that nobody awaits have no deadline: the next transfer brings a tick.
  const int64_t flush = held_.empty() || !is_awaited(data_in_) ? kNever : flush_us_;
  return std::min({SerialFace::next_event_us(), flush, empty_due_us()});
}

void FtdiFace::send_packet() {
  Bytes packet = {kModemState, kLineState};
  const auto end = held_.begin() + static_cast<std::ptrdiff_t>(std::min(held_.size(), kFtdiData));
  packet.insert(packet.end(), held_.begin(), end);
  held_.erase(held_.begin(), end);
  last_packet_us_ = now_us();
  last_was_full_ = packet.size() == kFtdiData + 2;
  put_packet(std::move(packet));
}

// ---- CH340 --------------------------------------------------------------------------------------------------

Ch340Face::Ch340Face(std::unique_ptr<SerialModel> model) : SerialFace(ch340_descriptors(model->identity()), std::move(model)) {}

int Ch340Face::on_control(const Setup& setup, const Bytes&, Bytes& in) {
  constexpr uint8_t kChipVersion = 0x5F, kModem = 0xA4;
  if ((setup.type & 0x60) != 0x40) return -EPIPE;
  if (setup.type & kToHost) {
    in = setup.request == kChipVersion ? Bytes{0x31, 0} : Bytes{0, 0};  // registers: all lines on (they read inverted)
    return 0;
  }
  constexpr uint16_t kDtr = 1u << 5;  // inverted as well
  if (setup.request == kModem) set_dtr((setup.value & kDtr) == 0);
  return 0;
}

// ---- CDC-ACM ------------------------------------------------------------------------------------------------

CdcAcmFace::CdcAcmFace(std::unique_ptr<SerialModel> model) : SerialFace(cdc_descriptors(model->identity()), std::move(model)) {}

int CdcAcmFace::on_control(const Setup& setup, const Bytes& out, Bytes& in) {
  constexpr uint8_t kSetCoding = 0x20, kGetCoding = 0x21, kSetLines = 0x22, kBreak = 0x23;
  if ((setup.type & 0x60) != 0x20) return -EPIPE;
  switch (setup.request) {
    case kSetCoding:
      if (out.size() != line_coding_.size()) return -EPIPE;
      line_coding_ = out;  // its first four bytes: the speed, the lowest byte first
      line().set_host_baud(out[0] | out[1] << 8 | out[2] << 16 | static_cast<uint32_t>(out[3]) << 24);
      return 0;
    case kGetCoding:
      in = line_coding_;
      return 0;
    case kSetLines:
      set_dtr((setup.value & 1) != 0);
      return 0;
    case kBreak:
      return 0;
    default:
      return -EPIPE;
  }
}

std::unique_ptr<SerialFace> make_serial_face(std::unique_ptr<SerialModel> model) {
  constexpr uint16_t kFtdiVendor = 0x0403, kCh340Vendor = 0x1A86;
  if (model->identity().vendor == kFtdiVendor) return std::make_unique<FtdiFace>(std::move(model));
  if (model->identity().vendor == kCh340Vendor) return std::make_unique<Ch340Face>(std::move(model));
  return std::make_unique<CdcAcmFace>(std::move(model));
}

}  // namespace patella::emulator::usbip
