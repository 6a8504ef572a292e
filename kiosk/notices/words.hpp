// What a notice says to staff. The id of a question becomes its text where the site still asks it.
#pragma once

#include <functional>
#include <string>

#include "base/message.hpp"
#include "base/sentence.hpp"
#include "notices/notice.hpp"

namespace patella::notices {

/// What a question id asks; empty = not asked any more.
using QuestionText = std::function<Message(const std::string& id)>;

/// What happened, one line each: "Pain before the exercise: first 7, then 3".
Messages lines_of(const Notice& notice, const QuestionText& question);
/// Its detail with a sentence where the notice keeps a message.
Detail detail_in_words(const Notice& notice, const Phrasebook& language = {});
/// When it was raised, in the zone of that moment.
Moment raised_at(const Notice& notice, Moment::Form form);

}  // namespace patella::notices
