// How each sensor of the site stands, for the list of the staff area. Pure; small whatever comes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "session/movement.hpp"
#include "session/staff_view.hpp"
#include "staff/sensor_plan.hpp"

namespace patella::staff {

class SensorBoard {
 public:
  explicit SensorBoard(std::vector<SensorPlan> plans);

  void device(std::size_t sensor, session::Liveness liveness, const std::string& text);
  void identity(std::size_t sensor, const std::string& serial, const std::string& port);
  void sample(std::size_t sensor, std::size_t channel, int64_t t_us, double value);
  /// `day`: of the calibration in force, "" = none.
  void calibrated(std::size_t sensor, std::size_t channel, const std::string& day);
  void number_set(std::size_t sensor, const std::string& param, int number);

  const std::vector<SensorPlan>& plans() const { return plans_; }
  session::DeviceState state(std::size_t sensor, int64_t now_us) const;
  bool live(std::size_t sensor) const { return seen_.at(sensor).liveness == session::Liveness::live; }
  const std::string& serial(std::size_t sensor) const { return seen_.at(sensor).serial; }
  const std::string& port(std::size_t sensor) const { return seen_.at(sensor).port; }
  std::string which(std::size_t sensor) const;
  /// `physio`: only then are there buttons that change something.
  std::vector<session::SensorRow> rows(bool physio, int64_t now_us) const;

 private:
  struct Channel {
    session::Movement movement;
    int64_t newest_us = -1;
    double value = 0;
    std::string day;
  };
  struct Seen {
    session::Liveness liveness = session::Liveness::starting;
    std::string text, serial, port;
    std::vector<Channel> channels;
  };
  /// The first channel that has something to say now; −1 = none.
  int telling(std::size_t sensor, int64_t now_us) const;

  std::vector<SensorPlan> plans_;
  std::vector<Seen> seen_;
};

}  // namespace patella::staff
