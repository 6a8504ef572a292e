#include "transport/serial_finder.hpp"

#include <sys/inotify.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/port_name.hpp"

namespace patella::transport {
namespace {

// inotify sees node and permission change at once; the slow look is for what it cannot see (a lost event).
constexpr int64_t kRescanUs = 2'000'000;
// The driver that had the device before opens it at once; it has this long before the others try.
constexpr int64_t kLeaveToKnownUs = 700'000;
// So long a driver asks at a port where nobody answers, before it is another one's turn.
constexpr int64_t kTurnUs = 8'000'000;

/// A number says which device it is. Without one, it is the socket.
bool is_known(const std::vector<Which>& known, const UsbTty& tty, const std::string& port) {
  return std::any_of(known.begin(), known.end(), [&](const Which& had) {
    if (!tty.serial_number.empty() || !had.serial_number.empty()) return had.serial_number == tty.serial_number;
    return same_socket(had.port, port);
  });
}

}  // namespace

Result<std::unique_ptr<Finder>> SerialFinder::make(const Wanted& wanted, const Clock& clock) {
  UniqueFd watch(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!watch || ::inotify_add_watch(watch.get(), "/dev", IN_CREATE | IN_DELETE | IN_ATTRIB) < 0)
    return Error{"new serial ports cannot be watched: " + std::string(std::strerror(errno)), "/dev",
                 "Raise fs.inotify.max_user_instances"};
  return std::unique_ptr<Finder>(new SerialFinder(wanted, clock, std::move(watch)));
}

SerialFinder::SerialFinder(Wanted wanted, const Clock& clock, UniqueFd watch)
    : wanted_(std::move(wanted)), clock_(clock), watch_(std::move(watch)) {}

void SerialFinder::wait_fds(std::vector<pollfd>& out) const { out.push_back({watch_.get(), POLLIN, 0}); }

int64_t SerialFinder::deadline_us() const {
  int64_t due_us = next_scan_us_;
  for (const Candidate& candidate : candidates_)
    if (is_next(candidate)) due_us = std::min(due_us, candidate.retry.next_us);
  return due_us;
}

bool SerialFinder::take_changes() {
  alignas(inotify_event) char events[4096];
  bool any = false;
  while (::read(watch_.get(), events, sizeof events) > 0) any = true;
  return any;
}

std::unique_ptr<Port> SerialFinder::service() {
  const bool changed = take_changes();
  if (changed || clock_.now_us() >= next_scan_us_) rescan();
  for (Candidate& candidate : candidates_) {
    if (!is_next(candidate) || !candidate.retry.due(clock_.now_us())) continue;
    if (auto port = try_open(candidate)) return port;
  }
  return nullptr;
}

void SerialFinder::rescan() {
  next_scan_us_ = clock_.now_us() + kRescanUs;
  const std::vector<UsbTty> present = list_usb_ttys();
  const auto same = [](const Candidate& candidate, const UsbTty& tty) {
    return candidate.tty.name == tty.name && candidate.tty.plug == tty.plug;
  };
  std::erase_if(candidates_, [&](const Candidate& candidate) {
    return std::none_of(present.begin(), present.end(), [&](const UsbTty& tty) { return same(candidate, tty); });
  });
  for (const UsbTty& tty : present) {
    const auto known = [&](const Candidate& candidate) { return same(candidate, tty); };
    if (std::any_of(candidates_.begin(), candidates_.end(), known)) continue;
    const std::string port = to_text({true, tty.name, tty.usb_path});
    if (!serial_matches(wanted_, tty.vendor, tty.product)) continue;
    const Claim claim = claim_on(wanted_, tty.serial_number, port);
    if (claim == Claim::none) continue;
    const bool refused = std::find(refused_.begin(), refused_.end(), port) != refused_.end();
    candidates_.push_back({tty, port, claim, {}, refused, ""});
    candidates_.back().retry.next_us = first_try_us(tty, port);
  }
  refused_.clear();
}

int64_t SerialFinder::first_try_us(const UsbTty& tty, const std::string& port) const {
  const bool named = !wanted_.which.serial_number.empty() || !wanted_.which.port.empty();
  const bool mine = named || wanted_.sharers == 0 || is_known(wanted_.known, tty, port);
  int64_t first_us = mine ? 0 : clock_.now_us() + kLeaveToKnownUs;
  for (const auto& [name, until_us] : postponed_)
    if (name == port) first_us = std::max(first_us, until_us);
  return first_us;
}

std::unique_ptr<Port> SerialFinder::try_open(Candidate& candidate) {
  OpenedTty opened = open_tty("/dev/" + candidate.tty.name, wanted_.serial);
  if (!opened.fd) {
    // Another program's port is looked at slowly from the start: each look costs it nothing but us an open.
    const bool in_use = opened.failure.error == EBUSY || opened.failure.error == EWOULDBLOCK;
    in_use ? candidate.retry.failed_for_long(clock_.now_us()) : candidate.retry.failed(clock_.now_us());
    if (!in_use)
      candidate.busy_since_us.reset();
    else if (!candidate.busy_since_us)
      candidate.busy_since_us = clock_.now_us();
    if (candidate.retry.lasting()) candidate.trouble = trouble_of(candidate, opened.failure);
    return nullptr;
  }
  candidate.settled = true;
  candidate.busy_since_us.reset();
  candidate.trouble.clear();
  const UsbTty& tty = candidate.tty;
  Identity identity{tty.vendor, tty.product, tty.manufacturer, tty.product_name, tty.serial_number, candidate.port, 0, 0};
  return std::make_unique<SerialPort>(std::move(opened.fd), std::move(identity), clock_);
}

/// Other drivers of this kiosk open the port in turns, which is nobody's trouble. Longer than all turns, one of them measures
/// with it, or it is another program's: from here the two look alike.
std::string SerialFinder::trouble_of(const Candidate& candidate, const OpenFailure& failure) const {
  if (!candidate.busy_since_us || wanted_.sharers == 0) return failure.why;
  if (clock_.now_us() - *candidate.busy_since_us <= wanted_.sharers * kTurnUs) return "";
  return "/dev/" + candidate.tty.name +
         " is in use by another sensor of this kiosk, or by another program. Plug this sensor in, or close that program";
}

/// Not settled, and no better one waits.
bool SerialFinder::is_next(const Candidate& candidate) const {
  if (candidate.settled) return false;
  return candidate.claim == Claim::first || std::none_of(candidates_.begin(), candidates_.end(), [](const Candidate& one) {
           return one.claim == Claim::first && !one.settled;
         });
}

std::string SerialFinder::trouble() const {
  for (const Candidate& candidate : candidates_)
    if (!candidate.settled && !candidate.trouble.empty()) return candidate.trouble;
  return "";
}

void SerialFinder::refuse(const std::string& port) {
  bool known = false;
  for (Candidate& candidate : candidates_) {
    if (candidate.port != port) continue;
    candidate.settled = known = true;
  }
  if (!known) refused_.push_back(port);
}

void SerialFinder::postpone(const std::string& port, int64_t for_us) {
  postponed_.emplace_back(port, clock_.now_us() + for_us);
  for (Candidate& candidate : candidates_)
    if (candidate.port == port) candidate.retry.next_us = std::max(candidate.retry.next_us, clock_.now_us() + for_us);
}

}  // namespace patella::transport
