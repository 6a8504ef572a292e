// Sentences of notices, for staff. The id of a question becomes its text where the site still asks it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "notices/notice.hpp"

namespace patella::notices {

/// What a question id asks; "" = not asked any more.
using QuestionText = std::function<std::string(const std::string& id)>;

/// What happened, one line each: "Pain before the exercise: first 7, then 3".
std::vector<std::string> lines_of(const Notice& notice, const QuestionText& question);
/// The lines as one.
std::string line_of(const Notice& notice, const QuestionText& question);
/// "10:42" in the zone of the moment it was raised.
std::string clock_of(const Notice& notice);
/// "2026-11-20 10:42".
std::string day_and_clock_of(const Notice& notice);

}  // namespace patella::notices
