#include "staff/sensor_board.hpp"

#include <fmt/format.h>

#include <cmath>

namespace patella::staff {

using session::Liveness;

SensorBoard::SensorBoard(std::vector<SensorPlan> plans) : plans_(std::move(plans)) {
  for (const SensorPlan& plan : plans_) {
    seen_.emplace_back();
    for (const auto& channel : plan.channels)
      seen_.back().channels.push_back({session::Movement(channel.unit), -1, 0, ""});
  }
}

void SensorBoard::device(std::size_t sensor, Liveness liveness, const std::string& text) {
  if (sensor >= seen_.size()) return;
  Seen& seen = seen_[sensor];
  seen.liveness = liveness;
  seen.text = text;
  if (liveness != Liveness::live)
    for (Channel& channel : seen.channels) channel.newest_us = -1;
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

void SensorBoard::calibrated(std::size_t sensor, std::size_t channel, const std::string& day) {
  if (sensor >= seen_.size() || channel >= seen_[sensor].channels.size()) return;
  seen_[sensor].channels[channel].day = day;
}

void SensorBoard::number_set(std::size_t sensor, const std::string& param, int number) {
  if (sensor >= plans_.size()) return;
  for (SensorPlan::Pairing& pairing : plans_[sensor].pairings)
    if (pairing.param == param) pairing.number = number;
}

session::DeviceState SensorBoard::state(std::size_t sensor, int64_t now_us) const {
  const Seen& seen = seen_.at(sensor);
  session::DeviceState state{"", plans_[sensor].name, seen.liveness, seen.text, false};
  if (state.liveness == Liveness::live && telling(sensor, now_us) < 0) state.liveness = Liveness::stale;
  return state;
}

std::string SensorBoard::which(std::size_t sensor) const {
  const Seen& seen = seen_.at(sensor);
  if (seen.port.empty()) return "";
  return seen.serial.empty() ? "socket " + seen.port : fmt::format("number {}, socket {}", seen.serial, seen.port);
}

int SensorBoard::telling(std::size_t sensor, int64_t now_us) const {
  const Seen& seen = seen_[sensor];
  for (std::size_t c = 0; c < seen.channels.size(); ++c) {
    const auto& plan = plans_[sensor].channels[c];
    const int64_t newest_us = seen.channels[c].newest_us;
    if (plan.unit.empty() || newest_us < 0) continue;
    if (now_us - newest_us <= static_cast<int64_t>(plan.stale_after_s * 1e6)) return static_cast<int>(c);
  }
  return -1;
}

std::vector<session::SensorRow> SensorBoard::rows(bool physio, int64_t now_us) const {
  std::vector<session::SensorRow> rows;
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    const Seen& seen = seen_[i];
    session::SensorRow row;
    row.device = state(i, now_us);
    row.stations = plans_[i].stations;
    row.which = which(i);
    if (const int c = telling(i, now_us); c >= 0) {
      const double value = seen.channels[static_cast<std::size_t>(c)].value;
      row.unit = plans_[i].channels[static_cast<std::size_t>(c)].unit;
      row.value = fmt::format("{:.{}f}", std::fabs(value) < 0.05 ? 0 : value, row.unit == "N" ? 1 : 0);  // never "-0.0"
    }
    for (const Channel& channel : seen.channels)
      row.moves |= seen.liveness == Liveness::live && channel.movement.moves(now_us);
    const int force = force_channel(plans_[i]);
    if (force >= 0 && !seen.port.empty()) {
      const std::string& day = seen.channels[static_cast<std::size_t>(force)].day;
      row.calibrated = day.empty() ? "Not calibrated" : "Calibrated " + day;
    }
    row.calibrates = physio && force >= 0;
    row.pairs = physio && !plans_[i].pairings.empty();
    row.retries = physio && seen.liveness == Liveness::failed;
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace patella::staff
