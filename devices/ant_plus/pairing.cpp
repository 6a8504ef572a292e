#include "pairing.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace patella::ant_plus {
namespace {

constexpr int kMovesFrom = 2;  // one step may be a sensor that has just begun
constexpr std::size_t kMaxNamed = 6;
constexpr double kAnyWheelM = 2.1;  // for motion the circumference does not matter

sdk::Argument number_of(const SensorId& id) { return sdk::number(id.number); }

/// One sensor, one sentence.
std::string sentence(const SensorId& id, bool moves) {
  if (const Profile* profile = profile_of(id.type)) return sdk::message(moves ? profile->moves : profile->still, number_of(id));
  char type[8];
  std::snprintf(type, sizeof type, "%02x", static_cast<unsigned>(id.type));
  return sdk::message("A sensor of type {0} is heard: {1}", sdk::name(type), number_of(id));
}

}  // namespace

std::string sensor_name(uint8_t type, uint16_t number) {
  char other[32];
  std::snprintf(other, sizeof other, "sensor of type %02x", static_cast<unsigned>(type));
  const Profile* profile = profile_of(type);
  return (profile ? profile->name : other) + (" " + std::to_string(number));
}

Pairing::News Pairing::take(const SensorId& from, const Payload& page, int64_t t_us) {
  const auto same = [&](const Found& one) { return one.id.type == from.type && one.id.number == from.number; };
  auto found = std::find_if(found_.begin(), found_.end(), same);
  const bool is_new = found == found_.end();
  if (is_new) {
    if (found_.size() >= kMaxSensors) return News::none;
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
  if (found_.empty()) return PATELLA_TEXT("No sensor is heard. Turn the cranks, put the strap on");
  std::string text;
  std::size_t left = found_.size();
  for (const bool moving : {true, false}) {
    std::size_t named = 0;
    for (const Found& one : found_) {
      if ((one.motions >= kMovesFrom) != moving || ++named > kMaxNamed) continue;
      text = sdk::lines({text, sentence(one.id, moving)});
      --left;
    }
    if (moving && named == 0) text = PATELLA_TEXT("Nothing moves");
  }
  if (left == 0) return text;
  return sdk::lines(
      {text, sdk::message("{0} heard", sdk::counted(static_cast<long long>(left), "{0} more sensor", "{0} more sensors"))});
}

}  // namespace patella::ant_plus
