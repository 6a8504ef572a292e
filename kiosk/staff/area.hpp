// The staff area: signing in with a PIN, the list of sensors, calibrating one, choosing one of several. A state machine:
// taps, samples and answers go in; requests and a view come out. Pure; one thread.
//
// It is closed until staff_open is tapped on home, and closes by itself when nobody touches the screen. Nothing of it outlives
// the program: after a crash nobody is signed in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pin/guard.hpp"
#include "session/snapshot.hpp"
#include "staff/calibration_desk.hpp"
#include "staff/pairing_desk.hpp"
#include "staff/request.hpp"
#include "staff/sensor_board.hpp"

namespace patella::staff {

struct Member {
  std::string id, name;
  bool physio = false;  ///< may calibrate and choose sensors; others look
};

struct AreaPlan {
  std::vector<SensorPlan> sensors;
  std::vector<Member> members;
  int failures = 0;                    ///< wrong PINs on the disk
  std::string no_sign_in;              ///< why nobody can sign in at all; "" = they can
  int64_t idle_leave_us = 120'000'000;  ///< without a touch
};

struct PinAnswer {
  bool ok = false;
  std::string member;  ///< id, as asked
  int failures = 0;     ///< wrong ones on the disk; more than before: this one was counted
  std::string why_not;  ///< one sentence; "" when ok
};

class Area {
 public:
  Area(AreaPlan plan, int64_t now_us);
  Area(const Area&) = delete;
  Area& operator=(const Area&) = delete;

  bool open() const { return screen_ != Place::closed; }
  bool signed_in() const { return member_ != nullptr; }
  /// All taps while it is open; staff_open when it is not.
  void tap(const session::Tap& tap, int64_t now_us);

  // What happens to the sensors, whether the area is open or not. `sensor`: index into AreaPlan::sensors.
  void device(std::size_t sensor, session::Liveness liveness, const std::string& text);
  void identity(std::size_t sensor, const std::string& serial, const std::string& port);
  /// As the driver gives it, without the calibration in force; the list shows the calibrated value.
  void sample(std::size_t sensor, std::size_t channel, int64_t t_us, double reading, double value);
  void calibrated(std::size_t sensor, std::size_t channel, const std::string& day);

  // Answers to requests. `trouble`: "" = done.
  void pin_answer(const PinAnswer& answer, int64_t now_us);
  void command_done(std::size_t sensor, const std::string& command, bool ok, const std::string& text);
  void calibration_stored(std::size_t sensor, const std::string& trouble);
  void number_set(std::size_t sensor, const std::string& param, int number, const std::string& trouble);

  void advance(int64_t now_us);
  int64_t deadline_us() const;
  std::vector<Request> take_requests();
  /// Only when open.
  void fill(session::Snapshot& snapshot, int64_t now_us) const;

 private:
  enum class Place { closed, sign_in, sensors, calibrate, pair };
  void enter();
  void leave();
  void tap_sign_in(const session::Tap& tap, int64_t now_us);
  void accept_pin(int64_t now_us);
  void tap_sensors(const session::Tap& tap);
  void tap_calibrate(const session::Tap& tap, int64_t now_us);
  void tap_pair(const session::Tap& tap);
  void back_to_sensors();
  void store();
  bool calibrates(std::size_t sensor) const { return desk_ && sensor_ == sensor; }
  bool pairs(std::size_t sensor) const { return pairing_ && sensor_ == sensor; }
  int64_t leave_at_us() const;
  void fill_sign_in(session::StaffSignIn& view) const;

  AreaPlan plan_;
  SensorBoard board_;
  pin::Guard guard_;
  Place screen_ = Place::closed;
  const Member* member_ = nullptr;  ///< signed in; one of plan_.members
  std::string chosen_, pin_;
  bool checking_ = false;  ///< an answer is on its way
  bool awaited_ = false;   ///< and whoever typed the PIN is still there
  session::StaffMessage message_;
  std::size_t sensor_ = 0, channel_ = 0;  ///< being calibrated or chosen
  std::optional<CalibrationDesk> desk_;
  std::optional<PairingDesk> pairing_;
  std::vector<Request> requests_;
  int64_t touched_us_ = 0, used_us_ = 0, advanced_us_ = 0;
};

}  // namespace patella::staff
