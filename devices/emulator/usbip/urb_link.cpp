#include "usbip/urb_link.hpp"

#include <algorithm>
#include <cerrno>

namespace patella::emulator::usbip {

namespace {

constexpr std::size_t kMaxInFlight = 1024;
// A host controller tries three times before it gives up on a transaction: about a millisecond.
constexpr int64_t kErrorUs = 1000;

}  // namespace

UrbLink::~UrbLink() {
  for (const auto& [sequence, flying] : flying_) model_.cancel(sequence, -ESHUTDOWN);
  static_cast<void>(model_.take_done());
}

void UrbLink::received(std::span<const uint8_t> bytes, int64_t now_us) {
  decoder_.add(bytes);
  while (const auto command = decoder_.next_command()) {
    if (const auto* one = std::get_if<Submit>(&*command))
      submit(*one, now_us);
    else
      unlink(std::get<Unlink>(*command));
  }
}

void UrbLink::submit(const Submit& s, int64_t now_us) {
  // A number that is in flight already would make two answers look alike; the kernel never does that.
  const bool cannot = s.iso_packets > 0 || flying_.contains(s.sequence) || flying_.size() >= kMaxInFlight;
  if (cannot) {
    const Bytes reply = submit_reply(s.sequence, s.iso_packets > 0 ? -EINVAL : -ENOMEM, 0, {});
    output_.insert(output_.end(), reply.begin(), reply.end());
    return;
  }
  flying_[s.sequence] = {s.endpoint, s.in, s.length};
  if (lost_) {
    if (next_error_us_ == kNever) next_error_us_ = now_us + kErrorUs;
    return;
  }
  Transfer transfer;
  transfer.id = s.sequence;
  transfer.type = s.endpoint == 0 ? TransferType::control : TransferType::interrupt;
  transfer.endpoint = static_cast<uint8_t>(s.endpoint | (s.in && s.endpoint ? 0x80 : 0));
  if (s.endpoint == 0) transfer.setup = Setup::parse(s.setup);
  transfer.length = s.length;
  transfer.out = s.out;
  model_.submit(std::move(transfer), now_us);
  collect();
}

/// -ECONNRESET: it was in flight and is not answered; 0: its own answer is on the way already.
void UrbLink::unlink(const Unlink& u) {
  const bool was_flying = flying_.erase(u.target) > 0;
  if (was_flying && !lost_) model_.cancel(u.target, -ECONNRESET);
  const Bytes reply = unlink_reply(u.sequence, was_flying ? -ECONNRESET : 0);
  output_.insert(output_.end(), reply.begin(), reply.end());
  collect();
}

void UrbLink::lose_contact(int64_t now_us) {
  lost_ = true;
  for (const auto& [sequence, flying] : flying_) model_.cancel(sequence, -EPROTO);
  static_cast<void>(model_.take_done());
  next_error_us_ = flying_.empty() ? kNever : now_us;
}

void UrbLink::tick(int64_t now_us) {
  model_.tick(now_us);
  collect();
  if (now_us < next_error_us_) return;
  next_error_us_ = kNever;
  const auto ending = flying_;
  for (const auto& [sequence, flying] : ending) answer({sequence, -EPROTO, 0, {}});
}

int64_t UrbLink::deadline_us() const { return std::min(model_.deadline_us(), next_error_us_); }

bool UrbLink::is_in_use() const {
  return std::any_of(flying_.begin(), flying_.end(), [](const auto& one) { return one.second.endpoint != 0; });
}

void UrbLink::collect() {
  for (const Completion& completion : model_.take_done()) answer(completion);
}

void UrbLink::answer(const Completion& completion) {
  const auto sequence = static_cast<uint32_t>(completion.id);
  const auto found = flying_.find(sequence);
  if (found == flying_.end()) return;  // unlinked meanwhile
  // A client reads as many bytes after the header as it says, and has room for what it asked.
  std::span<const uint8_t> in;
  if (found->second.in) in = std::span(completion.in).first(std::min<std::size_t>(completion.in.size(), found->second.length));
  const uint32_t actual = found->second.in ? static_cast<uint32_t>(in.size()) : completion.actual;
  flying_.erase(found);
  const Bytes reply = submit_reply(sequence, completion.status, actual, in);
  output_.insert(output_.end(), reply.begin(), reply.end());
}

}  // namespace patella::emulator::usbip
