// The staff area: signing in with a PIN, and its screens (screen.hpp). Taps, samples and answers go in; requests and a view come
// out. Pure; one thread.
//
// It is closed until StaffOpen is tapped on home, and closes by itself when nobody touches the screen. Nothing of it outlives
// the program: after a crash nobody is signed in.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "session/snapshot.hpp"
#include "session/tap.hpp"
#include "staff/answer.hpp"
#include "staff/desk.hpp"
#include "staff/member.hpp"
#include "staff/request.hpp"
#include "staff/screen.hpp"

namespace patella::staff {

struct AreaSetup {
  std::vector<SensorSetup> sensors;
  std::vector<Member> members;
  Messages no_sign_in;  ///< why nobody can sign in at all; empty = they can
};

class Area {
 public:
  Area(AreaSetup plan, int64_t now_us);
  Area(const Area&) = delete;
  Area& operator=(const Area&) = delete;

  bool open() const { return screen_ != nullptr; }
  bool signed_in() const { return desk_.member != nullptr; }
  /// Numbers are on the screen, which change and grow old.
  bool shows_numbers() const { return signed_in(); }
  /// Not the area, only its sign-in: whoever gets through it lets the client's exercise start, and the client's screen is back.
  void sign_in_to_let_start(int64_t now_us);
  /// All taps while it is open; StaffOpen when it is not.
  void tap(const session::Tap& tap, int64_t now_us);

  // What happens to the sensors, whether the area is open or not. `sensor`: index into AreaSetup::sensors.
  void device(std::size_t sensor, const SensorReport& report);
  void identity(std::size_t sensor, const std::string& serial, const std::string& port);
  /// As the driver gives it, without the calibration in force; the list shows the calibrated value.
  void sample(std::size_t sensor, std::size_t channel, int64_t t_us, double reading, double value);
  /// `when`: a day; empty = it is not calibrated.
  void calibrated(std::size_t sensor, std::size_t channel, std::optional<Moment> when);
  /// The number in force of one of its parameters, whoever changed it.
  void number_set(std::size_t sensor, const std::string& param, int number);

  /// How many notices are open: who signs in sees them first.
  void notices(std::size_t open) { desk_.open_notices = open; }

  // Answers to requests, whatever the screen shows by then.
  void pin_answer(const PinAnswer& answer, int64_t now_us);
  void command_done(std::size_t sensor, const std::string& command, bool ok, const Messages& text);
  /// To StoreCalibration and SetSensorNumber.
  void stored(uint64_t ticket, const Outcome& outcome);

  void advance(int64_t now_us);
  int64_t deadline_us() const;
  std::vector<Request> take_requests();
  /// Only when open.
  void fill(session::Snapshot& snapshot, int64_t now_us) const;

 private:
  template <class View>
  void on(const session::StaffGoTo<View>& go);
  void open_sign_in(bool lets_start);
  /// To the screen that the one before asked for.
  void follow();
  int64_t leave_at_us() const;

  Desk desk_;
  std::unique_ptr<Screen> screen_;  ///< null: the area is closed
  int64_t touched_us_ = 0, used_us_ = 0, advanced_us_ = 0;
};

}  // namespace patella::staff
