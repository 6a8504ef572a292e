// What the staff area asks the rest of the kiosk to do. Each is answered once, by the function of Area that it names.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "calibration/fit.hpp"
#include "pin/secret_text.hpp"

namespace patella::staff {

/// Area::pin_answer. The counter of failures is to be on the disk before the PIN is looked at.
struct CheckPin {
  std::string member;
  pin::SecretText pin;
};

/// A command of a driver: "identify". Area::command_done.
struct SendCommand {
  std::size_t sensor = 0;
  std::string command;
};

/// A sensor that was given up is to be tried again. No answer: its state tells.
struct Retry {
  std::size_t sensor = 0;
  std::string member;
};

/// Area::stored, with the same `ticket`.
struct StoreCalibration {
  uint64_t ticket = 0;
  std::size_t sensor = 0, channel = 0;  ///< channel: as the driver numbers them
  std::string member, who;              ///< id and name
  std::string serial, port;
  std::vector<calibration::Point> points;
  calibration::Fit fit;
  double rate_hz = 0;  ///< measured meanwhile
};

/// A parameter of the sensor's driver, in each station that uses it. Area::stored, with the same `ticket`.
struct SetSensorNumber {
  uint64_t ticket = 0;
  std::size_t sensor = 0;
  std::string member, who;  ///< id and name
  std::string param;
  int number = 0;
};

/// A member has seen to a notice. No answer: it leaves the list.
struct Acknowledge {
  std::string notice, member;  ///< ids
};

/// A member has signed in to let a client's exercise start. No answer.
struct LetStart {
  std::string member;
};

using Request = std::variant<CheckPin, SendCommand, Retry, StoreCalibration, SetSensorNumber, Acknowledge, LetStart>;

}  // namespace patella::staff
