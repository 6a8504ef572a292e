// "Which sensor is mine?": what a stick hears around it, and what of it moves while somebody pedals. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "session/staff_view.hpp"
#include "staff/sensor_plan.hpp"

namespace patella::staff {

class PairingDesk {
 public:
  explicit PairingDesk(const SensorPlan& plan) : plan_(plan) {}

  void began();
  /// A sample of any of the driver's channels; those of plugin.h's "sensors" count while it listens.
  void sample(std::size_t channel, int64_t t_us, double value);
  /// The driver's answer to "identify".
  void heard_all(bool ok, const std::string& text);
  void choose(std::size_t candidate);
  void say(const std::string& text, bool trouble) { message_ = {text, trouble}; }
  void saving(bool saving) { saving_ = saving; }
  void number_set(const std::string& param, int number);

  bool listening() const { return listening_; }
  bool saving() const { return saving_; }
  struct Choice {
    std::string param, name;
    int number = 0;
  };
  /// The chosen one; an empty `param` = none.
  Choice choice() const;
  void fill(session::PairingView& view, bool live, int64_t now_us) const;

 private:
  struct Found {
    std::size_t pairing = 0;  ///< index into the plan's
    int number = 0;
    int64_t moved_us = -1;
  };
  Found* found(double code);

  SensorPlan plan_;
  std::vector<Found> found_;
  std::size_t chosen_ = kNone;
  bool listening_ = false, saving_ = false, touched_ = false;
  session::StaffMessage message_;
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
};

}  // namespace patella::staff
