#include "start_message.hpp"

#include <fmt/format.h>

namespace patella::host {
namespace {

/// Hands out the texts of a message one after the other; past its end all are "".
class Cursor {
 public:
  explicit Cursor(const wire::Message& message) : message_(message) {}
  bool done() const { return at_ >= message_.size(); }
  std::string text() { return done() ? std::string() : message_[at_++]; }
  int64_t number() { return wire::to_int(text()); }
  int whole() { return static_cast<int>(number()); }

 private:
  const wire::Message& message_;
  std::size_t at_ = 0;
};

UsbMatch read_match(Cursor& cursor) {
  UsbMatch match;
  match.vendor = cursor.whole();
  match.product = cursor.whole();
  match.interface_class = cursor.whole();
  match.usage_page = cursor.whole();
  return match;
}

SerialSettings read_serial(Cursor& cursor) {
  SerialSettings serial;
  serial.baud = static_cast<uint32_t>(cursor.number());
  serial.data_bits = cursor.whole();
  serial.parity = cursor.whole();
  serial.stop_bits = cursor.whole();
  serial.dtr = cursor.whole() != 0;
  return serial;
}

transport::Which read_which(Cursor& cursor) {
  transport::Which which;
  which.serial_number = cursor.text();
  which.port = cursor.text();
  return which;
}

void read_value(Cursor& cursor, Start& start) {
  patella_value value{};
  value.key = start.texts.emplace_back(cursor.text()).c_str();
  value.row = cursor.whole();
  value.number = wire::to_double(cursor.text());
  const bool has_text = cursor.whole() != 0;
  const std::string& text = start.texts.emplace_back(cursor.text());
  value.text = has_text ? text.c_str() : nullptr;
  start.values.push_back(value);
}

transport::Kind kind_of(const std::string& name) {
  return name == "bulk" ? transport::Kind::bulk : name == "serial" ? transport::Kind::serial : transport::Kind::hid;
}

}  // namespace

Result<Start> read_start(const wire::Message& message) {
  Cursor cursor(message);
  if (cursor.text() != "start" || cursor.text() != wire::kVersion)
    return Error{"The kiosk and this program are of different versions", "patella-plugin-host", "Install both from one package"};
  Start start;
  while (!cursor.done()) {
    const std::string key = cursor.text();
    if (key == "value")
      read_value(cursor, start);
    else if (key == "transport")
      start.wanted.kind = kind_of(start.transport = cursor.text());
    else if (key == "match")
      start.wanted.matches.push_back(read_match(cursor));
    else if (key == "serial_settings")
      start.wanted.serial = read_serial(cursor);
    else if (key == "serial_number")
      start.wanted.which.serial_number = cursor.text();
    else if (key == "port")
      start.wanted.which.port = cursor.text();
    else if (key == "other")
      start.wanted.others.push_back(read_which(cursor));
    else if (key == "sharers")
      start.wanted.sharers = cursor.whole();
    else if (key == "known")
      start.wanted.known.push_back(read_which(cursor));
    else if (key == "postponed") {
      std::string port = cursor.text();
      start.postponed_ports.emplace_back(std::move(port), cursor.number());
    } else if (key == "refused")
      start.refused_ports.push_back(cursor.text());
    else if (key == "seed")
      start.seed = static_cast<uint64_t>(cursor.number());
    else if (key == "present")
      start.present = static_cast<uint32_t>(cursor.number());
    else
      return Error{fmt::format("The start message has an unknown key \"{}\"", key), "patella-plugin-host",
                   "Install kiosk and host from one package"};
  }
  return start;
}

}  // namespace patella::host
