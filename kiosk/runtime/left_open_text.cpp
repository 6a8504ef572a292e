#include "runtime/left_open_text.hpp"

#include <chrono>

namespace patella::runtime {

namespace {
using Days = std::chrono::sys_days;

Days day_of(const WallTime& wall) {
  const std::chrono::microseconds local{wall.utc_us + int64_t{wall.zone_offset_min} * 60'000'000};
  return std::chrono::floor<std::chrono::days>(std::chrono::sys_time<std::chrono::microseconds>(local));
}

}  // namespace

Message left_open_text(const std::string& station, int set, const WallTime& started, const WallTime& now) {
  const Message title = translatable(station);
  const Moment at{started.utc_us, started.zone_offset_min, Moment::Form::clock},
      on{started.utc_us, started.zone_offset_min, Moment::Form::weekday};
  const Message where = set > 0 ? Message("{0}, set {1}", title, set) : title;
  const Days day = day_of(started), today = day_of(now);
  if (day == today) return Message("{0}, started today at {1}", where, at);
  if (day == today - std::chrono::days{1}) return Message("{0}, started yesterday at {1}", where, at);
  return Message("{0}, started on {1} at {2}", where, on, at);
}

bool is_too_old(int64_t started_utc_us, const WallTime& now, double hours) {
  return static_cast<double>(now.utc_us - started_utc_us) / 3.6e9 > hours;
}

}  // namespace patella::runtime
