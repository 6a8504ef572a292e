// What the screens of the staff area share, and what outlives each of them: who is signed in, the sensors, what was asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "pin/guard.hpp"
#include "session/staff_message.hpp"
#include "staff/member.hpp"
#include "staff/request.hpp"
#include "staff/screen.hpp"
#include "staff/sensor_board.hpp"

namespace patella::staff {

class Desk {
 public:
  Desk(std::vector<Member> all, Messages nobody, std::vector<SensorSetup> sensors, int64_t now_us)
      : members(std::move(all)), no_sign_in(std::move(nobody)), board(std::move(sensors)) {
    for (const Member& each : members) guards.emplace(each.id, pin::Guard(each.failures, now_us));
    for (const auto& entry : board.entries()) identifying.resize(entry.sensor + 1, false);
  }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  /// That screen comes up after what is being done now; null: the area closes.
  void show(std::unique_ptr<Screen> screen) {
    changes_ = true;
    next_ = std::move(screen);
  }
  void leave() { show(nullptr); }
  void ask(Request request) { requests_.push_back(std::move(request)); }
  /// A number for a request whose answer is on its way: its screen may be gone by then. `done`: what is said when it is;
  /// `param`: that is set to `number`, "" = none.
  uint64_t expect(std::size_t sensor, Messages done, const std::string& param = "", int number = 0) {
    pending_.push_back({++tickets_, sensor, std::move(done), param, number});
    return tickets_;
  }

  const std::vector<Member> members;
  const Messages no_sign_in;  ///< why nobody can sign in at all; empty = they can
  SensorBoard board;
  std::map<std::string, pin::Guard> guards;  ///< by the member's id
  const Member* member = nullptr;            ///< signed in; one of members
  bool checking = false;                     ///< an answer to a PIN is on its way
  std::size_t open_notices = 0;
  session::StaffMessage message;  ///< for the list of sensors
  std::vector<bool> identifying;  ///< by sensor: a driver goes on listening when the screen is left

 private:
  friend class Area;
  struct Pending {
    uint64_t ticket = 0;
    std::size_t sensor = 0;
    Messages done;
    std::string param;
    int number = 0;
  };
  bool changes_ = false;
  std::unique_ptr<Screen> next_;
  std::vector<Request> requests_;
  std::vector<Pending> pending_;
  uint64_t tickets_ = 0;  ///< given out
};

}  // namespace patella::staff
