#include "transport/match.hpp"

#include <algorithm>

#include "base/port_name.hpp"

namespace patella::transport {
namespace {
constexpr int kHidClass = 3;

Claim claim_of(const Which& which, const std::string& serial_number, const std::string& port) {
  if (!which.serial_number.empty() && which.serial_number != serial_number) return Claim::none;
  if (which.port.empty() || same_socket(which.port, port)) return Claim::first;
  return which.serial_number.empty() ? Claim::none : Claim::second;
}

/// The weight of a claim: a serial number says more than a socket, both say most, neither nothing.
int names(const Which& which) { return (which.serial_number.empty() ? 0 : 2) + (which.port.empty() ? 0 : 1); }

}  // namespace

bool ids_match(const UsbMatch& match, int vendor, int product) {
  return (match.vendor < 0 || match.vendor == vendor) && (match.product < 0 || match.product == product);
}

Verdict judge(const UsbMatch& match, Kind kind, int vendor, int product, const InterfaceFacts& interface) {
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
  for (const UsbMatch& match : wanted.matches) {
    const Verdict verdict = judge(match, wanted.kind, vendor, product, interface);
    if (verdict == Verdict::yes) return verdict;
    if (verdict == Verdict::read_descriptor) best = verdict;
  }
  return best;
}

bool serial_matches(const Wanted& wanted, int vendor, int product) {
  return std::any_of(wanted.matches.begin(), wanted.matches.end(),
                     [&](const UsbMatch& match) { return ids_match(match, vendor, product); });
}

Claim claim_on(const Wanted& wanted, const std::string& serial_number, const std::string& port) {
  const Claim mine = claim_of(wanted.which, serial_number, port);
  for (const Which& other : wanted.others) {
    // Who names more has the better claim; between equals it is whoever opens it first.
    const bool theirs = claim_of(other, serial_number, port) == Claim::first;
    if (theirs && (mine != Claim::first || names(other) > names(wanted.which))) return Claim::none;
  }
  return mine;
}

}  // namespace patella::transport
