// What the staff area shows: plain values, a part of the snapshot.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/message.hpp"
#include "session/device_state.hpp"

namespace patella::session {

struct StaffEntry {
  std::string id, name;
};

/// A sentence about what was just done.
struct StaffMessage {
  Messages text;
  bool trouble = false;  ///< it did not work
};

struct StaffSignIn {
  std::vector<StaffEntry> members;
  std::string chosen;  ///< id; "" = nobody yet
  int digits = 0;      ///< how many were typed; never which
  bool checking = false;
  bool can_accept = false;
  int64_t locked_until_us = 0;  ///< monotonic; past: a PIN may be tried
  bool lets_start = false;      ///< not for the staff area: a client's exercise is to start
  StaffMessage message;
};

/// One driver in use and the device it has; of a device with several force channels one row each.
struct SensorRow {
  DeviceState device;             ///< label: "Chronojump force sensor"
  std::vector<Message> stations;  ///< "Knee extension", "Wall sit"
  Message which;                  ///< "number A1043, socket 1-2.3"; empty when none was there yet
  Message value;                  ///< "12.3"; empty when nothing is live
  std::string unit;               ///< of it
  Message calibrated;             ///< "Calibrated 2026-10-02", "Not calibrated"; empty for what measures no force
  bool moves = false;
  bool calibrates = false, pairs = false, retries = false;  ///< which button it has: at most one
};

struct CalibrationView {
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

struct PairingView {
  DeviceState device;
  std::vector<Message> stations;
  bool listening = false;
  struct Candidate {
    std::string id;  ///< for the tap
    Message name;    ///< "Speed and cadence sensor"
    int number = 0;
    bool moves = false;  ///< right now, or a moment ago
    bool moved = false;  ///< since the listening began
    bool chosen = false, in_use = false;
  };
  std::vector<Candidate> candidates;
  StaffMessage message;
  bool can_listen = false, can_use = false;
};

struct StaffView {
  std::string member;  ///< who is signed in
  bool physio = false;
  int64_t leaves_us = 0;  ///< monotonic: it closes by itself then; 0 = not soon
  StaffMessage message;   ///< on the list of sensors
  StaffSignIn sign_in;
  std::vector<SensorRow> sensors;
  CalibrationView calibration;
  PairingView pairing;
};

}  // namespace patella::session
