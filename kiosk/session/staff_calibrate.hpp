// One force sensor being calibrated with known weights.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/message.hpp"
#include "session/device_state.hpp"
#include "session/keypad_key.hpp"
#include "session/staff_message.hpp"

namespace patella::session {

struct CalibrationView {
  static constexpr const char* kName = "staff_calibrate";
  static constexpr bool kOnBar = false;

  struct Type {
    KeypadKey key;
  };
  struct TypeIn {
    bool kg = true;  ///< false: newtons
  };
  struct TakePoint {};
  struct TakeBack {};  ///< the last point
  struct Store {};
  struct Back {};
  using Tap = std::variant<Type, TypeIn, TakePoint, TakeBack, Store, Back>;

  DeviceState device;
  Message which;
  bool has_reading = false;
  bool still = false, moves = false;  ///< neither: it has not been read for long enough yet
  double reading_n = 0;               ///< as the sensor gives it
  std::string typed;                  ///< the known weight so far
  bool in_kg = true;
  bool taking = false;  ///< waits for a still reading
  struct Point {
    double known_n = 0, reading_n = 0, off_n = 0;
    bool has_off = false;  ///< there is a line to be off from, though it may not be good enough to be stored
    Message typed;         ///< "10 kg"
    bool in_kg = true;
  };
  std::vector<Point> points;
  bool has_line = false;
  double slope = 1, offset_n = 0, residual_n = 0;
  StaffMessage message;
  bool can_take = false, can_undo = false, can_store = false;
};

}  // namespace patella::session
