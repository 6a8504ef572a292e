#include "emulator/pm5_model.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>

namespace patella::emulator {

namespace {

constexpr int64_t kSliceUs = 100'000;
constexpr int64_t kReplyAfterUs = 8'000;        // the IN endpoint's interval
constexpr int64_t kPauseAfterUs = 6'000'000;    // in use → pause without pedalling
constexpr int64_t kIdleAfterUs = 10'000'000;    // have id → idle
constexpr int64_t kReadyAfterUs = 220'000'000;  // pause, finished → ready
constexpr uint8_t kPreviousOk = 0x00, kPreviousReject = 0x10, kPreviousBad = 0x20;
constexpr uint8_t kMetre = 0x24, kKilometre = 0x21, kWatt = 0x58, kPerMinute = 0x54, kSecondsPerKm = 0x39;

/// Reports of that many bytes, id included (1: 20, 4: 62, 2: 120 bytes after it).
std::size_t report_size(uint8_t id) { return id == 1 ? 21 : id == 4 ? 63 : 121; }

Bytes report_descriptor() {
  Bytes d = {0x06, 0xA9, 0xFF, 0x09, 0x01, 0xA1, 0x01, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08};
  for (const uint8_t id : {uint8_t{1}, uint8_t{4}, uint8_t{2}}) {
    const uint8_t count = static_cast<uint8_t>(report_size(id) - 1);
    const Bytes one = {0x85, id, 0x95, count, 0x09, 0x02, 0x81, 0x02, 0x95, count, 0x09, 0x03, 0x91, 0x02};
    d.insert(d.end(), one.begin(), one.end());
  }
  d.push_back(0xC0);
  return d;
}

Descriptors pm5_descriptors(const std::string& serial) {
  return hid_descriptors({0x17A4, 0x0003, "Concept2", "Concept2 Performance Monitor 5 (PM5)", serial}, report_descriptor(),
                         {{Pm5Model::kIn, 3, 64, 8}, {Pm5Model::kOut, 3, 64, 4}});
}

uint32_t whole(double value, double most) { return static_cast<uint32_t>(std::floor(std::clamp(value, 0.0, most) + 0.5)); }

void put(Bytes& out, uint8_t id, const Bytes& data) {
  out.push_back(id);
  out.push_back(static_cast<uint8_t>(data.size()));
  out.insert(out.end(), data.begin(), data.end());
}

Bytes little(uint32_t value, int bytes) {
  Bytes out;
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<uint8_t>(value >> (8 * i)));
  return out;
}

Bytes big(uint32_t value, int bytes) {
  Bytes out = little(value, bytes);
  std::reverse(out.begin(), out.end());
  return out;
}

Bytes with_unit(uint32_t value, uint8_t unit) {
  Bytes out = little(value, 2);
  out.push_back(unit);
  return out;
}

/// A count in `scale`ths and what is left over in one byte.
Bytes with_fraction(double value, double scale) {
  const double scaled = std::max(0.0, value * scale);
  const double count = std::floor(scaled);
  Bytes out = little(static_cast<uint32_t>(std::min(count, 4294967295.0)), 4);
  out.push_back(static_cast<uint8_t>((scaled - count) * (scale >= 100 ? 100 : 10)));
  return out;
}

}  // namespace

Pm5Model::Pm5Model(const std::string& serial, uint64_t seed)
    : UsbModel(pm5_descriptors(serial), seed), serial_(serial), rider_(seed) {
  serial_.resize(9, '0');
}

bool Pm5Model::act(const Act& act, int64_t now_us) {
  advance(now_us);
  switch (act.gesture) {
    case Gesture::pedal:
      rider_.pedal(act.a);
      return true;
    case Gesture::heart:
      rider_.heart(act.a);
      return true;
    case Gesture::automatic:
      rider_.automatic(act.a > 0, now_us);
      return true;
    case Gesture::spike:
      rider_.spike();
      return true;
    case Gesture::miss:
      rider_.miss();
      return true;
    default:
      return false;
  }
}

void Pm5Model::advance(int64_t now_us) {
  if (!started_) {
    started_ = true;
    advanced_us_ = entered_us_ = now_us;
    rider_.start_script(now_us);
  }
  // In slices, so that a state that began and ended since the last call is not overlooked.
  while (now_us - advanced_us_ > kSliceUs) advance_slice(advanced_us_ + kSliceUs);
  advance_slice(now_us);
}

void Pm5Model::advance_slice(int64_t now_us) {
  const uint64_t before = rider_.revolutions();
  rider_.advance(now_us);
  if (state_ == State::in_use) {
    // Time runs until the pause begins, also when that lies before this call.
    const int64_t pause_us = std::max(entered_us_, rider_.last_revolution_us()) + kPauseAfterUs;
    work_us_ += std::max<int64_t>(0, std::min(now_us, pause_us) - advanced_us_);
    work_end_m_ = rider_.distance_m();
    if (now_us >= pause_us) enter(State::pause);
  }
  advanced_us_ = now_us;
  const bool turned = rider_.revolutions() != before;
  if (turned && state_ != State::in_use && state_ != State::finished) {
    if (!worked_) work_start_m_ = rider_.distance_m();
    enter(State::in_use);
  }
  const int64_t since_us = now_us - entered_us_;
  if (state_ == State::have_id && since_us >= kIdleAfterUs) enter(State::idle);
  if ((state_ == State::pause || state_ == State::finished) && since_us >= kReadyAfterUs) enter(State::ready);
}

void Pm5Model::enter(State state) {
  if (state == State::in_use) worked_ = true;
  if (state == State::ready) {
    worked_ = false;
    work_us_ = 0;
    work_start_m_ = work_end_m_ = rider_.distance_m();
  }
  state_ = state;
  entered_us_ = advanced_us_;
}

double Pm5Model::work_m() const { return worked_ ? work_end_m_ - work_start_m_ : 0; }

int Pm5Model::on_control(const Setup& setup, const Bytes& out, Bytes&) {
  if (setup.type != 0x21) return -EPIPE;
  if (setup.request == 0x09) {  // SET_REPORT: the same as writing to the OUT endpoint
    take_frame(out);
    return 0;
  }
  return setup.request == 0x0A || setup.request == 0x0B ? 0 : -EPIPE;  // SET_IDLE, SET_PROTOCOL
}

void Pm5Model::on_out(uint8_t, const Bytes& data) { take_frame(data); }

void Pm5Model::on_tick() {
  advance(now_us());
  while (!replies_.empty() && replies_.front().due_us <= now_us()) {
    put_report(kIn, std::move(replies_.front().report), 4);
    replies_.pop_front();
  }
}

void Pm5Model::on_reset() { replies_.clear(); }

int64_t Pm5Model::next_event_us() const { return replies_.empty() ? kNever : replies_.front().due_us; }

/// The checksum stands before the stop flag.
void Pm5Model::spoil(Bytes& report) {
  const auto stop = std::find(report.begin(), report.end(), uint8_t{0xF2});
  if (stop == report.end() || stop == report.begin()) return;
  *(stop - 1) = static_cast<uint8_t>(*(stop - 1) ^ 0x05u);
}

void Pm5Model::take_frame(const Bytes& report) {
  const bool known = !report.empty() && (report[0] == 1 || report[0] == 2 || report[0] == 4);
  if (!known) return;
  const auto frame = parse_csafe(std::span(report).subspan(1));
  if (!frame || (frame->extended && frame->destination != 0xFD && frame->destination != 0xFF)) {
    previous_ = kPreviousBad;
    return;
  }
  reply(*frame, answer(frame->contents, now_us()), report[0]);
}

void Pm5Model::reply(const CsafeFrame& request, const Bytes& contents, uint8_t report_id) {
  const Bytes frame = build_csafe({request.extended, request.source, 0xFD, contents});
  if (frame.size() > kCsafeLongestFrame) return;
  for (const uint8_t id : {uint8_t{1}, uint8_t{4}, uint8_t{2}}) {
    const bool smaller_than_asked = report_size(id) < report_size(report_id);
    if (smaller_than_asked || frame.size() + 1 > report_size(id)) continue;
    Bytes report(report_size(id), 0);
    report[0] = id;
    std::copy(frame.begin(), frame.end(), report.begin() + 1);
    replies_.push_back({now_us() + kReplyAfterUs, std::move(report)});
    return;
  }
}

Bytes Pm5Model::answer(std::span<const uint8_t> contents, int64_t now_us) {
  advance(now_us);
  const CsafeCommands commands = split_csafe(contents);
  const uint8_t previous = previous_;
  Bytes out(1);  // the status byte leads
  bool all_known = commands.ok;
  for (const CsafeCommand& command : commands.list) {
    const bool is_wrapper = command.id == 0x1A || (command.id >= 0x76 && command.id <= 0x7F && command.id != 0x78);
    all_known = (is_wrapper ? wrapped(command, out) : public_command(command, out)) && all_known;
  }
  previous_ = all_known ? kPreviousOk : kPreviousReject;
  out[0] = static_cast<uint8_t>((toggle_ ? 0x80u : 0u) | previous | static_cast<uint8_t>(state_));
  toggle_ = !toggle_;
  return out;
}

bool Pm5Model::public_command(const CsafeCommand& command, Bytes& out) {
  const uint8_t id = command.id;
  switch (id) {
    case 0x80:
      return true;  // the status byte leads every answer
    case 0x81:
      enter(State::ready);
      return true;
    case 0x82:
      enter(State::idle);
      return true;
    case 0x83:
      enter(State::have_id);
      return true;
    case 0x85:
      enter(State::in_use);
      return true;
    case 0x86:
      enter(State::finished);
      return true;
    case 0x87:
      enter(State::ready);
      return true;
    case 0x91:
      put(out, id, {22, 2, 5, 0x5E, 0x02, 0xAC, 0x00});
      return true;
    case 0x92:
      put(out, id, {'0', '0', '0', '0', '0'});
      return true;
    case 0x93:
      put(out, id, {0});
      return true;
    case 0x94:
      put(out, id, Bytes(serial_.begin(), serial_.end()));
      return true;
    case 0x9B: {
      Bytes data = little(2'172'148 + whole(rider_.distance_m(), 1e9), 4);
      data.push_back(kMetre);
      put(out, id, data);
      return true;
    }
    case 0x9C:
      put(out, id, {0, 0, 0});
      return true;
    case 0xA0: {
      const uint32_t s = static_cast<uint32_t>(work_s());
      put(out, id, {static_cast<uint8_t>(s / 3600), static_cast<uint8_t>(s / 60 % 60), static_cast<uint8_t>(s % 60)});
      return true;
    }
    case 0xA1: {
      const bool far = work_m() > 65535;
      put(out, id, with_unit(whole(far ? work_m() / 1000 : std::floor(work_m()), 65535), far ? kKilometre : kMetre));
      return true;
    }
    // cal/h = 3.4416 W + 300 (Concept2), with the present power for the whole work.
    case 0xA3:
      put(out, id, little(whole(work_s() / 3600 * (3.4416 * rider_.power_w() + 300), 65535), 2));
      return true;
    case 0xA6: {
      const double speed = 2 * std::cbrt(rider_.measured_power_w() / 2.80);
      put(out, id, with_unit(speed > 0.1 ? whole(500 / speed, 65535) : 0, kSecondsPerKm));
      return true;
    }
    case 0xA7:
      put(out, id, with_unit(whole(rider_.measured_rpm(), 65535), kPerMinute));
      return true;
    case 0xAB:
      put(out, id, {75, 0, 0x27, 40, 0});
      return true;
    case 0xB0:
      put(out, id, {static_cast<uint8_t>(whole(rider_.heart_bpm(), 255))});
      return true;
    case 0xB4:
      put(out, id, with_unit(whole(rider_.measured_power_w(), 65535), kWatt));
      return true;
    case 0x70:
      put(out, id, {120, 120, 50});
      return true;  // longest frames, least gap in ms
    case 0x11:
    case 0x12:
    case 0x13:
    case 0x20:
    case 0x21:
    case 0x23:
    case 0x24:
    case 0x34:
      return true;
    default:
      return false;
  }
}

bool Pm5Model::wrapped(const CsafeCommand& wrapper, Bytes& out) {
  const CsafeCommands inner = split_csafe(wrapper.data);
  Bytes body;
  bool all_known = inner.ok;
  for (const CsafeCommand& command : inner.list)
    all_known =
        (wrapper.id == 0x1A ? concept2_command(command, body) : proprietary_command(wrapper.id, command, body)) && all_known;
  put(out, wrapper.id, body);
  return all_known;
}

bool Pm5Model::concept2_command(const CsafeCommand& command, Bytes& out) {
  const uint8_t id = command.id;
  const bool turning = rider_.crank_rpm() > 0;
  switch (id) {
    case 0x89:
      put(out, id, {1});
      return true;  // just go, with splits
    case 0x8D: {
      const bool finished = state_ == State::finished;
      put(out, id, {static_cast<uint8_t>(finished ? 10 : worked_ ? 1 : 0)});
      return true;
    }
    case 0x8E:
      put(out, id, {255});
      return true;
    case 0x9F:
      put(out, id, {0});
      return true;
    case 0xA0:
      put(out, id, with_fraction(work_s(), 100));
      return true;
    case 0xA3:
      put(out, id, with_fraction(work_m(), 10));
      return true;
    case 0xBF:
      put(out, id, {static_cast<uint8_t>(!turning ? 0 : rider_.phase() < 0.45 ? 2 : 4)});
      return true;
    case 0xC1:
      put(out, id, {115});
      return true;
    case 0x6B:
      put(out, id, force_plot());
      return true;
    case 0x6C:
      put(out, id, Bytes(33, 0));
      return true;
    default:
      return false;
  }
}

/// 33 bytes: how many bytes are new, then LE16 samples of the last drive.
Bytes Pm5Model::force_plot() {
  Bytes plot(33, 0);
  if (rider_.revolutions() == plotted_revolution_) return plot;
  plotted_revolution_ = rider_.revolutions();
  plot[0] = 32;
  for (std::size_t i = 0; i < 16; ++i) {
    const double x = (static_cast<double>(i) + 0.5) / 16;
    const uint32_t force = whole(rider_.crank_rpm() * 1.5 * x * (1 - x) * 4, 65535);
    plot[1 + 2 * i] = static_cast<uint8_t>(force);
    plot[2 + 2 * i] = static_cast<uint8_t>(force >> 8);
  }
  return plot;
}

bool Pm5Model::proprietary_command(uint8_t wrapper, const CsafeCommand& command, Bytes& out) {
  const uint8_t id = command.id;
  if (wrapper == 0x76 || wrapper == 0x77) {  // set: the answer names what was set
    out.push_back(id);
    return true;
  }
  if (wrapper == 0x7E) {
    switch (id) {
      case 0xED:
        put(out, id, {0xC0});
        return true;  // bike
      case 0xEC:
        put(out, id, big(whole(rider_.crank_rpm() * 8, 65535), 2));
        return true;
      case 0xE8:
        put(out, id, Bytes(5, 0));
        return true;
      case 0x97:
        put(out, id, {100});
        return true;
      default:
        return false;
    }
  }
  if (wrapper == 0x7F) {
    switch (id) {
      case 0xA9:
        put(out, id, big(whole(rider_.measured_power_w(), 1e6), 4));
        return true;
      case 0xB3:
        put(out, id, {static_cast<uint8_t>(whole(rider_.measured_rpm(), 255))});
        return true;
      case 0xB6:
        put(out, id, {static_cast<uint8_t>(whole(rider_.heart_bpm(), 255))});
        return true;
      default:
        return false;
    }
  }
  return false;
}

}  // namespace patella::emulator
