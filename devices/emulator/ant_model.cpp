#include "emulator/ant_model.hpp"

#include <algorithm>
#include <utility>

namespace patella::emulator {

namespace {

constexpr int64_t kStartUpAfterUs = 120'000;  // command reset to start-up message
constexpr int64_t kAcquireAfterUs = 400'000;
constexpr int kLostAfter = 8;  // messages missed in a row
constexpr std::size_t kBuffered = 64, kPacket = 40;
constexpr uint8_t kOk = 0, kWrongState = 0x15, kNoId = 0x18, kInvalid = 0x28, kWrongParameter = 0x33;
constexpr uint8_t kSearchTimedOut = 1, kMissed = 2, kClosed = 7, kBackToSearch = 8;
constexpr uint8_t kHasId = 0x80, kHasStrength = 0x40, kHasStamp = 0x20;

Descriptors ant_descriptors(const AntModel::Options& options) {
  const char* name = options.product == 0x1009 ? "ANT USB-m Stick" : "ANT USBStick2";
  Descriptors d = descriptors({0x0FCF, options.product, "Dynastream Innovations", name, options.serial}, 0xFF, {},
                              {{AntModel::kIn, 2, 64, 1}, {AntModel::kOut, 2, 64, 1}});
  d.device[2] = 0x00;  // USB 2.00, and a control pipe of 32 bytes
  d.device[3] = 0x02;
  d.device[7] = 32;
  return d;
}

uint16_t word(const Bytes& bytes, std::size_t at) { return static_cast<uint16_t>(bytes[at] | bytes[at + 1] << 8); }
uint8_t low(uint16_t value) { return static_cast<uint8_t>(value & 0xFF); }
uint8_t high(uint16_t value) { return static_cast<uint8_t>(value >> 8); }

}  // namespace

AntModel::AntModel(const Options& options)
    : UsbModel(ant_descriptors(options), options.seed),
      options_(options),
      rider_(std::make_shared<AntRider>(options.seed)),
      neighbour_(std::make_shared<AntRider>(options.seed + 1)),
      channels_(options.channels) {
  neighbour_->pedalling.pedal(0);
  for (const auto& one : options.sensors) around_.push_back({std::make_unique<AntSensor>(one, rider_), 0});
  for (const auto& one : options.neighbours) around_.push_back({std::make_unique<AntSensor>(one, neighbour_), 0});
}

void AntModel::add_tape(const AntSensor::Options& options, std::vector<AntPage> pages) {
  around_.push_back({std::make_unique<AntTape>(options, std::move(pages)), started_ ? now_us() + 1000 : 0});
}

bool AntModel::act(const Act& act, int64_t now_us) {
  rider_->advance(now_us);
  switch (act.gesture) {
    case Gesture::pedal:
      rider_->pedalling.pedal(act.a);
      return true;
    case Gesture::heart:
      rider_->pedalling.heart(act.a);
      return true;
    case Gesture::automatic:
      rider_->pedalling.automatic(act.a > 0, now_us);
      return true;
    case Gesture::spike:
      rider_->spike();
      return true;
    case Gesture::miss:
      rider_->miss();
      return true;
    case Gesture::doze:
      for (Around& one : around_) one.sensor->asleep = act.a > 0;
      return true;
    case Gesture::lose:
      for (const Around& one : around_) lose_messages(one.sensor->options().number, static_cast<int>(act.a));
      return true;
    default:
      return false;
  }
}

void AntModel::sleep(uint16_t number, bool asleep) {
  for (Around& one : around_)
    if (one.sensor->options().number == number) one.sensor->asleep = asleep;
}

std::size_t AntModel::open_channels() const {
  return static_cast<std::size_t>(std::count_if(channels_.begin(), channels_.end(), [](const Channel& c) {
    return c.state == State::searching || c.state == State::tracking;
  }));
}

void AntModel::say(uint8_t id, const Bytes& payload, int64_t after_us) {
  late_.push_back({now_us() + after_us, build_ant(id, payload)});
}
void AntModel::answer(uint8_t channel, uint8_t to, uint8_t code) { say(0x40, {channel, to, code}); }

void AntModel::forget() {
  channels_.assign(options_.channels, Channel{});
  scanning_ = false;
  lib_config_ = 0;
  extended_pages_ = false;
  network_ = {};
  stream_.clear();
  late_.clear();
}

void AntModel::restart_itself() {
  forget();
  say(0x6F, {0x00}, kStartUpAfterUs);
}

void AntModel::on_reset() { forget(); }

/// The XOR stands at the end.
void AntModel::spoil(Bytes& report) {
  if (!report.empty()) report.back() = static_cast<uint8_t>(report.back() ^ 0x10u);
}

void AntModel::on_out(uint8_t, const Bytes& data) {
  stream_.insert(stream_.end(), data.begin(), data.end());
  while (const auto frame = take_ant(stream_)) obey(*frame);
}

void AntModel::obey(const AntFrame& frame) {
  const bool reset = frame.id == 0x4A;
  if (reset && ++resets_ > options_.deaf_resets) {
    forget();
    return say(0x6F, {0x20}, kStartUpAfterUs);
  }
  if (reset || resets_ <= options_.deaf_resets || frame.payload.empty()) return;
  if (frame.id == 0x4D) return reply_to_request(frame.payload);
  const uint8_t channel = frame.payload[0];
  uint8_t code = kInvalid;
  if (frame.id == 0x46 && frame.payload.size() == 9 && channel < 3) {
    if (channel == 0) std::copy_n(frame.payload.begin() + 1, network_.size(), network_.begin());
    code = kOk;
  } else if (frame.id == 0x6E && frame.payload.size() == 2 && options_.extensions) {
    lib_config_ = frame.payload[1];
    code = kOk;
  } else if (frame.id == 0x66 && frame.payload.size() == 2 && options_.extensions) {
    extended_pages_ = frame.payload[1] != 0;
    code = kOk;
  } else if (frame.id == 0x5B && options_.scans) {
    code = open_scan();
  } else if (frame.id != 0x6E && frame.id != 0x66 && frame.id != 0x5B && frame.id != 0x46) {
    code = channel < channels_.size() ? obey_channel(frame.id, frame.payload) : kWrongParameter;
  }
  answer(channel, frame.id, code);
}

uint8_t AntModel::obey_channel(uint8_t id, const Bytes& payload) {
  Channel& channel = channels_[payload[0]];
  const bool assigned = channel.state == State::assigned;
  const auto has = [&](std::size_t bytes) { return payload.size() >= bytes; };
  switch (id) {
    case 0x42:
      if (channel.state != State::unassigned || !has(3)) return has(3) ? kWrongState : kInvalid;
      channel = Channel{};
      channel.state = State::assigned;
      return kOk;
    case 0x41:
      if (!assigned) return kWrongState;
      channel = Channel{};
      return kOk;
    case 0x51:
      if (!assigned || !has(5)) return kWrongState;
      channel.wanted = word(payload, 1);
      channel.wanted_type = payload[3] & 0x7F;
      return kOk;
    case 0x43:
      if (!assigned || !has(3)) return kWrongState;
      channel.period = word(payload, 1);
      return kOk;
    case 0x45:
      if (!assigned || !has(2)) return kWrongState;
      channel.frequency = payload[1];
      return kOk;
    case 0x49:  // search waveform: how it listens while it searches; nothing to simulate
      return assigned && has(3) ? kOk : kWrongState;
    case 0x44:
    case 0x63:
      if (!has(2)) return kInvalid;
      channel.search_timeout = payload[1];
      return kOk;
    case 0x4B:
      return open(channel);
    case 0x4C:
      if (channel.state != State::searching && channel.state != State::tracking && !scanning_) return kWrongState;
      scanning_ = false;
      channel.state = State::closing;
      channel.since_us = now_us();
      return kOk;
    default:
      return kInvalid;
  }
}

uint8_t AntModel::open(Channel& channel) {
  if (channel.state != State::assigned || scanning_) return kWrongState;
  if (channel.wanted_type == 0) return kNoId;
  channel.state = State::searching;
  channel.since_us = now_us();
  channel.missed = 0;
  return kOk;
}

/// All of the radio: no other channel may be open.
uint8_t AntModel::open_scan() {
  if (channels_[0].state != State::assigned || open_channels() > 0) return kWrongState;
  scanning_ = true;
  return kOk;
}

void AntModel::reply_to_request(const Bytes& payload) {
  if (payload.size() < 2) return;
  const uint8_t channel = payload[0];
  const bool known = channel < channels_.size();
  switch (payload[1]) {
    case 0x54:
      return say(0x54, {options_.channels, 3, 0x00, 0xBA, 0x36, 0x00});
    case 0x3E:
      return say(0x3E, {'A', 'P', '2', 'U', 'S', 'B', '1', '.', '0', '5', 0});
    case 0x61:
      return say(0x61, {0x25, 0, 0, 0});
    case 0x51:
      if (!known) return;
      return say(0x51, {channel, low(channels_[channel].number), high(channels_[channel].number), channels_[channel].type,
                        channels_[channel].trans});
    case 0x52:
      if (!known) return;
      return say(0x52, {channel, static_cast<uint8_t>(std::min(3, static_cast<int>(channels_[channel].state)))});
    default:
      return answer(channel, 0x4D, kInvalid);
  }
}

// ---- the air ---------------------------------------------------------------------------------------------

void AntModel::on_tick() {
  if (!started_) {
    started_ = true;
    for (std::size_t i = 0; i < around_.size(); ++i)
      around_[i].due_us = now_us() + static_cast<int64_t>(random().between(0, 250'000));
  }
  for (Around& one : around_)
    while (one.due_us <= now_us()) {
      send_page(one);
      one.due_us += one.sensor->period_us();
    }
  for (std::size_t i = 0; i < channels_.size(); ++i) run_channel(i);
  send_due();
}

/// What is due goes out as a stream, in the order in which it was said: a packet holds several messages, or a
/// part.
void AntModel::send_due() {
  Bytes stream;
  const auto due = [&](const Late& one) { return one.due_us <= now_us(); };
  for (const Late& one : late_)
    if (due(one)) stream.insert(stream.end(), one.bytes.begin(), one.bytes.end());
  late_.erase(std::remove_if(late_.begin(), late_.end(), due), late_.end());
  for (std::size_t at = 0; at < stream.size(); at += kPacket) {
    const auto from = stream.begin() + static_cast<std::ptrdiff_t>(at);
    const auto length = static_cast<std::ptrdiff_t>(std::min(kPacket, stream.size() - at));
    put_report(kIn, Bytes(from, from + length), kBuffered, WhenFull::lose_newest);
  }
}

int64_t AntModel::next_event_us() const {
  int64_t next_us = started_ ? kNever : now_us();
  for (const Around& one : around_) next_us = std::min(next_us, one.due_us);
  for (const Channel& channel : channels_) next_us = std::min(next_us, channel_due_us(channel));
  for (const Late& one : late_) next_us = std::min(next_us, one.due_us);
  return next_us;
}

int64_t AntModel::channel_due_us(const Channel& channel) const {
  if (channel.state == State::closing) return channel.since_us + 20'000;
  if (channel.state == State::searching && channel.search_timeout != 255)
    return channel.since_us + channel.search_timeout * int64_t{2'500'000};
  return kNever;
}

void AntModel::run_channel(std::size_t index) {
  Channel& channel = channels_[index];
  if (channel_due_us(channel) > now_us()) return;
  if (channel.state == State::searching) event(static_cast<uint8_t>(index), kSearchTimedOut);
  event(static_cast<uint8_t>(index), kClosed);
  channel.state = State::assigned;
}

void AntModel::send_page(Around& around) {
  AntSensor& sensor = *around.sensor;
  const AntSensor::Options& who = sensor.options();
  const bool sends = !sensor.asleep;
  int& to_lose = to_lose_[who.number];
  // A recording waits for somebody who listens.
  const auto tracked = [&](const Channel& c) {
    return c.state == State::tracking && c.type == who.type && c.number == who.number;
  };
  const bool heard_by_any = scanning_ || std::any_of(channels_.begin(), channels_.end(), tracked);
  const bool comes_through = sends && to_lose == 0 && random().between(0, 1) >= options_.missed_share;
  if (to_lose > 0) --to_lose;
  std::optional<AntPage> page;
  if (sends && (sensor.rider() || heard_by_any)) page = sensor.next(now_us());
  if (scanning_ && comes_through && page && on_air(channels_[0])) deliver(0, sensor, *page);
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    Channel& channel = channels_[i];
    if (tracked(channel)) {
      comes_through&& page ? hear(i, sensor, *page) : miss(i);
      continue;
    }
    const bool fits = channel.state == State::searching && on_air(channel) && channel.wanted_type == who.type &&
                      (channel.wanted == 0 || channel.wanted == who.number);
    if (!fits || !sends || now_us() - channel.since_us < kAcquireAfterUs) continue;
    channel.state = State::tracking;
    channel.number = channel.wanted = who.number;  // from now on this one, until it is set again
    channel.type = who.type;
    channel.trans = who.trans;
    channel.missed = 0;
    if (page && comes_through) hear(i, sensor, *page);
  }
}

void AntModel::hear(std::size_t index, const AntSensor& sensor, const AntPage& page) {
  channels_[index].missed = 0;
  deliver(static_cast<uint8_t>(index), sensor, page);
}

void AntModel::miss(std::size_t index) {
  Channel& channel = channels_[index];
  event(static_cast<uint8_t>(index), kMissed);
  if (++channel.missed < kLostAfter) return;
  event(static_cast<uint8_t>(index), kBackToSearch);
  channel.state = State::searching;
  channel.since_us = now_us();
}

void AntModel::deliver(uint8_t channel, const AntSensor& sensor, const AntPage& page) {
  Bytes payload = {channel};
  payload.insert(payload.end(), page.begin(), page.end());
  const auto parts = static_cast<uint8_t>(lib_config_ | (extended_pages_ ? kHasId : 0));
  if (parts) {
    payload.push_back(parts);
    const AntSensor::Options& who = sensor.options();
    if (parts & kHasId) payload.insert(payload.end(), {low(who.number), high(who.number), who.type, who.trans});
    if (parts & kHasStrength) payload.insert(payload.end(), {0x10, 0x00, 0x68, 0x00});
    const auto stamp = static_cast<uint16_t>(now_us() * 32768 / 1'000'000);
    if (parts & kHasStamp) payload.insert(payload.end(), {low(stamp), high(stamp)});
  }
  say(0x4E, payload, 500);
}

}  // namespace patella::emulator
