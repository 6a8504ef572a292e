// What a session that was left open is called where it is offered, and for how long it is. Pure.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/message.hpp"

namespace patella::runtime {

/// "Wall sit, set 2, started today at 10:31", "… started yesterday at 18:02", "… started on Monday 28 November at 18:02".
/// `set`: 0 = none was started. The hour is the one that clocks showed there when it began.
Message left_open_text(const std::string& station, int set, const WallTime& started, const WallTime& now);

/// Longer ago than the physio's hours. A clock that was set back says nothing of the age: not too old.
bool is_too_old(int64_t started_utc_us, const WallTime& now, double hours);

}  // namespace patella::runtime
