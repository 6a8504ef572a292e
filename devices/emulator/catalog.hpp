// The kinds of devices there are, and how one is asked for in words: "chronojump_force",
// "hid_scale:unit=oz:name=left". A kind is called like the driver that takes it.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>

#include "base/result.hpp"
#include "emulator/serial_model.hpp"
#include "emulator/usb_model.hpp"

namespace patella::emulator {

struct Kind {
  const char* name;     ///< the folder of its driver ("lines" alone belongs to none)
  const char* alias;    ///< a short form that is understood as well, or ""
  const char* ids;      ///< "17a4:0003"
  const char* about;    ///< one line
  const char* options;  ///< "serial=TEXT unit=g|oz"
  bool whole = true;    ///< false: it is nothing without an option of its own (a file)
};
std::span<const Kind> kinds();

struct Wish {
  std::string kind;  ///< Kind::name, also when the alias was written
  std::string name;
  std::map<std::string, std::string> options;
};
/// KIND[:KEY=VALUE…], KIND a name or an alias. The device is called as KIND was written unless name=… says otherwise.
Result<Wish> parse_wish(const std::string& text);

/// One of the two is set.
struct Made {
  std::unique_ptr<UsbModel> usb;
  std::unique_ptr<SerialModel> serial;
};
/// Fails when the kind has no such option or the value is wrong.
Result<Made> make_model(const Wish& wish, uint64_t seed);

}  // namespace patella::emulator
