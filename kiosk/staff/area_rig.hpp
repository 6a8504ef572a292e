// For tests: the staff area in virtual time, with what it asked for.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "staff/area.hpp"

namespace patella::staff::test {

using session::CalibrationView;
using session::Liveness;
using session::NoticesView;
using session::PairingView;
using session::SensorsView;
using session::SignInView;
using session::Snapshot;
using session::StaffGoTo;
using session::StaffLeave;
using session::StaffOpen;

inline constexpr int64_t kSecondUs = 1'000'000;
inline constexpr int64_t kStartUs = 50 * kSecondUs;

inline session::AgeLimits ages(double stale_after_s) {
  const auto stale_after_us = static_cast<int64_t>(stale_after_s * 1e6);
  return {stale_after_us, 2 * stale_after_us};
}

/// A force sensor for the knee extension, and a stick for the bike.
inline AreaSetup plan() {
  AreaSetup plan;
  plan.members = {{"id-berg", "M. Berg", true}, {"id-desk", "Front desk", false}};
  SensorSetup force{"Chronojump force sensor",
                    {Message("Knee extension")},
                    {{"battery", "%", "Battery", ages(180), false}, {"force", "N", "Force", ages(1), true}},
                    {}};
  SensorSetup stick{"ANT+ stick",
                    {Message("Bike warm-up")},
                    {{"cadence", "rpm", "Cadence", ages(2.5), true},
                     {"sensor_heard", "", "Heard", ages(60), false},
                     {"sensor_moving", "", "Moving", ages(2), false},
                     {"power", "W", "Power", ages(2.5), false}},
                    {{121, "speed_cadence", "Speed and cadence sensor", 0}, {120, "heart_rate", "Heart rate strap", -1}}};
  plan.sensors = {force, stick};
  return plan;
}

/// The area, its time, and what it asked for.
struct Rig {
  int64_t now_us = kStartUs;
  Area area;
  std::vector<Request> asked;
  explicit Rig(AreaSetup p = plan()) : area(std::move(p), kStartUs) {}

  void tap(const session::Tap& tap) {
    area.tap(tap, now_us);
    for (Request& request : area.take_requests()) asked.push_back(std::move(request));
  }
  /// On the sign-in, or as the weight on the sensor.
  void type(const std::string& keys) {
    const bool weight = screen() == CalibrationView::kName;
    for (const char key : keys) {
      const session::KeypadKey typed(key);
      tap(weight ? session::Tap(CalibrationView::Type{typed}) : session::Tap(SignInView::Type{typed}));
    }
  }
  Snapshot now() {
    area.advance(now_us);
    Snapshot snapshot;
    area.fill(snapshot, now_us);
    return snapshot;
  }
  std::string screen() { return name_of(now()); }
  /// What that screen shows; it is the one that is up.
  template <class View>
  View shown() {
    return std::get<View>(now().staff->screen);
  }
  template <class Asked>
  const Asked* newest() const {
    return asked.empty() ? nullptr : std::get_if<Asked>(&asked.back());
  }
  void answer(bool ok, int failures, const std::string& why_not = "") {
    area.pin_answer({ok, "id-berg", failures, verbatim(why_not)}, now_us);
  }
  void sign_in(const std::string& member = "id-berg") {
    tap(StaffOpen());
    tap(SignInView::Choose{member});
    type("135792");
    tap(SignInView::Accept());
    area.pin_answer({true, member, 0, {}}, now_us);
  }
  /// Readings of the force sensor at 80 Hz.
  void force(double seconds, double reading_n, double value_n) {
    const int64_t end_us = now_us + static_cast<int64_t>(seconds * 1e6);
    for (; now_us < end_us; now_us += 12'500) {
      area.sample(0, 1, now_us, reading_n, value_n);
      area.advance(now_us);
    }
  }
  void force(double seconds, double reading_n) { force(seconds, reading_n, reading_n); }
  void plug_force() {
    area.identity(0, "A1043", "tty:ttyUSB0@1-2.3");
    area.device(0, {Liveness::live, "", true});
  }
  void calibrate_force() {
    plug_force();
    sign_in();
    tap(SensorsView::Calibrate{0});
  }
  void point(const std::string& known, double reading_n) {
    type(known);
    tap(CalibrationView::TakePoint());
    force(2.2, reading_n);
  }
};

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace patella::staff::test
