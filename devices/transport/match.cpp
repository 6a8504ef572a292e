#include "transport/match.hpp"

#include <algorithm>

#include "transport/port_name.hpp"

namespace patella::transport {
namespace {
constexpr int kHidClass = 3;
}

bool ids_match(const Match& match, int vendor, int product) {
  return (match.vendor < 0 || match.vendor == vendor) && (match.product < 0 || match.product == product);
}

Verdict judge(const Match& match, Kind kind, int vendor, int product, const InterfaceFacts& interface) {
  if (!ids_match(match, vendor, product)) return Verdict::no;
  if (kind == Kind::hid && interface.interface_class != kHidClass) return Verdict::no;
  if (match.interface_class >= 0 && match.interface_class != interface.interface_class) return Verdict::no;
  if (match.usage_page < 0) return Verdict::yes;
  if (interface.interface_class != kHidClass) return Verdict::no;
  if (!interface.usage_pages_known) return Verdict::read_descriptor;
  const auto& pages = interface.usage_pages;
  return std::find(pages.begin(), pages.end(), match.usage_page) != pages.end() ? Verdict::yes : Verdict::no;
}

Verdict judge(const Wanted& wanted, int vendor, int product, const InterfaceFacts& interface) {
  Verdict best = Verdict::no;
  for (const Match& match : wanted.matches) {
    const Verdict verdict = judge(match, wanted.kind, vendor, product, interface);
    if (verdict == Verdict::yes) return verdict;
    if (verdict == Verdict::read_descriptor) best = verdict;
  }
  return best;
}

bool serial_matches(const Wanted& wanted, int vendor, int product) {
  return std::any_of(wanted.matches.begin(), wanted.matches.end(),
                     [&](const Match& match) { return ids_match(match, vendor, product); });
}

bool serial_number_matches(const Wanted& wanted, const std::string& serial_number) {
  return wanted.serial_number.empty() || wanted.serial_number == serial_number;
}

bool port_matches(const Wanted& wanted, const std::string& port) {
  return wanted.port.empty() || same_socket(wanted.port, port);
}

}  // namespace patella::transport
