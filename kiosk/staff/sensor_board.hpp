// How each sensor of the site stands, for the list of the staff area. Pure; small whatever comes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "session/movement.hpp"
#include "session/staff_sensors.hpp"
#include "staff/sensor_setup.hpp"

namespace patella::staff {

/// What a driver's link says of its device.
struct SensorReport {
  session::Liveness liveness = session::Liveness::starting;
  Messages text;      ///< empty = nothing to say
  bool open = false;  ///< a device is there and takes commands, though it may have no value to give
};

class SensorBoard {
 public:
  /// A row of the list. Of a device with several force channels in use each has its own.
  struct Entry {
    std::size_t sensor = 0;
    int channel = -1;  ///< its force channel; −1 = it has none in use
  };

  explicit SensorBoard(std::vector<SensorSetup> plans);

  void device(std::size_t sensor, const SensorReport& report);
  void identity(std::size_t sensor, const std::string& serial, const std::string& port);
  void sample(std::size_t sensor, std::size_t channel, int64_t t_us, double value);
  /// `day`: of the calibration in force, "" = none.
  void calibrated(std::size_t sensor, std::size_t channel, std::optional<Moment> when);
  void number_set(std::size_t sensor, const std::string& param, int number);

  const SensorSetup& plan(std::size_t sensor) const { return plans_.at(sensor); }
  const std::vector<Entry>& entries() const { return entries_; }
  /// Of the row: its name, and how its device stands.
  session::DeviceState state(const Entry& entry, int64_t now_us) const;
  bool open(std::size_t sensor) const { return seen_.at(sensor).report.open; }
  const std::string& serial(std::size_t sensor) const { return seen_.at(sensor).serial; }
  const std::string& port(std::size_t sensor) const { return seen_.at(sensor).port; }
  Message which(std::size_t sensor) const;
  /// In the order of entries(). `physio`: only then are there buttons that change something.
  std::vector<session::SensorRow> rows(bool physio, int64_t now_us) const;

 private:
  struct Channel {
    session::Movement movement;
    int64_t newest_us = -1;
    double value = 0;
    std::optional<Moment> calibrated;
  };
  struct Seen {
    SensorReport report;
    std::string serial, port;
    std::vector<Channel> channels;
  };
  bool stands_for(const Entry& entry, std::size_t channel) const;
  session::Liveness liveness(std::size_t sensor, std::size_t channel, int64_t now_us) const;
  session::Liveness liveness(const Entry& entry, int64_t now_us) const;
  int telling(const Entry& entry, int64_t now_us) const;
  session::SensorRow row(const Entry& entry, bool physio, int64_t now_us) const;

  std::vector<SensorSetup> plans_;
  std::vector<Seen> seen_;
  std::vector<Entry> entries_;
};

}  // namespace patella::staff
