#include "pairing.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace patella::ant_plus {
namespace {

constexpr int kMovesFrom = 2;  // one step may be a sensor that has just begun
constexpr std::size_t kMostNamed = 6;
constexpr double kAnyWheelM = 2.1;  // for motion the circumference does not matter

void add_name(std::string& list, std::size_t& named, const std::string& name) {
  if (++named > kMostNamed) return;
  list += (list.empty() ? "" : ", ") + name;
}

std::string sentence(const char* head, const std::string& list, std::size_t named) {
  if (list.empty()) return {};
  const std::string more = named > kMostNamed ? " and " + std::to_string(named - kMostNamed) + " more" : "";
  return head + list + more;
}

}  // namespace

std::string sensor_name(uint8_t type, uint16_t number) {
  char other[32];
  std::snprintf(other, sizeof other, "sensor of type %02x", static_cast<unsigned>(type));
  const Profile* profile = profile_of(type);
  return (profile ? profile->name : other) + (" " + std::to_string(number));
}

Pairing::News Pairing::take(const SensorId& from, const Payload& page, int64_t t_us) {
  const auto same = [&](const Found& one) {
    return one.id.type == from.type && one.id.number == from.number;
  };
  auto found = std::find_if(found_.begin(), found_.end(), same);
  const bool is_new = found == found_.end();
  if (is_new) {
    if (found_.size() >= kMostSensors) return News::none;
    found_.push_back({from, profile_of(from.type) ? make_sensor(from.type, kAnyWheelM) : nullptr, 0});
    found = found_.end() - 1;
  }
  if (found->sensor) {
    Values values;
    found->sensor->take(page, t_us, values);
    if (found->sensor->moved() && ++found->motions >= kMovesFrom) return News::moves;
  }
  return is_new ? News::heard : News::none;
}

std::string Pairing::text() const {
  std::string moving, still;
  std::size_t moving_count = 0, still_count = 0;
  for (const Found& one : found_) {
    const std::string name = sensor_name(one.id.type, one.id.number);
    one.motions >= kMovesFrom ? add_name(moving, moving_count, name) : add_name(still, still_count, name);
  }
  if (found_.empty()) return "No sensor is heard. Turn the cranks, put the strap on";
  const std::string first = sentence("Moves: ", moving, moving_count);
  const std::string second =
      sentence(first.empty() ? "Nothing moves. Heard: " : "; does not move: ", still, still_count);
  return first + second;
}

}  // namespace patella::ant_plus
