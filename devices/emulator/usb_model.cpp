#include "emulator/usb_model.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace patella::emulator {

namespace {

constexpr uint8_t kIn = 0x80;
constexpr uint8_t kToEndpoint = 2;

}  // namespace

UsbModel::UsbModel(Descriptors descriptors, uint64_t seed) : descriptors_(std::move(descriptors)), random_(seed) {
  for (const Endpoint& endpoint : descriptors_.endpoints) packet_size_[endpoint.address] = endpoint.packet_size;
}

void UsbModel::submit(Transfer transfer, int64_t now_us) {
  tick(now_us);
  const uint8_t endpoint = transfer.endpoint;
  if (transfer.type == TransferType::control) return control(transfer);
  if (!packet_size_.contains(endpoint)) return finish({transfer.id, -ENOENT, 0, {}}, endpoint);
  EndpointFault& fault = faults_[endpoint];
  if (fault.halted) return finish({transfer.id, -EPIPE, 0, {}}, endpoint);
  if ((endpoint & kIn) || fault.silent) {
    transfer.out = (endpoint & kIn) ? Bytes{} : std::move(transfer.out);
    pending_[endpoint].push_back(std::move(transfer));
    return match(endpoint);
  }
  if (const int status = std::exchange(fault.error_once, 0)) return finish({transfer.id, status, 0, {}}, endpoint);
  ++counts_.out_reports;
  finish({transfer.id, 0, static_cast<uint32_t>(transfer.out.size()), {}}, endpoint);
  on_out(endpoint, transfer.out);
}

bool UsbModel::cancel(uint64_t id, int status) {
  for (auto& [endpoint, queue] : pending_)
    for (auto it = queue.begin(); it != queue.end(); ++it)
      if (it->id == id) {
        queue.erase(it);
        done_.push_back({id, status, 0, {}});
        return true;
      }
  for (auto it = late_.begin(); it != late_.end(); ++it)
    if (it->second.id == id) {
      late_.erase(it);
      done_.push_back({id, status, 0, {}});
      return true;
    }
  return false;
}

void UsbModel::cancel_all(int status) {
  for (auto& [endpoint, queue] : pending_) {
    for (const Transfer& transfer : queue) done_.push_back({transfer.id, status, 0, {}});
    queue.clear();
  }
  for (const auto& [due_us, completion] : late_) done_.push_back({completion.id, status, 0, {}});
  late_.clear();
}

void UsbModel::halt(uint8_t endpoint) {
  faults_[endpoint].halted = true;
  for (const Transfer& transfer : pending_[endpoint]) done_.push_back({transfer.id, -EPIPE, 0, {}});
  pending_[endpoint].clear();
}

void UsbModel::clear_halt(uint8_t endpoint) {
  faults_[endpoint].halted = false;
  match(endpoint);
}

void UsbModel::reset() {
  for (auto& [endpoint, fault] : faults_) fault.halted = false;
  packets_.clear();
  held_.clear();
  on_reset();
}

std::vector<Completion> UsbModel::take_done() { return std::exchange(done_, {}); }

void UsbModel::tick(int64_t now_us) {
  now_us_ = std::max(now_us_, now_us);
  on_tick();
  // A fault that was switched off since lets what is buffered go.
  for (auto& [endpoint, queue] : pending_)
    if (!queue.empty()) match(endpoint);
  while (!late_.empty() && late_.begin()->first <= now_us_) {
    done_.push_back(std::move(late_.begin()->second));
    late_.erase(late_.begin());
  }
}

int64_t UsbModel::deadline_us() const {
  const int64_t late = late_.empty() ? kNever : late_.begin()->first;
  return std::min(late, next_event_us());
}

bool UsbModel::is_awaited(uint8_t endpoint) const {
  const auto waiting = pending_.find(endpoint);
  return waiting != pending_.end() && !waiting->second.empty();
}

int UsbModel::on_control(const Setup&, const Bytes&, Bytes&) { return -EPIPE; }
void UsbModel::on_out(uint8_t, const Bytes&) {}

void UsbModel::spoil(Bytes& report) {
  if (!report.empty()) report[0] = static_cast<uint8_t>(report[0] ^ 0x40u);
}

void UsbModel::put_report(uint8_t endpoint, Bytes report, std::size_t depth, WhenFull full) {
  EndpointFault& fault = faults_[endpoint];
  if (fault.cut_to >= 0 && report.size() > static_cast<std::size_t>(fault.cut_to))
    report.resize(static_cast<std::size_t>(fault.cut_to));
  if (fault.garbage) std::generate(report.begin(), report.end(), [this] { return random_.byte(); });
  if (fault.wrong_checksums > 0 && !report.empty()) {
    --fault.wrong_checksums;
    spoil(report);
  }
  std::vector<Bytes>& held = held_[endpoint];
  if (fault.burst > 0) {
    held.push_back(std::move(report));
    if (--fault.burst > 0) return;
    const std::size_t room = held.size() + depth;
    for (Bytes& one : std::exchange(held, {})) buffer(endpoint, std::move(one), room, full);
  } else {
    buffer(endpoint, std::move(report), depth, full);
  }
  match(endpoint);
}

/// On the bus a report is a run of full packets and a short one, or exactly one full packet when it fits.
void UsbModel::buffer(uint8_t endpoint, Bytes report, std::size_t depth, WhenFull full) {
  std::deque<Bytes>& queue = packets_[endpoint];
  const std::size_t size = packet_size_[endpoint];
  const std::size_t packets_each = std::max<std::size_t>(1, (report.size() + size - 1) / size);
  if (queue.size() + packets_each > depth * packets_each) {
    ++counts_.lost_reports;
    if (full == WhenFull::lose_newest) return;
    while (queue.size() + packets_each > depth * packets_each) queue.pop_front();
  }
  for (std::size_t at = 0; at == 0 || at < report.size(); at += size) {
    const std::size_t end = std::min(at + size, report.size());
    queue.emplace_back(report.begin() + static_cast<std::ptrdiff_t>(at), report.begin() + static_cast<std::ptrdiff_t>(end));
  }
}

void UsbModel::match(uint8_t endpoint) {
  std::deque<Transfer>& queue = pending_[endpoint];
  const EndpointFault& fault = faults_[endpoint];
  while (!queue.empty() && !fault.silent && !fault.halted) {
    Completion completion;
    if (endpoint & kIn) {
      if (!fill(queue.front(), completion)) return;
      queue.pop_front();
      ++counts_.in_reports;
    } else {  // an OUT transfer that waited for the end of the silence
      const Transfer transfer = std::move(queue.front());
      queue.pop_front();
      completion = {transfer.id, 0, static_cast<uint32_t>(transfer.out.size()), {}};
      ++counts_.out_reports;
      on_out(endpoint, transfer.out);
    }
    finish(std::move(completion), endpoint);
  }
}

/// Collects packets until a short one or a full buffer ends the transfer. What came so far waits in
/// transfer.out.
bool UsbModel::fill(Transfer& transfer, Completion& completion) {
  std::deque<Bytes>& queue = packets_[transfer.endpoint];
  completion.id = transfer.id;
  if (queue.empty()) return false;
  completion.status = std::exchange(faults_[transfer.endpoint].error_once, 0);
  if (completion.status) {
    queue.pop_front();
    return true;
  }
  Bytes& got = transfer.out;
  bool complete = false;
  while (!complete && !queue.empty()) {
    Bytes packet = std::move(queue.front());
    queue.pop_front();
    const bool is_short = packet.size() < packet_size_[transfer.endpoint];
    if (got.size() + packet.size() > transfer.length) {  // babble: more than the host has room for
      packet.resize(transfer.length - got.size());
      completion.status = -EOVERFLOW;
    }
    got.insert(got.end(), packet.begin(), packet.end());
    complete = is_short || completion.status || got.size() == transfer.length;
  }
  if (!complete) return false;
  completion.in = std::move(got);
  completion.actual = static_cast<uint32_t>(completion.in.size());
  return true;
}

void UsbModel::finish(Completion completion, uint8_t endpoint) {
  const int64_t delay_us = faults_[endpoint].delay_us;
  if (delay_us > 0)
    late_.emplace(now_us_ + delay_us, std::move(completion));
  else
    done_.push_back(std::move(completion));
}

void UsbModel::control(const Transfer& transfer) {
  EndpointFault& fault = faults_[0];
  if (fault.silent) {
    pending_[0].push_back(transfer);
    return;
  }
  Completion completion{transfer.id, std::exchange(fault.error_once, 0), 0, {}};
  if (fault.halted) completion.status = -EPIPE;
  if (!completion.status) completion.status = standard_request(transfer.setup, transfer.out, completion.in);
  if (completion.in.size() > transfer.setup.length) completion.in.resize(transfer.setup.length);
  if (completion.status) completion.in.clear();
  const bool is_in = (transfer.setup.type & kIn) != 0;
  if (!completion.status) completion.actual = static_cast<uint32_t>(is_in ? completion.in.size() : transfer.out.size());
  finish(std::move(completion), 0);
}

/// USB 2.0, 9.4; what is not standard goes to the device.
int UsbModel::standard_request(const Setup& setup, const Bytes& out, Bytes& in) {
  const bool hid_descriptor = setup.type == 0x81 && setup.request == 6;
  if ((setup.type & 0x60) != 0) return on_control(setup, out, in);
  const bool to_endpoint = (setup.type & 0x1F) == kToEndpoint;
  const uint8_t endpoint = static_cast<uint8_t>(setup.index);
  if (hid_descriptor) return get_descriptor(setup, in);
  switch (setup.request) {
    case 0x00:  // GET_STATUS
      in = {static_cast<uint8_t>(to_endpoint && faults_[endpoint].halted ? 1 : 0), 0};
      return 0;
    case 0x01:  // CLEAR_FEATURE
      if (to_endpoint && setup.value == 0) clear_halt(endpoint);
      return 0;
    case 0x03:  // SET_FEATURE
      if (to_endpoint && setup.value == 0) halt(endpoint);
      return 0;
    case 0x06:
      return get_descriptor(setup, in);
    case 0x08:
      in = {configuration_};
      return 0;
    case 0x09:
      configuration_ = static_cast<uint8_t>(setup.value);
      return 0;
    case 0x0A:
      in = {0};
      return 0;  // GET_INTERFACE
    case 0x05:   // SET_ADDRESS
    case 0x0B:
      return 0;  // SET_INTERFACE
    default:
      return -EPIPE;
  }
}

int UsbModel::get_descriptor(const Setup& setup, Bytes& in) const {
  const std::size_t index = setup.value & 0xFF;
  switch (setup.value >> 8) {
    case 0x01:
      in = descriptors_.device;
      return 0;
    case 0x02:
      in = descriptors_.configuration;
      return 0;
    case 0x03:
      break;
    case 0x22: {
      const auto report = descriptors_.reports.find(static_cast<uint8_t>(setup.index));
      if (report == descriptors_.reports.end()) return -EPIPE;
      in = report->second;
      return 0;
    }
    default:
      return -EPIPE;
  }
  if (index == 0) {  // languages: US English
    in = {4, 3, 0x09, 0x04};
    return 0;
  }
  if (index > descriptors_.strings.size()) return -EPIPE;
  const std::string& text = descriptors_.strings[index - 1];
  in = {static_cast<uint8_t>(2 + 2 * text.size()), 3};
  for (const char c : text) {
    in.push_back(static_cast<uint8_t>(c));
    in.push_back(0);
  }
  return 0;
}

}  // namespace patella::emulator
