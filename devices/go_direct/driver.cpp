#include "driver.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace patella::go_direct {
namespace {

constexpr int64_t kS = 1'000'000;
constexpr int64_t kAnswerUs = 5 * kS;   // what the maker's programs wait
constexpr int64_t kInitUs = 2 * kS;     // a device that was left without DISCONNECT is busy for a while: ask more often
constexpr int64_t kSilenceUs = 3 * kS;  // stalls of 1.2 s are usual, and end by themselves
constexpr int64_t kBatteryUs = 60 * kS;
constexpr int kBatteryLowPercent = 10;
constexpr int64_t kOverRangeUs = 1 * kS;  // how long the remark stays
constexpr int kSteadySteps = 8;
constexpr int kUnreadableUntilTold = 10;
constexpr int64_t kOwnPeriodUs = 2 * kS;  // so long it may be the echo of what was set
constexpr int kNewPeriodsObeyed = 3;
constexpr int kBestChecksumScore = 1000;
constexpr uint32_t kSafePeriodUs = 100'000;  // what the maker's own programs use
constexpr std::string_view kSilent =
    PATELLA_TEXT("The force sensor does not answer. Check its USB cable, or switch it off and on");

/// "12.5 ms".
sdk::Argument in_ms(uint32_t us) {
  const int decimals = us % 1000 == 0 ? 0 : us % 100 == 0 ? 1 : us % 10 == 0 ? 2 : 3;
  return sdk::number(us / 1000.0, decimals, "ms");
}

double value_or_none(const std::optional<double>& value, double scale) { return value ? *value * scale : sdk::kNone; }

}  // namespace

Driver::Driver(sdk::DeviceHost host, const sdk::Params& params) : host_(host), status_(host, "unreadable reports") {
  wanted_.period_us = static_cast<uint32_t>(std::clamp(params.integer("period_ms", 10), kMinPeriodMs, kMaxPeriodMs)) * 1000;
  wanted_.sensor = params.integer("sensor");
  wanted_.acceleration = params.flag("acceleration");
}

void Driver::connected(const patella_device_identity&, int64_t t_us) {
  status_.report(PATELLA_DEVICE_STARTING, "");
  begin(t_us);
}

/// From the start, whatever the device did before.
void Driver::begin(int64_t t_us) {
  joiner_.reset();
  waiting_.clear();
  tare_.reset();
  sensors_.clear();
  last_counter_.reset();
  battery_counter_.reset();
  battery_due_us_ = sdk::kNever;
  power_remark_.clear();
  period_remark_.clear();
  asked_twice_ = false;
  enter(Step::init, t_us);
}

void Driver::enter(Step step, int64_t t_us) {
  step_ = step;
  asked_twice_ = false;
  if (step == Step::measuring) measuring_since_us_ = t_us;
  if (step < Step::measuring) return ask(t_us);
  deadline_us_ = step == Step::measuring ? t_us + kSilenceUs : step == Step::resting ? t_us + kAnswerUs : sdk::kNever;
  plan();
}

void Driver::rest(const std::string& why, int64_t t_us) {
  status_.report(PATELLA_DEVICE_SILENT, why);
  enter(Step::resting, t_us);
}

uint8_t Driver::send(Command command, std::span<const uint8_t> data) {
  const Bytes frame = encode(command, data, --counter_);
  for (const Bytes& report : to_reports(frame))
    if (!host_.write(report)) host_.log(PATELLA_LOG_WARNING, "a command could not be queued");
  return counter_;
}

void Driver::ask(int64_t t_us) {
  deadline_us_ = t_us + (step_ == Step::init ? kInitUs : kAnswerUs);
  switch (step_) {
    case Step::init:
      counter_ = 0xFF;
      asked_counter_ = send(Command::init, init_data());
      break;
    case Step::status:
      asked_counter_ = send(Command::status, {});
      break;
    case Step::info:
      asked_counter_ = send(Command::info, {});
      break;
    case Step::available:
      asked_counter_ = send(Command::available_sensors, {});
      break;
    case Step::defaults:
      asked_counter_ = send(Command::default_sensors, {});
      break;
    case Step::sensor_info: {
      const Bytes data = {static_cast<uint8_t>(sensor_)};
      asked_counter_ = send(Command::sensor_info, data);
      break;
    }
    case Step::period:
      asked_counter_ = send(Command::period, period_data(choice_.period_us));
      break;
    case Step::start:
      asked_counter_ = send(Command::start, start_data(choice_.mask));
      times_.start(choice_.period_us, t_us);
      waiting_.clear();
      break;
    case Step::measuring:
    case Step::resting:
    case Step::given_back:
      break;
  }
  plan();
}

void Driver::plan() { host_.set_deadline(step_ == Step::given_back ? sdk::kNever : std::min(deadline_us_, battery_due_us_)); }

void Driver::tick(int64_t t_us) {
  if (step_ == Step::given_back) return;
  if (t_us >= battery_due_us_) {
    battery_due_us_ = t_us + kBatteryUs;
    battery_counter_ = send(Command::status, {});
  }
  if (t_us >= deadline_us_) return no_answer(t_us);
  plan();
}

// Each question once again, then all from the start. The device may leave out what is only nice to know.
void Driver::no_answer(int64_t t_us) {
  if (step_ == Step::resting) return begin(t_us);
  if (step_ == Step::measuring) return fell_silent(t_us);
  if (!asked_twice_) {
    ask(t_us);
    asked_twice_ = true;
    return;
  }
  status_.report(PATELLA_DEVICE_SILENT, std::string(kSilent));
  if (step_ == Step::status) return enter(Step::info, t_us);
  if (step_ == Step::info) return enter(Step::available, t_us);
  if (step_ == Step::defaults || step_ == Step::sensor_info) return next_sensor(t_us);
  begin(t_us);
  asked_twice_ = true;
}

void Driver::fell_silent(int64_t t_us) {
  status_.report(PATELLA_DEVICE_SILENT, std::string(kSilent));
  decided_.clear();
  times_.flush(decided_);
  emit_decided();
  send(Command::stop, stop_data());
  begin(t_us);
}

void Driver::received(std::span<const uint8_t> report, int64_t t_us) {
  if (step_ == Step::given_back) return;
  const uint64_t garbage = joiner_.garbage();
  const auto frame = joiner_.take(report);
  if (joiner_.garbage() != garbage) status_.note_garbage();
  if (!frame) return;
  // The maker's programs do not check it, so a device that does not fill it in must still work: one frame in
  // 256 is right by chance then, and the score stays low.
  checksum_score_ = std::clamp(checksum_score_ + (frame->checksum_right ? 1 : -1), -1, kBestChecksumScore);
  if (!frame->checksum_right && checksum_score_ >= 0) {
    if (frame->bytes[0] == kMeasurement) times_.missed(last_rows_);
    last_counter_.reset();
    return status_.note_garbage();
  }
  if (!frame->checksum_right && !told_checksums_) {
    told_checksums_ = true;
    host_.log(PATELLA_LOG_WARNING, "the device sends wrong checksums; its frames are taken all the same");
  }
  if (const auto reply = read_reply(frame->bytes)) return take_reply(*reply, t_us);
  if (frame->bytes[0] == kMeasurement) return take_measurement(frame->bytes, t_us);
  status_.note_garbage();
}

void Driver::take_reply(const Reply& reply, int64_t t_us) {
  if (battery_counter_ && reply.command == static_cast<uint8_t>(Command::status) && reply.counter == *battery_counter_) {
    battery_counter_.reset();
    take_power(reply.payload, t_us);
    return;
  }
  constexpr std::array kAsked = {
      Command::init,        Command::status, Command::info, Command::available_sensors, Command::default_sensors,
      Command::sensor_info, Command::period, Command::start};
  const auto step = static_cast<std::size_t>(step_);
  if (step >= kAsked.size() || reply.command != static_cast<uint8_t>(kAsked[step]) || reply.counter != asked_counter_) return;
  switch (step_) {
    case Step::init:
      return enter(Step::status, t_us);
    case Step::status:
      if (!take_power(reply.payload, t_us)) status_.note_garbage();
      return enter(Step::info, t_us);
    case Step::info:
      if (const auto name = read_name(reply.payload)) host_.log(PATELLA_LOG_INFO, "this is " + *name);
      return enter(Step::available, t_us);
    case Step::available: {
      const auto mask = read_mask(reply.payload);
      if (!mask) return status_.note_garbage();  // the question is asked again in its time
      available_ = *mask;
      default_ = 0;
      return enter(Step::defaults, t_us);
    }
    case Step::defaults:
      default_ = read_mask(reply.payload).value_or(0);
      sensor_ = -1;
      return next_sensor(t_us);
    case Step::sensor_info:
      return take_sensor_info(reply.payload, t_us);
    case Step::period:
      if (const auto code = read_code(reply.payload)) return take_period_code(*code, t_us);
      return status_.note_garbage();
    case Step::start:
      if (const auto code = read_code(reply.payload)) return take_start_code(*code, t_us);
      return status_.note_garbage();
    case Step::measuring:
    case Step::resting:
    case Step::given_back:
      return;
  }
}

bool Driver::take_power(std::span<const uint8_t> payload, int64_t t_us) {
  const auto power = read_power(payload);
  if (!power) return false;
  if (step_ != Step::measuring) host_.log(PATELLA_LOG_INFO, "firmware " + power->firmware);
  host_.emit(kBattery, t_us, power->battery_percent);
  power_remark_.clear();
  if (power->charger == Power::Charger::error)
    power_remark_ = PATELLA_TEXT("The force sensor cannot charge its battery. See its manual");
  else if (power->charger == Power::Charger::idle && power->battery_percent < kBatteryLowPercent)
    power_remark_ = PATELLA_TEXT("The battery of the force sensor is nearly empty. Charge it");
  if (step_ == Step::measuring) tell_working();
  return true;
}

void Driver::take_sensor_info(std::span<const uint8_t> payload, int64_t t_us) {
  const auto info = read_sensor_info(payload);
  // A sensor without an id does not exist, although it is in the mask.
  if (info && info->number == sensor_ && info->id != 0) sensors_.push_back(*info);
  next_sensor(t_us);
}

void Driver::next_sensor(int64_t t_us) {
  if (step_ != Step::sensor_info) sensor_ = -1;
  do ++sensor_;
  while (sensor_ < 32 && !(available_ >> sensor_ & 1u));
  if (sensor_ < 32) return enter(Step::sensor_info, t_us);
  choose_sensors(t_us);
}

void Driver::choose_sensors(int64_t t_us) {
  choice_ = choose(sensors_, default_, wanted_);
  // Nothing could be read: no reason to give it back.
  if (sensors_.empty()) return rest(PATELLA_TEXT("The force sensor does not say what it measures. Switch it off and on"), t_us);
  if (choice_.force.number < 0) {
    status_.report(PATELLA_DEVICE_NOT_MINE,
                   sdk::message("This Go Direct sensor measures no force but {0}", sdk::name(list_of(sensors_))));
    return enter(Step::given_back, t_us);
  }
  for (const SensorInfo& sensor : sensors_)
    if (sensor.number == choice_.force.number)
      host_.log(PATELLA_LOG_INFO, "force is sensor " + std::to_string(sensor.number) + ", \"" + sensor.name + "\"");
  if (choice_.period_us != wanted_.period_us)
    host_.log(PATELLA_LOG_WARNING, "it cannot measure that often: every " + std::to_string(choice_.period_us) + " us");
  enter(Step::period, t_us);
}

void Driver::take_period_code(uint8_t code, int64_t t_us) {
  if (code == 0) return enter(Step::start, t_us);
  const uint32_t slower_us = choice_.possible(std::max(choice_.typical_period_us, kSafePeriodUs));
  if (choice_.period_us < slower_us) {
    const sdk::Argument refused = in_ms(choice_.period_us), taken = in_ms(slower_us);
    const bool can_be_set = slower_us % 1000 == 0 && slower_us <= kMaxPeriodMs * 1000;
    period_remark_ = sdk::message("The force sensor refused {0} between samples and takes {1}", refused, taken);
    if (can_be_set) period_remark_ = sdk::lines({period_remark_, PATELLA_TEXT("Set period_ms to that")});
    choice_.period_us = slower_us;
    return enter(Step::period, t_us);
  }
  status_.report(PATELLA_DEVICE_FAILED,
                 sdk::message("The force sensor refuses to be set up (code {0}). Switch it off and on", sdk::number(code)));
  enter(Step::given_back, t_us);
}

void Driver::take_start_code(uint8_t code, int64_t t_us) {
  if (code == 0) return enter(Step::measuring, t_us);
  rest(sdk::message("The force sensor refuses to measure (code {0}). Switch it off and on", sdk::number(code)), t_us);
}

// Rows may come before the answer to START, or instead of it.
void Driver::take_measurement(std::span<const uint8_t> frame, int64_t t_us) {
  if (step_ != Step::measuring && step_ != Step::start) return;
  const auto measurement = read_measurement(frame);
  if (!measurement) {
    times_.missed(last_rows_);
    return status_.note_garbage();
  }
  switch (measurement->kind) {
    case Measurement::Kind::periodic:
      return take_rows(*measurement, t_us);
    case Measurement::Kind::dropped:
      note_drop();
      return times_.doubt(t_us);
    case Measurement::Kind::new_period:
      return take_new_period(t_us);
    case Measurement::Kind::start_time:
      return host_.log(PATELLA_LOG_INFO, "notice of type " + std::to_string(frame[4]));
    case Measurement::Kind::aperiodic:
      if (!std::exchange(told_aperiodic_, true)) host_.log(PATELLA_LOG_WARNING, "values without a period are left out");
      return;
    case Measurement::Kind::unknown:
      return status_.note_garbage();
  }
}

// Times are counted in the period that was set. One that changes by itself is set again; one that keeps on
// changing it, or tells of the one that was set, is left as it is.
void Driver::take_new_period(int64_t t_us) {
  host_.log(PATELLA_LOG_WARNING, "the device tells of a new period");
  if (step_ != Step::measuring || t_us - measuring_since_us_ < kOwnPeriodUs || ++new_periods_ > kNewPeriodsObeyed) return;
  decided_.clear();
  times_.flush(decided_);
  emit_decided();
  send(Command::stop, stop_data());
  enter(Step::period, t_us);
}

// The first, the tenth, the hundredth …: a device that often drops must not flood the log.
void Driver::note_drop() {
  if (++drops_ < next_drop_log_) return;
  next_drop_log_ *= 10;
  host_.log(PATELLA_LOG_WARNING, "times the device dropped samples so far: " + std::to_string(drops_));
}

void Driver::take_rows(const Measurement& measurement, int64_t t_us) {
  if (!(measurement.mask >> choice_.force.number & 1u)) return;
  follow_counter(measurement);
  last_rows_ = measurement.rows;
  for (int i = 0; i < measurement.rows; ++i) {
    Row row{value_or_none(measurement.value(i, choice_.force.number), choice_.force.scale), {}};
    for (std::size_t axis = 0; axis < 3; ++axis)
      row.acceleration_ms2[axis] =
          value_or_none(measurement.value(i, choice_.acceleration[axis].number), choice_.acceleration[axis].scale);
    if (step_ == Step::start) enter(Step::measuring, t_us);
    waiting_.push_back(row);
    decided_.clear();
    times_.came(t_us, decided_);
    emit_decided();
  }
  if (step_ != Step::measuring) return;
  deadline_us_ = t_us + kSilenceUs;
  if (battery_due_us_ == sdk::kNever) battery_due_us_ = t_us + kBatteryUs;
  if (!decided_.empty()) tell_working();
  plan();
}

// How the counter of measurements runs is not published, so its step is learnt; what then leaves it out is
// lost.
void Driver::follow_counter(const Measurement& measurement) {
  const auto last = std::exchange(last_counter_, measurement.counter);
  if (!last) return;
  const int step = static_cast<int8_t>(static_cast<uint8_t>(measurement.counter - *last));
  if (step == counter_step_) {
    ++steady_steps_;
    return;
  }
  if (steady_steps_ >= kSteadySteps && std::abs(counter_step_) == 1) {
    const auto ahead = static_cast<uint8_t>((measurement.counter - *last) * counter_step_);
    if (ahead > 1) times_.missed(int64_t{ahead - 1} * last_rows_);
    return;  // one jump does not unlearn it
  }
  counter_step_ = step;
  steady_steps_ = 0;
}

void Driver::emit_decided() {
  const std::size_t ready = std::min(decided_.size(), waiting_.size());
  for (std::size_t i = 0; i < ready; ++i) emit_row(waiting_[i], decided_[i]);
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(ready));
}

void Driver::emit_row(const Row& row, int64_t t_us) {
  const auto put = [&](uint32_t channel, double value) {
    if (std::isfinite(value) && value >= kChannels[channel].min && value <= kChannels[channel].max)
      host_.emit(channel, t_us, value);
    else if (std::isfinite(value))
      status_.note_garbage();
  };
  const bool possible =
      std::isfinite(row.force_n) && row.force_n >= kChannels[kForce].min && row.force_n <= kChannels[kForce].max;
  unreadable_ = possible ? 0 : unreadable_ + 1;
  if (std::isfinite(row.force_n)) {
    note_range(row.force_n, t_us);
    if (possible) tare_.take(t_us, row.force_n);
    put(kForce, row.force_n - tare_.zero_n());
  } else {
    status_.note_garbage();
  }
  for (uint32_t axis = 0; axis < 3; ++axis) put(kAccelerationX + axis, row.acceleration_ms2[axis]);
}

void Driver::note_range(double force_n, int64_t t_us) {
  if (choice_.force_min_n == choice_.force_max_n) return;
  // A range that begins at 0 does not make the noise of an unloaded sensor a fault.
  const double margin_n = 0.02 * (choice_.force_max_n - choice_.force_min_n);
  const bool beyond = force_n < choice_.force_min_n - margin_n || force_n > choice_.force_max_n + margin_n;
  if (beyond)
    over_range_until_us_ = t_us + kOverRangeUs;
  else if (t_us >= over_range_until_us_)
    over_range_until_us_ = 0;
}

bool Driver::command(std::string_view name, double, int64_t t_us) {
  if (name != "tare" || status_.reported() == PATELLA_DEVICE_SILENT || step_ != Step::measuring) return false;
  tare_.obey(host_, t_us);
  return true;
}

void Driver::disconnected(uint32_t reason, int64_t) {
  if (reason != PATELLA_DISCONNECT_CLOSED || step_ == Step::given_back) return;
  // Else the device stays busy until its own time-out.
  send(Command::stop, stop_data());
  send(Command::disconnect, {});
}

void Driver::tell_working() {
  if (over_range_until_us_ != 0)
    return status_.report(PATELLA_DEVICE_NOTICE, PATELLA_TEXT("The pull is more than the force sensor can measure"));
  // It measures, so it is not silent; but a value that nobody can read is not LIVE either.
  if (unreadable_ >= kUnreadableUntilTold)
    return status_.report(PATELLA_DEVICE_NOTICE,
                          PATELLA_TEXT("The force sensor's readings cannot be read. Switch it off and on"));
  if (unreadable_ > 0) return;
  const std::string& remark = power_remark_.empty() ? period_remark_ : power_remark_;
  status_.report(remark.empty() ? PATELLA_DEVICE_LIVE : PATELLA_DEVICE_NOTICE, remark);
}

}  // namespace patella::go_direct
