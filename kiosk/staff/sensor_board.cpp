#include "staff/sensor_board.hpp"

#include <algorithm>

namespace patella::staff {

using session::Liveness;

namespace {
/// Rows of one sensor: one for each force channel in use, else one for all it says.
std::vector<int> force_channels(const SensorSetup& plan) {
  std::vector<int> channels;
  for (std::size_t c = 0; c < plan.channels.size(); ++c)
    if (plan.channels[c].bound && plan.channels[c].unit == "N") channels.push_back(static_cast<int>(c));
  if (channels.empty()) channels.push_back(-1);
  return channels;
}

Quantity shown(double value, const std::string& unit) {
  const bool fine = unit == "N" || unit == "m/s";
  return {value, fine ? 1 : 0, {}};
}
}  // namespace

SensorBoard::SensorBoard(std::vector<SensorSetup> plans) : plans_(std::move(plans)) {
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    seen_.emplace_back();
    for (const auto& channel : plans_[i].channels)
      seen_.back().channels.push_back({session::Movement(channel.unit), -1, 0, std::nullopt});
    for (const int channel : force_channels(plans_[i])) entries_.push_back({i, channel});
  }
}

void SensorBoard::device(std::size_t sensor, const SensorReport& report) {
  if (sensor >= seen_.size()) return;
  seen_[sensor].report = report;
  if (report.liveness != Liveness::live)
    for (Channel& channel : seen_[sensor].channels) channel.newest_us = -1;
}

void SensorBoard::identity(std::size_t sensor, const std::string& serial, const std::string& port) {
  if (sensor >= seen_.size()) return;
  seen_[sensor].serial = serial;
  seen_[sensor].port = port;
}

void SensorBoard::sample(std::size_t sensor, std::size_t channel, int64_t t_us, double value) {
  if (sensor >= seen_.size() || channel >= seen_[sensor].channels.size()) return;
  Channel& seen = seen_[sensor].channels[channel];
  seen.newest_us = t_us;
  seen.value = value;
  seen.movement.sample(t_us, value);
}

void SensorBoard::calibrated(std::size_t sensor, std::size_t channel, std::optional<Moment> when) {
  if (sensor >= seen_.size() || channel >= seen_[sensor].channels.size()) return;
  seen_[sensor].channels[channel].calibrated = when;
}

void SensorBoard::number_set(std::size_t sensor, const std::string& param, int number) {
  if (sensor >= plans_.size()) return;
  for (SensorSetup::Pairing& pairing : plans_[sensor].pairings)
    if (pairing.param == param) pairing.number = number;
}

bool SensorBoard::stands_for(const Entry& entry, std::size_t channel) const {
  const auto& plan = plans_[entry.sensor].channels[channel];
  if (entry.channel >= 0) return static_cast<std::size_t>(entry.channel) == channel;
  return plan.bound && !plan.unit.empty();
}

Liveness SensorBoard::liveness(std::size_t sensor, std::size_t channel, int64_t now_us) const {
  const Seen& seen = seen_[sensor];
  return session::liveness_of(seen.report.liveness, seen.channels[channel].newest_us, plans_[sensor].channels[channel].ages,
                              now_us);
}

/// The first channel of this row that has a fresh value; −1 = none.
int SensorBoard::telling(const Entry& entry, int64_t now_us) const {
  for (std::size_t c = 0; c < seen_[entry.sensor].channels.size(); ++c)
    if (stands_for(entry, c) && liveness(entry.sensor, c, now_us) == Liveness::live) return static_cast<int>(c);
  return -1;
}

/// As its freshest channel stands: one that never sent says nothing of the others.
Liveness SensorBoard::liveness(const Entry& entry, int64_t now_us) const {
  const Liveness reported = seen_[entry.sensor].report.liveness;
  if (reported != Liveness::live) return reported;
  const auto any = [&](Liveness wanted) {
    for (std::size_t c = 0; c < seen_[entry.sensor].channels.size(); ++c)
      if (stands_for(entry, c) && liveness(entry.sensor, c, now_us) == wanted) return true;
    return false;
  };
  for (const Liveness best : {Liveness::live, Liveness::stale, Liveness::lost})
    if (any(best)) return best;
  return Liveness::starting;
}

session::DeviceState SensorBoard::state(const Entry& entry, int64_t now_us) const {
  const SensorReport& report = seen_.at(entry.sensor).report;
  session::DeviceState state{"", plans_[entry.sensor].name, liveness(entry, now_us), report.text, false};
  if (force_channels(plans_[entry.sensor]).size() > 1)
    state.label = Message("{0} · {1}", state.label, plans_[entry.sensor].channels[static_cast<std::size_t>(entry.channel)].label);
  return state;
}

Message SensorBoard::which(std::size_t sensor) const {
  const Seen& seen = seen_.at(sensor);
  if (seen.port.empty()) return {};
  if (seen.serial.empty()) return Message("socket {0}", Name{seen.port});
  return Message("number {0}, socket {1}", Name{seen.serial}, Name{seen.port});
}

session::SensorRow SensorBoard::row(const Entry& entry, bool physio, int64_t now_us) const {
  const Seen& seen = seen_[entry.sensor];
  const SensorSetup& plan = plans_[entry.sensor];
  session::SensorRow row;
  row.device = state(entry, now_us);
  row.stations = plan.stations;
  row.which = which(entry.sensor);
  if (const int c = telling(entry, now_us); c >= 0) {
    row.unit = plan.channels[static_cast<std::size_t>(c)].unit;
    row.value = Message("{0}", shown(seen.channels[static_cast<std::size_t>(c)].value, row.unit));
  }
  for (std::size_t c = 0; c < seen.channels.size(); ++c)
    row.moves |= stands_for(entry, c) && seen.report.liveness == Liveness::live && seen.channels[c].movement.moves(now_us);
  if (entry.channel >= 0 && !seen.port.empty()) {
    const std::optional<Moment>& when = seen.channels[static_cast<std::size_t>(entry.channel)].calibrated;
    row.calibrated = when ? Message("Calibrated {0}", *when) : Message("Not calibrated");
  }
  row.retries = physio && seen.report.liveness == Liveness::failed;
  row.pairs = physio && seen.report.open && !plan.pairings.empty();
  row.calibrates = physio && seen.report.open && entry.channel >= 0 && !row.pairs;
  return row;
}

std::vector<session::SensorRow> SensorBoard::rows(bool physio, int64_t now_us) const {
  std::vector<session::SensorRow> rows;
  for (const Entry& entry : entries_) rows.push_back(row(entry, physio, now_us));
  return rows;
}

}  // namespace patella::staff
