#include "runtime/left_open_text.hpp"

#include <fmt/format.h>

#include <chrono>

namespace patella::runtime {

namespace {
using Days = std::chrono::sys_days;

Days day_of(const WallTime& wall) {
  const std::chrono::microseconds local{wall.utc_us + int64_t{wall.zone_offset_min} * 60'000'000};
  return std::chrono::floor<std::chrono::days>(std::chrono::sys_time<std::chrono::microseconds>(local));
}

std::string day_text(Days day, Days today) {
  if (day == today) return "today";
  if (day == today - std::chrono::days{1}) return "yesterday";
  constexpr const char* kDays[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
  constexpr const char* kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};
  const std::chrono::year_month_day date{day};
  return fmt::format("on {} {} {}", kDays[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1]);
}
}  // namespace

std::string left_open_text(const std::string& station, int set, const WallTime& started, const WallTime& now) {
  const std::string at_set = set > 0 ? fmt::format(", set {}", set) : "";
  return fmt::format("{}{}, started {} at {}", station, at_set, day_text(day_of(started), day_of(now)), local_text(started).substr(11, 5));
}

bool is_too_old(int64_t started_utc_us, const WallTime& now, double hours) {
  return static_cast<double>(now.utc_us - started_utc_us) / 3.6e9 > hours;
}

}  // namespace patella::runtime
