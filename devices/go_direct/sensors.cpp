#include "sensors.hpp"

#include <algorithm>
#include <numeric>

#include "driver_kit/units.hpp"

namespace patella::go_direct {
namespace {

using driver_kit::kStandardGravity;
constexpr uint32_t kMaxUs = 1'000'000;  // what a device says beyond it is no period

const SensorInfo* force_sensor(const std::vector<SensorInfo>& sensors, uint32_t default_mask, int wanted) {
  const SensorInfo* best = nullptr;
  for (const SensorInfo& sensor : sensors) {
    if (newtons_in(sensor.unit) == 0 || !sensor.is_periodic) continue;
    if (wanted > 0 && sensor.number != wanted) continue;
    const bool is_default = (default_mask >> sensor.number & 1u) != 0;
    if (is_default) return &sensor;
    if (!best) best = &sensor;
  }
  return best;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// 0 … 2 for a name with the word x, y or z in it ("X-axis acceleration"), else -1.
int axis_of(std::string_view name) {
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool word = (i == 0 || !is_letter(name[i - 1])) && (i + 1 == name.size() || !is_letter(name[i + 1]));
    const char c = static_cast<char>(name[i] | 0x20);
    if (word && c >= 'x' && c <= 'z') return c - 'x';
  }
  return -1;
}

/// Makes the choice's period one that this sensor can do as well; false, and nothing changed, when there is
/// none.
bool fit(Choice& choice, const SensorInfo& sensor) {
  const bool has_step = sensor.granularity_us > 0 && sensor.granularity_us <= kMaxUs;
  const uint64_t step_us = std::lcm(uint64_t{choice.step_us}, has_step ? uint64_t{sensor.granularity_us} : 1);
  if (step_us > kMaxUs) return false;
  choice.step_us = static_cast<uint32_t>(step_us);
  const uint32_t least_us = sensor.min_period_us <= kMaxUs ? sensor.min_period_us : 0;
  choice.period_us = choice.possible(std::max(choice.period_us, least_us));
  return true;
}

}  // namespace

double newtons_in(std::string_view unit) {
  if (unit == "N") return 1;
  if (unit == "kN") return 1000;
  if (unit == "kgf") return kStandardGravity;
  if (unit == "lbf" || unit == "lb") return driver_kit::kNewtonPerLbf;
  return 0;
}

double metres_per_s2_in(std::string_view unit) {
  if (unit == "m/s\xC2\xB2" || unit == "m/s\xB2" || unit == "m/s^2" || unit == "m/s2") return 1;
  if (unit == "g") return kStandardGravity;
  return 0;
}

Choice choose(const std::vector<SensorInfo>& sensors, uint32_t default_mask, const Wanted& wanted) {
  Choice choice;
  choice.period_us = wanted.period_us;
  const SensorInfo* force = force_sensor(sensors, default_mask, wanted.sensor);
  if (!force) return choice;
  choice.force = {force->number, newtons_in(force->unit)};
  choice.force_min_n = force->min * choice.force.scale;
  choice.force_max_n = force->max * choice.force.scale;
  choice.typical_period_us = force->typical_period_us <= kMaxUs ? force->typical_period_us : 0;
  choice.mask = 1u << force->number;
  fit(choice, *force);
  if (!wanted.acceleration) return choice;
  for (const SensorInfo& sensor : sensors) {
    const double scale = metres_per_s2_in(sensor.unit);
    const int axis = axis_of(sensor.name);
    if (scale == 0 || axis < 0 || !sensor.is_periodic) continue;
    if ((force->excludes >> sensor.number & 1u) || (sensor.excludes & choice.mask)) continue;
    Chosen& place = choice.acceleration[static_cast<std::size_t>(axis)];
    if (place.number >= 0 || !fit(choice, sensor)) continue;
    place = {sensor.number, scale};
    choice.mask |= 1u << sensor.number;
  }
  return choice;
}

std::string list_of(const std::vector<SensorInfo>& sensors) {
  std::string list;
  for (const SensorInfo& sensor : sensors) {
    if (list.size() > 120) return list + " …";
    list += (list.empty() ? "" : ", ") + sensor.name + (sensor.unit.empty() ? "" : " (" + sensor.unit + ")");
  }
  return list;
}

}  // namespace patella::go_direct
