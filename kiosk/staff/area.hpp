// The staff area: signing in with a PIN, the notices that are open, the list of sensors, calibrating one, choosing one
// of several. A state machine: taps, samples and answers go in; requests and a view come out. Pure; one thread.
//
// It is closed until staff_open is tapped on home, and closes by itself when nobody touches the screen. Nothing of it outlives
// the program: after a crash nobody is signed in.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pin/guard.hpp"
#include "pin/secret_text.hpp"
#include "session/snapshot.hpp"
#include "session/tap.hpp"
#include "staff/calibration_wizard.hpp"
#include "staff/pairing_wizard.hpp"
#include "staff/request.hpp"
#include "staff/sensor_board.hpp"

namespace patella::staff {

struct Member {
  std::string id, name;
  bool physio = false;  ///< may calibrate and choose sensors; others look
  int failures = 0;     ///< wrong PINs in a row on the disk
};

struct AreaSetup {
  std::vector<SensorSetup> sensors;
  std::vector<Member> members;
  Messages no_sign_in;  ///< why nobody can sign in at all; empty = they can
};

struct PinAnswer {
  bool ok = false;
  std::string member;  ///< id, as asked
  int failures = 0;    ///< that member's on the disk; more than before: this one was counted
  Messages why_not;    ///< empty when ok
};

/// What became of something that was to be stored.
struct Outcome {
  enum class Kind {
    done = 1,
    later,   ///< done, but for what `text` says
    refused  ///< nothing was changed; `text` says why
  } kind = Kind::done;
  Messages text;
};

class Area {
 public:
  Area(AreaSetup plan, int64_t now_us);
  Area(const Area&) = delete;
  Area& operator=(const Area&) = delete;

  bool open() const { return screen_ != Place::closed; }
  bool signed_in() const { return member_ != nullptr; }
  /// Numbers are on the screen, which change and grow old.
  bool shows_numbers() const { return open() && screen_ != Place::sign_in; }
  /// Not the area, only its sign-in: whoever gets through it lets the client's exercise start, and the client's screen is back.
  void sign_in_to_let_start(int64_t now_us);
  /// All taps while it is open; staff_open when it is not.
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
  void notices(std::size_t open) { open_notices_ = open; }

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
  enum class Place { closed, sign_in, notices, sensors, calibrate, pair };
  void enter();
  void leave();
  void tap_sign_in(const session::Tap& tap, int64_t now_us);
  void accept_pin(int64_t now_us);
  void tap_notices(const session::Tap& tap);
  void tap_sensors(const session::Tap& tap);
  void tap_calibrate(const session::Tap& tap, int64_t now_us);
  void tap_pair(const session::Tap& tap);
  void back_to_sensors();
  void store();
  void use_sensor();
  bool calibrates(std::size_t sensor) const { return wizard_ && entry_.sensor == sensor; }
  bool pairs(std::size_t sensor) const { return pairing_ && entry_.sensor == sensor; }
  int64_t leave_at_us() const;
  void fill_sign_in(session::StaffSignIn& view) const;
  void fill_signed_in(session::Snapshot& snapshot, int64_t now_us) const;

  /// A request whose answer is on its way. The desk it came from may be gone by then, or be another one.
  struct Pending {
    uint64_t ticket = 0;
    std::size_t sensor = 0;
    Messages done;      ///< what is said when it is
    std::string param;  ///< "" = a calibration
    int number = 0;
  };

  std::vector<Member> members_;
  Messages no_sign_in_;
  SensorBoard board_;
  std::size_t open_notices_ = 0;
  std::map<std::string, pin::Guard> guards_;  ///< by the member's id
  Place screen_ = Place::closed;
  const Member* member_ = nullptr;  ///< signed in; one of members_
  bool lets_start_ = false;         ///< the sign-in is for a client's start
  std::string chosen_;
  pin::SecretText pin_;
  bool checking_ = false;              ///< an answer is on its way
  bool awaited_ = false;               ///< and whoever typed the PIN is still there
  session::StaffMessage message_;      ///< of the sign-in, then of the list
  SensorBoard::Entry entry_;           ///< being calibrated or chosen
  uint64_t tickets_ = 0, ticket_ = 0;  ///< given out; of the desk's own request, 0 = none
  std::vector<Pending> pending_;
  std::vector<bool> identifying_;  ///< by sensor: a driver goes on listening when the screen is left
  std::optional<CalibrationWizard> wizard_;
  std::optional<PairingWizard> pairing_;
  std::vector<Request> requests_;
  int64_t touched_us_ = 0, used_us_ = 0, advanced_us_ = 0;
};

}  // namespace patella::staff
