// Which device a driver wants, decided from plain values.
#pragma once

#include <string>
#include <vector>

#include "transport/transport.hpp"

namespace patella::transport {

/// One interface of a USB device, as far as it is known without touching the device.
struct InterfaceFacts {
  int number = 0;
  int interface_class = 0;
  std::vector<int> usage_pages;  ///< of the HID report descriptor; empty when unknown or not HID
  bool usage_pages_known = false;
};

enum class Verdict { no, yes, read_descriptor };  ///< read_descriptor: decided by the report descriptor, which is not known yet

/// Vendor and product only: a device this refuses is never opened, detached or asked anything.
bool ids_match(const UsbMatch& match, int vendor, int product);

/// A HID driver takes class-3 interfaces only, whatever the match says; a bulk driver any class unless the
/// match names one.
Verdict judge(const UsbMatch& match, Kind kind, int vendor, int product, const InterfaceFacts& interface);

/// The best verdict over all matches: yes before read_descriptor before no.
Verdict judge(const Wanted& wanted, int vendor, int product, const InterfaceFacts& interface);

/// A serial port takes the ids of its USB parent.
bool serial_matches(const Wanted& wanted, int vendor, int product);

/// Whether a device that fits by its ids is the one that is wanted.
///   first   it is
///   second  the serial number is right and the socket is not: it was plugged in elsewhere, unless a `first` is there as
///           well (makers give the same serial number to several devices; the socket then tells them apart)
///   none    another one, or one that another driver is bound to by name
enum class Claim { none, second, first };
Claim claim_on(const Wanted& wanted, const std::string& serial_number, const std::string& port);

}  // namespace patella::transport
