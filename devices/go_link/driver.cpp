#include "driver.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace patella::go_link {
namespace {

constexpr int64_t kMs = 1000, kS = 1'000'000;
constexpr uint8_t kToInterface = 0x21, kSetReport = 0x09;
constexpr uint16_t kAsInput = 0x0100,
                   kAsOutput = 0x0200;  // the maker's own code says input; a strict device refuses it
constexpr int64_t kInitUs = 400 * kMs;  // while it powers up it says so, or nothing
constexpr int kInitTries = 15;          // 6 s: then it is told
constexpr int64_t kAnswerUs = 1 * kS;
constexpr int64_t kMemoryUs = 3 * kS;  // 128 bytes over the probe's slow line
constexpr int64_t kRestUs = 2 * kS;
constexpr int64_t kSilenceUs = 3 * kS;
constexpr int64_t kRemarkUs = 1 * kS;
constexpr int kEndCounts = 16;     // this near to the end of the converter nothing more is seen
constexpr int32_t kStalled = -32;  // -EPIPE
constexpr std::string_view kSilent = PATELLA_TEXT("The Go!Link does not answer. Plug it in again");
constexpr std::string_view kNoCalibration = PATELLA_TEXT(
    "The probe does not say how many newtons a volt is. Set force_per_volt_n and force_at_0_v_n for this "
    "station");

/// For the log: what the probe says of itself.
std::string in_words(const Probe& probe) {
  char range[64] = "";
  if (probe.min_n < probe.max_n) std::snprintf(range, sizeof range, ", %g to %g N", probe.min_n, probe.max_n);
  return "probe \"" + probe.name + "\", number " + std::to_string(probe.number) + range;
}

}  // namespace

Driver::Driver(sdk::DeviceHost host, const sdk::Params& params)
    : host_(host),
      period_us_(int64_t{std::clamp(params.integer("period_ms", 20), 10, 100)} * kMs),
      per_volt_n_(params.real("force_per_volt_n")),
      at_0_v_n_(params.real("force_at_0_v_n")),
      wanted_input_(params.integer("input")),
      status_(host, "unreadable packets") {}

void Driver::connected(const patella_device_identity&, int64_t t_us) {
  status_.report(PATELLA_DEVICE_STARTING);
  begin(t_us);
}

// INIT ends whatever the device did before. What comes until its answer is old.
void Driver::begin(int64_t t_us) {
  joiner_.reset();
  waiting_.clear();
  tare_.reset();
  last_counter_.reset();
  flash_.clear();
  probe_.reset();
  enter(Step::init, t_us);
}

void Driver::enter(Step step, int64_t t_us) {
  step_ = step;
  tries_ = 0;
  if (step < Step::measuring) return ask(t_us);
  deadline_us_ = t_us + (step == Step::measuring ? kSilenceUs : kRestUs);
  plan();
}

void Driver::rest(patella_device_state state, const std::string& why, int64_t t_us) {
  status_.report(state, why);
  enter(Step::resting, t_us);
}

void Driver::send(const std::array<uint8_t, kPacketBytes>& packet) {
  last_sent_ = packet;
  resent_other_way_ = false;
  if (!host_.control(++tag_, kToInterface, kSetReport, report_value_, 0, packet.data(), kPacketBytes))
    host_.log(PATELLA_LOG_WARNING, "a command could not be queued");
}

void Driver::control_done(uint32_t tag, int32_t status, std::span<const uint8_t>, int64_t) {
  if (tag != tag_ || status != kStalled || std::exchange(resent_other_way_, true)) return;
  report_value_ = report_value_ == kAsInput ? kAsOutput : kAsInput;
  if (!host_.control(++tag_, kToInterface, kSetReport, report_value_, 0, last_sent_.data(), kPacketBytes))
    host_.log(PATELLA_LOG_WARNING, "a command could not be queued");
}

void Driver::ask(int64_t t_us) {
  ++tries_;
  deadline_us_ = t_us + (step_ == Step::init ? kInitUs : step_ == Step::probe_memory ? kMemoryUs : kAnswerUs);
  joiner_.reset();
  switch (step_) {
    case Step::init:
      send(encode(Command::init, std::array<uint8_t, 1>{1}));  // 1: say so while powering up
      break;
    case Step::status:
      send(encode(Command::status));
      break;
    case Step::own_memory:
      send(encode(Command::read_own_memory, std::array<uint8_t, 2>{0, kFlashBytes}));
      break;
    case Step::probe_id:
      send(encode(Command::probe_id));
      break;
    case Step::probe_memory:
      send(encode(Command::read_probe_memory, std::array<uint8_t, 2>{0, kProbeBytes}));
      break;
    case Step::input:
      send(encode(Command::input, std::array<uint8_t, 1>{static_cast<uint8_t>(input_)}));
      break;
    case Step::period:
      send(encode_period(static_cast<uint32_t>(period_us_ / kMs)));
      break;
    case Step::start:
      send(encode(Command::start));
      times_.start(period_us_, t_us);
      waiting_.clear();
      break;
    case Step::measuring:
    case Step::resting:
      break;
  }
  plan();
}

void Driver::plan() { host_.set_deadline(deadline_us_); }

void Driver::tick(int64_t t_us) {
  if (t_us >= deadline_us_) return no_answer(t_us);
  plan();
}

// The memories are nice to have; everything else is asked twice, and then all from the start.
void Driver::no_answer(int64_t t_us) {
  switch (step_) {
    case Step::resting:
      return begin(t_us);
    case Step::measuring:
      status_.report(PATELLA_DEVICE_SILENT, std::string(kSilent));
      decided_.clear();
      times_.flush(decided_);
      emit_decided();
      return begin(t_us);
    case Step::init:
      if (tries_ >= kInitTries) status_.report(PATELLA_DEVICE_SILENT, std::string(kSilent));
      ask(t_us);
      if (tries_ > kInitTries) deadline_us_ = t_us + kRestUs;
      return plan();
    case Step::own_memory:
      return enter(Step::probe_id, t_us);
    case Step::probe_memory:
      return settle_probe(t_us);
    default:
      if (tries_ < 2) return ask(t_us);
      return rest(PATELLA_DEVICE_SILENT, std::string(kSilent), t_us);
  }
}

void Driver::received(std::span<const uint8_t> packet, int64_t t_us) {
  if (const auto samples = read_samples(packet)) return take_samples(*samples, t_us);
  if (packet.size() != kPacketBytes || packet[0] < 0x40 || packet[0] >= 0xC0) {
    if (step_ == Step::measuring) status_.note_garbage();
    return;
  }
  if (const auto answer = joiner_.take(packet)) take_answer(*answer, t_us);
}

void Driver::take_answer(const Answer& answer, int64_t t_us) {
  constexpr std::array kAsked = {
      Command::init,   Command::status, Command::read_own_memory, Command::probe_id, Command::read_probe_memory, Command::input,
      Command::period, Command::start};
  const auto step = static_cast<std::size_t>(step_);
  if (step >= kAsked.size() || answer.command != static_cast<uint8_t>(kAsked[step])) return;
  if (answer.is_init != (step_ == Step::init)) return;
  const uint8_t code = answer.payload.empty() ? uint8_t{0} : answer.payload[0];
  if (answer.failed) return take_refusal(code, t_us);
  switch (step_) {
    case Step::init:
      return enter(Step::status, t_us);
    case Step::status:
      if (answer.payload.size() >= 3)  // status, then the version in decimal digits, low part first
        host_.log(PATELLA_LOG_INFO, "Go!Link firmware " + std::to_string(answer.payload[2] >> 4) +
                                        std::to_string(answer.payload[2] & 15) + "." + std::to_string(answer.payload[1] >> 4) +
                                        std::to_string(answer.payload[1] & 15));
      return enter(Step::own_memory, t_us);
    case Step::own_memory:
      flash_ = answer.payload;
      return enter(Step::probe_id, t_us);
    case Step::probe_id:
      return take_probe_id(answer.payload, t_us);
    case Step::probe_memory:
      probe_ = read_probe(answer.payload);
      return settle_probe(t_us);
    case Step::input:
      return enter(Step::period, t_us);
    case Step::period:
      return enter(Step::start, t_us);
    case Step::start:
      return enter(Step::measuring, t_us);
    case Step::measuring:
    case Step::resting:
      return;
  }
}

void Driver::take_refusal(uint8_t code, int64_t t_us) {
  if (step_ == Step::init || code == kPoweringUp || code == kNotReady) return;  // asked again in its time
  if (step_ == Step::status) return enter(Step::own_memory, t_us);
  if (step_ == Step::own_memory) return enter(Step::probe_id, t_us);
  if (step_ == Step::probe_memory) return settle_probe(t_us);
  rest(PATELLA_DEVICE_SILENT, sdk::message("The Go!Link refuses to be set up (code {0}). Plug it in again", sdk::number(code)),
       t_us);
}

// Numbers from 20 on belong to probes that carry their calibration.
void Driver::take_probe_id(std::span<const uint8_t> payload, int64_t t_us) {
  if (payload.size() < 4) return status_.note_garbage();
  const int number = payload[0];
  if (number >= kFirstWithMemory) return enter(Step::probe_memory, t_us);
  if (number == 0 && !has_site_calibration())
    return rest(PATELLA_DEVICE_NOTICE, PATELLA_TEXT("No probe is plugged into the Go!Link"), t_us);
  settle_probe(t_us);
}

void Driver::settle_probe(int64_t t_us) {
  input_ = probe_ ? probe_->input : Input::five_volt;
  if (wanted_input_ == 1) input_ = Input::five_volt;
  if (wanted_input_ == 2) input_ = Input::ten_volt;
  correction_ = read_correction(flash_, input_);
  if (probe_) host_.log(PATELLA_LOG_INFO, in_words(*probe_));
  if (probe_ && !probe_->is_force && !has_site_calibration())
    return rest(PATELLA_DEVICE_NOTICE, sdk::message("The probe \"{0}\" measures no force", sdk::name(probe_->name)), t_us);
  enter(Step::input, t_us);
}

std::optional<double> Driver::force_of(double voltage_v) const {
  if (has_site_calibration()) return at_0_v_n_ + per_volt_n_ * voltage_v;
  if (probe_ && probe_->is_force) return probe_->a + probe_->b * voltage_v + probe_->c * voltage_v * voltage_v;
  return std::nullopt;
}

// Packets may come before the answer to START, or instead of it.
void Driver::take_samples(const Samples& samples, int64_t t_us) {
  if (step_ != Step::measuring && step_ != Step::start) return;
  if (step_ == Step::start && samples.count > 0) enter(Step::measuring, t_us);
  if (const auto last = std::exchange(last_counter_, samples.counter)) {
    const auto ahead = static_cast<uint8_t>(samples.counter - *last);
    if (ahead > 1) times_.missed(int64_t{ahead - 1} * samples.count);
  }
  for (int i = 0; i < samples.count; ++i) {
    waiting_.push_back(samples.raw[static_cast<std::size_t>(i)]);
    decided_.clear();
    times_.came(t_us, decided_);
    emit_decided();
  }
  if (step_ != Step::measuring) return;
  deadline_us_ = t_us + kSilenceUs;
  if (!decided_.empty()) tell_working();
  plan();
}

void Driver::emit_decided() {
  const std::size_t ready = std::min(decided_.size(), waiting_.size());
  for (std::size_t i = 0; i < ready; ++i) emit_sample(waiting_[i], decided_[i]);
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(ready));
}

void Driver::emit_sample(int raw, int64_t t_us) {
  // At its end the converter says "at least": no value that could be shown as measured.
  if (std::abs(raw) >= 32767 - kEndCounts) {
    at_the_end_until_us_ = t_us + kRemarkUs;
    return;
  }
  const double voltage_v = volts(raw, input_, correction_);
  if (voltage_v >= kChannels[kVoltage].min && voltage_v <= kChannels[kVoltage].max) host_.emit(kVoltage, t_us, voltage_v);
  const auto force_n = force_of(voltage_v);
  if (!force_n) return;
  const auto measurable = [](double n) { return n >= kChannels[kForce].min && n <= kChannels[kForce].max; };
  if (!measurable(*force_n)) return status_.note_garbage();
  tare_.take(t_us, *force_n);
  if (measurable(*force_n - tare_.zero_n())) host_.emit(kForce, t_us, *force_n - tare_.zero_n());
  if (t_us >= at_the_end_until_us_) at_the_end_until_us_ = 0;
}

void Driver::tell_working() {
  if (!force_of(0)) return status_.report(PATELLA_DEVICE_NOTICE, std::string(kNoCalibration));
  if (at_the_end_until_us_ != 0)
    return status_.report(PATELLA_DEVICE_NOTICE,
                          PATELLA_TEXT("The pull is more than the probe can measure, or its plug is loose"));
  status_.report(PATELLA_DEVICE_LIVE);
}

bool Driver::command(std::string_view name, double, int64_t t_us) {
  if (name != "tare" || step_ != Step::measuring || !force_of(0)) return false;
  tare_.obey(host_, t_us);
  return true;
}

void Driver::disconnected(uint32_t reason, int64_t) {
  // Else it goes on sending, and its packets lie in the way of the next who opens it.
  const bool measures = step_ == Step::measuring || step_ == Step::start;
  if (reason == PATELLA_DISCONNECT_CLOSED && measures) send(encode(Command::stop));
}

}  // namespace patella::go_link
