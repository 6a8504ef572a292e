// "Which sensor is mine?": what a stick hears around it, and what of it moves while somebody pedals. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "session/staff_pair.hpp"
#include "staff/sensor_setup.hpp"

namespace patella::staff {

class PairingWizard {
 public:
  explicit PairingWizard(const SensorSetup& plan) : setup_(plan) {}

  void began();
  /// A sample of any of the driver's channels; those of plugin.h's "sensors" count while it listens.
  void sample(std::size_t channel, int64_t t_us, double value);
  /// The driver's answer to "identify".
  void heard_all(bool ok, const Messages& text);
  /// The device went away: it listens no more.
  void interrupted();
  void choose(const std::string& id);
  void say(Messages text, bool trouble) { message_ = {std::move(text), trouble}; }
  void saving(bool saving) { saving_ = saving; }
  void number_set(const std::string& param, int number);

  bool listening() const { return listening_; }
  bool can_listen() const { return !listening_ && !saving_; }
  bool can_use() const { return !listening_ && !saving_ && chosen(); }
  struct Choice {
    std::string param;
    Message name;
    int number = 0;
    bool was_off = false;  ///< the station names no sensor of this kind so far
  };
  Choice choice() const;  ///< only when can_use()
  void fill(session::PairingView& view, bool open, int64_t now_us) const;

 private:
  struct Found {
    std::size_t pairing = 0;  ///< index into the plan's
    int number = 0;
    int64_t moved_us = -1;
  };
  Found* found(double code);
  const Found* chosen() const;
  bool in_use(const Found& one) const { return setup_.pairings[one.pairing].number >= 0; }
  std::string id_of(const Found& one) const;
  void choose_what_moved();

  SensorSetup setup_;
  std::vector<Found> found_;  ///< in the order in which they are shown: it does not change with what is heard first
  std::string chosen_;
  bool listening_ = false, saving_ = false;
  session::StaffMessage message_;
};

}  // namespace patella::staff
