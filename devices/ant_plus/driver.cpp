#include "driver.hpp"

#include <algorithm>
#include <utility>

namespace patella::ant_plus {
namespace {

constexpr int64_t kLostUs = 30'000'000;
constexpr int64_t kPairingUs = 15'000'000;
constexpr int64_t kScanStartUs = 20'000'000;  // closing the channels, with every answer late

// The kiosk puts "Tell staff: " before what failed.
constexpr const char* kNoKey = PATELLA_TEXT(
    "No ANT+ network key is set: it belongs into kiosk.toml, [drivers.ant_plus], network_key = 16 "
    "hexadecimal digits");
constexpr const char* kWrongKey = PATELLA_TEXT(
    "The ANT+ network key is not 16 hexadecimal digits: look at network_key in kiosk.toml, "
    "[drivers.ant_plus]");
constexpr const char* kNoSensor = PATELLA_TEXT(
    "No ANT+ sensor is named: its device number belongs into the station's [bind.params], for example "
    "speed_cadence = 0 for the first one heard");
constexpr const char* kNoSenders = PATELLA_TEXT(
    "This stick does not say who sends. Plug in a newer one; or ride with no other bike near: the sensor "
    "that is taken with the number 0 is named");

/// Which profiles can tell a quantity, the best first: a sensor made for it before one that tells it beside.
std::vector<uint8_t> tellers(Quantity quantity) {
  switch (quantity) {
    case Quantity::cadence_rpm:
      return {0x7A, 0x79, 0x0B, 0x11};
    case Quantity::power_w:
      return {0x0B, 0x11};
    case Quantity::heart_rate_bpm:
      return {0x78, 0x11};
    case Quantity::speed_mps:
    case Quantity::distance_m:
      return {0x79, 0x11};
    case Quantity::right_share_pct:
    case Quantity::torque_nm:
      return {0x0B};
    case Quantity::beat_interval_s:
      return {0x78};
    case Quantity::trainer_state:
      return {0x11};
  }
  return {};
}

}  // namespace

Driver::Driver(sdk::DeviceHost host, const sdk::Params& params) : host_(host), wheel_m_(params.real("wheel_mm", 2096) / 1000) {
  const std::string key = params.text("network_key");
  key_ = read_network_key(key);
  key_is_wrong_ = !key_ && !key.empty();
  for (const Profile& profile : kProfiles) {
    const double number = params.real(profile.key, -1);
    if (!(number >= 0 && number <= kMaxNumber)) continue;
    Slot slot;
    slot.profile = &profile;
    const auto whole = static_cast<uint32_t>(number);
    slot.wanted = static_cast<uint16_t>(whole & 0xFFFF);
    if (whole > 0xFFFF) {
      host_.log(PATELLA_LOG_WARNING, std::string(profile.key) + " = " + std::to_string(whole) + ": ANT+ device number " +
                                         std::to_string(slot.wanted) + " (low 16 bits)");
      // Only zeros are left: no sensor has that number, and 0 would take the first one heard.
      if (slot.wanted == 0) {
        impossible_ = sdk::message(
            "{0} = {1} is the number of no ANT+ sensor: its low 16 bits are 0. Let the kiosk find it: Which is mine?",
            sdk::name(profile.key), sdk::number(whole));
      }
    }
    slot.typed = whole;
    slots_.push_back(std::move(slot));
  }
}

void Driver::connected(const patella_device_identity&, int64_t t_us) {
  if (!key_) return status_.report(PATELLA_DEVICE_FAILED, key_is_wrong_ ? kWrongKey : kNoKey);
  if (!impossible_.empty()) return status_.report(PATELLA_DEVICE_FAILED, impossible_);
  if (slots_.empty()) return status_.report(PATELLA_DEVICE_FAILED, kNoSensor);
  std::vector<Wanted> wanted;
  for (const Slot& slot : slots_) wanted.push_back({slot.profile->type, slot.wanted, slot.profile->period});
  stick_.emplace(static_cast<StickUser&>(*this), *key_, std::move(wanted));
  stick_->start(t_us);
  plan(t_us);
}

void Driver::received(std::span<const uint8_t> bytes, int64_t t_us) {
  if (!stick_) return;
  backlog_.bytes_came(t_us);
  stick_->received(bytes, t_us);
  plan(t_us);
}

void Driver::tick(int64_t t_us) {
  if (!stick_) return;
  stick_->tick(t_us);
  watch(t_us);
  plan(t_us);
}

void Driver::plan(int64_t t_us) {
  int64_t due_us = stick_->deadline_us();
  for (const Slot& slot : slots_)
    if (slot.hears) due_us = std::min(due_us, slot.heard_us + kLostUs);
  if (pairing_) due_us = std::min(due_us, pairing_end_us_);
  host_.set_deadline(due_us == sdk::kNever ? due_us : std::max(due_us, t_us + 1));
}

/// What nothing else tells: a sensor that went without a word, and the end of the pairing.
void Driver::watch(int64_t t_us) {
  for (Slot& slot : slots_)
    if (slot.hears && t_us >= slot.heard_us + kLostUs) {
      lose(slot, "nothing heard for 30 s");
      tell_state();
    }
  if (!pairing_ || t_us < pairing_end_us_) return;
  const bool scanned = stick_->state() == StickState::scanning;
  end_pairing(scanned, scanned ? pairing_->text() : PATELLA_TEXT("The stick did not answer in time. Try again"));
  stick_->stop_scan(t_us);
}

bool Driver::command(std::string_view name, double, int64_t t_us) {
  if (name != "identify" || !stick_ || pairing_) return false;
  if (stick_->state() != StickState::listening) return false;
  if (!stick_->names_senders()) {
    host_.command_done("identify", false, kNoSenders);
    return true;
  }
  pairing_.emplace();
  pairing_end_us_ = t_us + kScanStartUs;
  if (!stick_->scan(t_us)) {
    pairing_.reset();
    return false;
  }
  for (Slot& slot : slots_) lose(slot, "");
  tell_state();
  plan(t_us);
  return true;
}

void Driver::end_pairing(bool ok, const std::string& text) {
  pairing_.reset();
  std::string around = text;
  std::replace(around.begin(), around.end(), '\n', ';');
  host_.log(PATELLA_LOG_INFO, "sensors around: " + around);
  host_.command_done("identify", ok, text);
}

void Driver::disconnected(uint32_t reason, int64_t) {
  if (pairing_) end_pairing(false, PATELLA_TEXT("The stick was pulled out"));
  if (stick_ && reason == PATELLA_DISCONNECT_CLOSED) host_.write(reset_stick());
}

// ---- from the stick --------------------------------------------------------------------------------------

bool Driver::write(const Bytes& bytes) { return host_.write(bytes); }
void Driver::note(const std::string& text) { host_.log(PATELLA_LOG_WARNING, text); }
void Driver::missed(uint8_t channel) { ++slots_[channel].missed; }

void Driver::stick_is(StickState state, int64_t t_us) {
  if (state == StickState::scanning) {
    pairing_end_us_ = t_us + kPairingUs;
  } else if (state == StickState::listening) {
    backlog_.forget();
  } else {
    for (Slot& slot : slots_) lose(slot, "");
    if (pairing_ && state == StickState::no_scan)
      end_pairing(false, PATELLA_TEXT("This stick cannot hear all sensors at once"));
    else if (pairing_)
      end_pairing(false, PATELLA_TEXT("The stick has restarted. Try again"));
  }
  tell_state();
}

void Driver::page(const Heard& heard, int64_t t_us) {
  if (stick_->state() == StickState::scanning) return take_around(heard, t_us);
  if (backlog_.is_old(heard.channel, heard.stamp, t_us)) return;
  take_own(slots_[heard.channel], heard, t_us);
}

void Driver::take_around(const Heard& heard, int64_t t_us) {
  if (!pairing_ || !heard.from) return;
  const Pairing::News news = pairing_->take(*heard.from, heard.page, t_us);
  if (news == Pairing::News::heard) host_.emit(kSensorHeard, t_us, sensor_code(*heard.from));
  if (news == Pairing::News::moves) host_.emit(kSensorMoving, t_us, sensor_code(*heard.from));
  if (news != Pairing::News::none) tell_state();
}

void Driver::take_own(Slot& slot, const Heard& heard, int64_t t_us) {
  if (heard.from && heard.from->type != slot.profile->type) return;
  if (heard.from && slot.id && !(*heard.from == *slot.id)) take_for_another(slot);
  const bool is_first = !slot.hears;
  // A page that does not say who sent it may come from another sensor than before the silence: it is left
  // out, and the answer is here before the next one.
  const bool may_be_another = is_first && !heard.from && slot.id && slot.wanted == 0;
  if (!slot.sensor) slot.take_sensor(make_sensor(slot.profile->type, wheel_m_));
  slot.hears = true;
  slot.heard_us = t_us;
  ++slot.pages;
  const auto channel = static_cast<uint8_t>(&slot - slots_.data());
  if (heard.from && !slot.named) sensor_is(channel, *heard.from, t_us);
  if (!heard.from && !slot.asked) slot.asked = host_.write(ask(channel, Id::channel_id));
  const std::string lacked = slot.sensor->lacks();
  if (!may_be_another) feed(slot, heard.page, t_us);
  if (is_first || lacked != slot.sensor->lacks()) tell_state();
}

void Driver::feed(Slot& slot, const Payload& page, int64_t t_us) {
  values_.clear();
  slot.sensor->take(page, t_us, values_);
  for (const Value& value : values_) {
    const auto channel = static_cast<uint32_t>(value.what);
    const patella_channel& limits = kChannels[channel];
    if (!(value.value >= limits.min && value.value <= limits.max)) continue;
    slot.tells[channel] = true;
    if (value.measured && value.value > 0) slot.measures[channel] = true;
    const bool feeds_it = feeds(slot, value.what);
    double told = value.value;
    if (value.what == Quantity::distance_m) {
      const double step_m = told - std::exchange(slot.way_m, told);
      if (feeds_it && step_m > 0) way_m_ += step_m;
      told = way_m_;
    }
    if (feeds_it) host_.emit(channel, t_us, told);
  }
}

void Driver::sensor_is(uint8_t channel, const SensorId& sensor, int64_t t_us) {
  Slot& slot = slots_[channel];
  if (slot.named || !slot.hears || sensor.number == 0 || sensor.type != slot.profile->type) return;
  // Another one than before the silence knows nothing of what that one had told.
  if (slot.id && !(*slot.id == sensor)) slot.take_sensor(make_sensor(sensor.type, wheel_m_));
  slot.id = sensor;
  slot.named = true;
  host_.emit(kSensorHeard, t_us, sensor_code(sensor));
  host_.log(PATELLA_LOG_INFO, "hears the " + sensor_name(sensor.type, sensor.number));
  tell_state();
}

void Driver::searching(uint8_t channel) {
  lose(slots_[channel], "not heard any more");
  tell_state();
}

/// What is known of the sensor stays: it is most likely the one that is heard next.
void Driver::lose(Slot& slot, const char* how) {
  if (slot.hears && *how != 0) {
    host_.log(PATELLA_LOG_WARNING, std::string(slot.profile->name) + ": " + how + "; " + std::to_string(slot.pages) +
                                       " messages came, " + std::to_string(slot.missed) + " did not");
  }
  slot.hears = slot.asked = slot.named = false;
  slot.pages = slot.missed = 0;
}

void Driver::take_for_another(Slot& slot) {
  lose(slot, "another one is heard");
  slot.id.reset();
  slot.take_sensor(nullptr);
}

// ---- what is told ----------------------------------------------------------------------------------------

/// One sensor feeds a channel: two that disagree must not take turns. It is the best of those that are heard
/// and have measured the quantity at least once. A sensor without its magnet never does, and keeps nobody
/// out; its 0 counts only while there is no other word.
const Driver::Slot* Driver::source_of(Quantity quantity) const {
  const auto channel = static_cast<std::size_t>(quantity);
  const Slot* telling = nullptr;
  for (const uint8_t type : tellers(quantity))
    for (const Slot& slot : slots_) {
      if (slot.profile->type != type || !slot.hears) continue;
      if (slot.measures[channel]) return &slot;
      if (!telling && slot.tells[channel]) telling = &slot;
    }
  return telling;
}

bool Driver::feeds(const Slot& slot, Quantity quantity) {
  const auto channel = static_cast<std::size_t>(quantity);
  const Slot* source = source_of(quantity);
  if (source != source_[channel]) {
    if (source_[channel])
      host_.log(PATELLA_LOG_INFO, std::string(kChannels[channel].key) + " is now that of the " + source->profile->name +
                                      ", no longer that of the " + source_[channel]->profile->name);
    source_[channel] = source;
  }
  return source == &slot;
}

std::string Driver::missing_text() const {
  std::string text;
  for (const Slot& slot : slots_) {
    if (slot.hears) continue;
    const sdk::Argument typed = sdk::number(slot.typed);
    text =
        sdk::lines({text, slot.wanted ? sdk::message(slot.profile->not_heard, typed) : sdk::message(slot.profile->none_heard)});
    if (slot.typed > 0xFFFF)
      text = sdk::lines(
          {text, sdk::message("{0} stands for the ANT+ device number {1}, its low 16 bits", typed, sdk::number(slot.wanted))});
  }
  return text;
}

void Driver::tell_state() {
  if (!stick_) return;
  switch (stick_->state()) {
    case StickState::starting:
      return status_.report(PATELLA_DEVICE_STARTING, "");
    case StickState::no_answer:
      return status_.report(PATELLA_DEVICE_SILENT,
                            PATELLA_TEXT("The ANT stick does not answer. Pull it out and plug it in again"));
    case StickState::no_network:
      return status_.report(PATELLA_DEVICE_SILENT,
                            PATELLA_TEXT("The ANT stick refuses the network key. Tell staff: look at network_key in kiosk.toml"));
    case StickState::few_channels:
      return status_.report(PATELLA_DEVICE_FAILED,
                            PATELLA_TEXT("The ANT stick has fewer channels than sensors are named for it"));
    default:
      break;
  }
  if (pairing_) return status_.report(PATELLA_DEVICE_NOTICE, pairing_->text());
  const std::string missing = missing_text();
  const bool hears_any = std::any_of(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.hears; });
  if (!hears_any) return status_.report(PATELLA_DEVICE_SILENT, missing);
  if (!missing.empty()) return status_.report(PATELLA_DEVICE_NOTICE, missing);
  for (const Slot& slot : slots_)
    if (const std::string lacks = slot.sensor->lacks(); !lacks.empty()) return status_.report(PATELLA_DEVICE_NOTICE, lacks);
  // Whose value it is stays open until the station names the number: staff should know.
  std::string taken;
  for (const Slot& slot : slots_)
    if (slot.wanted == 0 && slot.id) taken = sdk::lines({taken, sdk::message(slot.profile->taken, sdk::number(slot.id->number))});
  status_.report(taken.empty() ? PATELLA_DEVICE_LIVE : PATELLA_DEVICE_NOTICE, taken);
}

}  // namespace patella::ant_plus
