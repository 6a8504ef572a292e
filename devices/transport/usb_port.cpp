#include "transport/usb_port.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fmt/format.h>

namespace patella::transport {
namespace {

constexpr int kInTransfers = 4;
constexpr std::size_t kWaitingWrites = 64, kWaitingControls = 64;
constexpr unsigned kOutTimeoutMs = 2000, kControlTimeoutMs = 2000;
constexpr int64_t kRetryUs = 20'000;
// Hardware that is being pulled out reports protocol errors for 100–250 ms before the hub notices.
constexpr int64_t kErrorsUs = 500'000;
constexpr int kOverflowsInRow = 8, kOutErrors = 10;
constexpr int64_t kFlushUs = 250'000, kCancelUs = 2'000'000;
constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

int errno_of(libusb_transfer_status status) {
  switch (status) {
    case LIBUSB_TRANSFER_COMPLETED:
      return 0;
    case LIBUSB_TRANSFER_TIMED_OUT:
      return -ETIMEDOUT;
    case LIBUSB_TRANSFER_CANCELLED:
      return -ECANCELED;
    case LIBUSB_TRANSFER_STALL:
      return -EPIPE;
    case LIBUSB_TRANSFER_NO_DEVICE:
      return -ENODEV;
    case LIBUSB_TRANSFER_OVERFLOW:
      return -EOVERFLOW;
    case LIBUSB_TRANSFER_ERROR:
      break;
  }
  return -EIO;
}

}  // namespace

UsbPort::UsbPort(std::shared_ptr<UsbContext> context, libusb_device_handle* handle, const UsbEndpoints& endpoints,
                 Identity identity, const Clock& clock)
    : context_(std::move(context)), handle_(handle), endpoints_(endpoints), identity_(std::move(identity)), clock_(clock) {
  context_->watch(libusb_get_device(handle_), &left_);
}

Status UsbPort::start() {
  for (int i = 0; i < kInTransfers; ++i) in_.push_back(make_slot(Use::in, endpoints_.in_buffer_bytes));
  out_ = make_slot(Use::out, 0);
  submit_idle_in();
  if (is_gone_) return Error{gone_why_, identity_.port, ""};
  return {};
}

UsbPort::~UsbPort() {
  context_->unwatch(&left_);
  if (!is_gone_) run_until_idle(kFlushUs, true);
  cancel_all();
  run_until_idle(kCancelUs, false);
  if (any_flying()) {
    abandon();
    return;
  }
  libusb_release_interface(handle_, endpoints_.interface);
  libusb_close(handle_);
}

// The kernel did not give a cancelled transfer back in time. Its memory, the handle and the session must then
// stay for ever: this process is about to end anyway, and the kernel cleans up behind it.
void UsbPort::abandon() {
  const auto give_up = [](SlotPtr& slot) {
    if (!slot || !slot->flying) return;
    slot->port = nullptr;
    (void)slot.release();
  };
  for (SlotPtr& slot : in_) give_up(slot);
  for (SlotPtr& slot : controls_) give_up(slot);
  give_up(out_);
  (void)new std::shared_ptr<UsbContext>(context_);
}

UsbPort::SlotPtr UsbPort::make_slot(Use use, std::size_t bytes) {
  auto slot = std::make_unique<Slot>();
  slot->port = this;
  slot->use = use;
  slot->buffer.resize(bytes);
  slot->transfer = libusb_alloc_transfer(0);
  return slot;
}

// Only notes the completion; service() acts on it.
void LIBUSB_CALL UsbPort::on_done(libusb_transfer* transfer) {
  auto* slot = static_cast<Slot*>(transfer->user_data);
  slot->flying = false;
  if (!slot->port) return;
  slot->unread = true;
  slot->done_us = slot->port->clock_.now_us();
  slot->port->done_.push_back(slot);
}

int UsbPort::submit(Slot& slot) {
  if (!slot.transfer) return LIBUSB_ERROR_NO_MEM;
  const auto length = static_cast<int>(slot.buffer.size());
  uint8_t* data = slot.buffer.data();
  if (slot.use == Use::control) {
    libusb_fill_control_transfer(slot.transfer, handle_, data, &UsbPort::on_done, &slot, kControlTimeoutMs);
  } else {
    const uint8_t address = slot.use == Use::in ? endpoints_.in_address : endpoints_.out_address;
    const unsigned timeout_ms = slot.use == Use::in ? 0 : kOutTimeoutMs;
    if (endpoints_.interrupt)
      libusb_fill_interrupt_transfer(slot.transfer, handle_, address, data, length, &UsbPort::on_done, &slot, timeout_ms);
    else
      libusb_fill_bulk_transfer(slot.transfer, handle_, address, data, length, &UsbPort::on_done, &slot, timeout_ms);
  }
  const int code = libusb_submit_transfer(slot.transfer);
  slot.flying = code == LIBUSB_SUCCESS;
  if (code == LIBUSB_ERROR_NO_DEVICE) set_gone(Gone::unplugged, "the device was unplugged");
  return code;
}

void UsbPort::submit_idle_in() {
  for (SlotPtr& slot : in_) {
    if (slot->flying || is_gone_ || stalled_) continue;
    if (submit(*slot) != LIBUSB_SUCCESS) note_error(clock_.now_us());
  }
}

bool UsbPort::write(std::span<const uint8_t> bytes) {
  if (is_gone_ || bytes.empty() || endpoints_.out_address == 0) return false;
  if (waiting_.size() >= kWaitingWrites) return false;
  waiting_.emplace_back(bytes.begin(), bytes.end());
  send_next();
  return true;
}

// One OUT transfer at a time keeps the order even when one has to be sent again. It stays at the head of the
// queue until the device has taken it.
void UsbPort::send_next() {
  if (is_gone_ || waiting_.empty() || out_->flying || out_->unread) return;
  out_->buffer = waiting_.front();
  if (submit(*out_) != LIBUSB_SUCCESS) note_error(clock_.now_us());
}

bool UsbPort::control(uint32_t tag, uint8_t request_type, uint8_t request, uint16_t value, uint16_t index,
                      std::span<const uint8_t> data, uint16_t length) {
  const bool is_in = (request_type & LIBUSB_ENDPOINT_IN) != 0;
  if (is_gone_ || controls_.size() >= kWaitingControls) return false;
  if (!is_in && data.size() != length) return false;
  SlotPtr slot = make_slot(Use::control, LIBUSB_CONTROL_SETUP_SIZE + std::size_t{length});
  slot->tag = tag;
  libusb_fill_control_setup(slot->buffer.data(), request_type, request, value, index, length);
  if (!is_in) std::copy(data.begin(), data.end(), slot->buffer.begin() + LIBUSB_CONTROL_SETUP_SIZE);
  if (submit(*slot) != LIBUSB_SUCCESS) return false;
  controls_.push_back(std::move(slot));
  return true;
}

void UsbPort::wait_fds(std::vector<pollfd>& out) const { context_->wait_fds(out); }

int64_t UsbPort::deadline_us() const {
  // What already waits (noticed while somebody else pumped, or in a write) is due at once.
  if (!done_.empty() || (left_ && !gone_told_) || (is_gone_ && !gone_told_)) return 0;
  return std::min(retry_us_, context_->deadline_us(clock_.now_us()));
}

void UsbPort::service(PortEvents& events) {
  if (gone_told_) return;
  context_->pump();
  for (Slot* slot : std::exchange(done_, {})) {
    slot->unread = false;
    switch (slot->use) {
      case Use::in:
        finish_in(*slot, events);
        break;
      case Use::out:
        finish_out(*slot, events);
        break;
      case Use::control:
        finish_control(*slot, events);
        break;
    }
  }
  if (stalled_ && !is_gone_ && flying_in() == 0) recover_stall();
  if (clock_.now_us() >= retry_us_) {
    retry_us_ = kNever;
    submit_idle_in();
    send_next();
  }
  if (left_) set_gone(Gone::unplugged, "the device was unplugged");
  if (!is_gone_) return;
  gone_told_ = true;
  retry_us_ = kNever;
  cancel_all();
  events.gone(gone_reason_, gone_why_);
}

// A cancelled bulk transfer keeps the packets it had; a part of a HID report is of no use.
void UsbPort::deliver(const Slot& slot, PortEvents& events) const {
  const libusb_transfer& transfer = *slot.transfer;
  const bool whole = transfer.status == LIBUSB_TRANSFER_COMPLETED;
  const bool part = !endpoints_.interrupt && transfer.status == LIBUSB_TRANSFER_CANCELLED;
  if ((whole || part) && transfer.actual_length > 0)
    events.received({slot.buffer.data(), static_cast<std::size_t>(transfer.actual_length)}, slot.done_us);
}

void UsbPort::finish_in(Slot& slot, PortEvents& events) {
  deliver(slot, events);
  switch (slot.transfer->status) {
    case LIBUSB_TRANSFER_COMPLETED:
      note_good();
      break;
    case LIBUSB_TRANSFER_TIMED_OUT:
      break;
    case LIBUSB_TRANSFER_CANCELLED:
      return;
    case LIBUSB_TRANSFER_NO_DEVICE:
      return set_gone(Gone::unplugged, "the device was unplugged");
    case LIBUSB_TRANSFER_STALL:
      if (stalled_) return;
      if (++stalls_in_row_ > 1)
        return set_gone(Gone::unplugged, "the device stalled again right after it was cleared; it seems unplugged");
      events.reported("the device stalled; the halt is being cleared");
      stalled_ = true;
      for (SlotPtr& other : in_)
        if (other->flying) libusb_cancel_transfer(other->transfer);
      return;
    case LIBUSB_TRANSFER_OVERFLOW:
      events.reported(fmt::format("the device sent more than the {} bytes asked for", slot.buffer.size()));
      if (++overflows_in_row_ > kOverflowsInRow)
        return set_gone(Gone::failed, "the device keeps sending longer packets than it announced");
      retry_us_ = std::min(retry_us_, slot.done_us + kRetryUs);
      return;
    case LIBUSB_TRANSFER_ERROR:
      return note_error(slot.done_us);
  }
  if (!stalled_ && !is_gone_ && submit(slot) != LIBUSB_SUCCESS) note_error(slot.done_us);
}

void UsbPort::finish_out(Slot& slot, PortEvents& events) {
  switch (slot.transfer->status) {
    case LIBUSB_TRANSFER_COMPLETED:
      first_error_us_ = -1;  // the connection works
      break;
    case LIBUSB_TRANSFER_CANCELLED:
      return;
    case LIBUSB_TRANSFER_NO_DEVICE:
      return set_gone(Gone::unplugged, "the device was unplugged");
    case LIBUSB_TRANSFER_ERROR:
      if (++out_tries_ <= kOutErrors) return note_error(slot.done_us);
      events.reported("a write kept failing; it was dropped");
      break;
    case LIBUSB_TRANSFER_STALL:
      if (++out_tries_ == 1) {
        libusb_clear_halt(handle_, endpoints_.out_address);
        return send_next();
      }
      events.reported("the device refused a write twice; it was dropped");
      break;
    case LIBUSB_TRANSFER_TIMED_OUT:
    case LIBUSB_TRANSFER_OVERFLOW:
      events.reported("the device did not take a write within 2 s; it was dropped");
      break;
  }
  out_tries_ = 0;
  if (!waiting_.empty()) waiting_.pop_front();
  send_next();
}

void UsbPort::finish_control(Slot& slot, PortEvents& events) {
  const auto own = std::find_if(controls_.begin(), controls_.end(), [&](const SlotPtr& other) { return other.get() == &slot; });
  const SlotPtr keep = std::move(*own);
  controls_.erase(own);
  const bool is_in = (slot.buffer[0] & LIBUSB_ENDPOINT_IN) != 0;
  const std::size_t length = is_in ? static_cast<std::size_t>(std::max(0, slot.transfer->actual_length)) : 0;
  events.control_done(slot.tag, errno_of(slot.transfer->status), {slot.buffer.data() + LIBUSB_CONTROL_SETUP_SIZE, length},
                      slot.done_us);
  if (slot.transfer->status == LIBUSB_TRANSFER_NO_DEVICE) set_gone(Gone::unplugged, "the device was unplugged");
}

void UsbPort::recover_stall() {
  stalled_ = false;
  const int code = libusb_clear_halt(handle_, endpoints_.in_address);
  if (code == LIBUSB_ERROR_NO_DEVICE || code == LIBUSB_ERROR_NOT_FOUND)
    return set_gone(Gone::unplugged, "the device was unplugged");
  submit_idle_in();
}

void UsbPort::note_good() {
  stalls_in_row_ = overflows_in_row_ = 0;
  first_error_us_ = -1;
}

void UsbPort::note_error(int64_t now_us) {
  if (is_gone_) return;
  if (first_error_us_ < 0) first_error_us_ = now_us;
  if (now_us - first_error_us_ > kErrorsUs)
    return set_gone(Gone::unplugged, "the USB connection keeps failing; the device seems unplugged");
  retry_us_ = std::min(retry_us_, now_us + kRetryUs);
}

void UsbPort::set_gone(Gone reason, std::string why) {
  if (is_gone_) return;
  is_gone_ = true;
  gone_reason_ = reason;
  gone_why_ = std::move(why);
}

int UsbPort::flying_in() const {
  return static_cast<int>(std::count_if(in_.begin(), in_.end(), [](const SlotPtr& slot) { return slot->flying; }));
}

bool UsbPort::any_control_flying() const {
  return std::any_of(controls_.begin(), controls_.end(), [](const SlotPtr& slot) { return slot->flying; });
}

bool UsbPort::any_flying() const { return flying_in() > 0 || (out_ && out_->flying) || any_control_flying(); }

void UsbPort::cancel_all() {
  const auto cancel = [](const SlotPtr& slot) {
    if (slot && slot->flying) libusb_cancel_transfer(slot->transfer);
  };
  std::for_each(in_.begin(), in_.end(), cancel);
  std::for_each(controls_.begin(), controls_.end(), cancel);
  cancel(out_);
}

// Used at close only, when nobody reads events any more. only_writes: until the queue of writes is empty and
// every control transfer answered (the last word of a driver may be either); else until nothing is in flight.
void UsbPort::run_until_idle(int64_t limit_us, bool only_writes) {
  const int64_t end_us = clock_.now_us() + limit_us;
  const auto writes = [this] { return (!waiting_.empty() || any_control_flying()) && !is_gone_ && !left_; };
  while (only_writes ? writes() : any_flying()) {
    const int64_t rest_us = end_us - clock_.now_us();
    if (rest_us <= 0) return;
    timeval wait{0, static_cast<suseconds_t>(std::min<int64_t>(rest_us, 100'000))};
    libusb_handle_events_timeout_completed(context_->get(), &wait, nullptr);
    if (!only_writes || waiting_.empty() || out_->flying) continue;
    if (out_->transfer->status != LIBUSB_TRANSFER_COMPLETED) return;
    std::erase(done_, out_.get());
    out_->unread = false;
    waiting_.pop_front();
    send_next();
  }
}

}  // namespace patella::transport
