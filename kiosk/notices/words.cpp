#include "notices/words.hpp"

#include <algorithm>

namespace patella::notices {

namespace {
/// A pain of 0 … 10 as it was entered, or an answer.
Argument answer_of(const std::string& given) {
  if (given == "yes") return Message::in("answer", "yes");
  if (given == "no") return Message::in("answer", "no");
  return Name{given};
}

/// "yes,no" → "first yes, then no".
Message answers_of(const std::string& answers) {
  std::size_t from = answers.find(',');
  Message said("{0}", answer_of(answers.substr(0, from)));
  if (from == std::string::npos) return said;
  said = Message("first {0}", answer_of(answers.substr(0, from)));
  while (from != std::string::npos) {
    const std::size_t end = answers.find(',', from + 1);
    said = Message("{0}, then {1}", std::move(said), answer_of(answers.substr(from + 1, end - from - 1)));
    from = end;
  }
  return said;
}

Message pain_high_line(const Detail& detail) {
  Message given = answers_of(text_in(detail, "given"));
  if (text_in(detail, "when") == "after") return Message("Pain after the exercise: {0} of 10", std::move(given));
  return Message("Pain before the exercise: {0} of 10", std::move(given));
}

Messages pain_stop_lines(const Detail& detail) {
  const auto pain = number_in(detail, "pain");
  const Message place = translatable(text_in(detail, "place"));
  Messages lines{Message("Pain stop pressed")};
  if (pain && place.empty())
    lines.push_back(Message("Pain {0} of 10", shortest(*pain, 1)));
  else if (pain)
    lines.push_back(Message("Pain {0} of 10, {1}", shortest(*pain, 1), place));
  else if (text_in(detail, "answered") != "no")
    lines.push_back(Message("How strong and where: not answered yet"));
  else {
    lines.push_back(Message("How strong: not answered"));
    if (!place.empty()) lines.push_back(place);
  }
  return lines;
}

Messages red_flag_lines(const Detail& detail, const QuestionText& question) {
  Messages lines;
  for (const auto& [id, value] : detail) {
    const auto* answers = std::get_if<std::string>(&value);
    if (!answers) continue;
    Message asked = question ? question(id) : Message();
    if (asked.empty()) asked = verbatim(id);
    lines.push_back(Message("{0} – {1}", std::move(asked), answers_of(*answers)));
  }
  return lines;
}

Message start_blocked_line(const Detail& detail) {
  const std::string why = text_in(detail, "why");
  const Message reason = why == "pain"        ? Message("pain before the exercise")
                         : why == "questions" ? Message("an answer before the exercise")
                                              : Message("pain and an answer before the exercise");
  if (text_in(detail, "left") == "yes") return Message("The client waited for staff to start and has left: {0}", reason);
  return Message("The client waits for staff to start: {0}", reason);
}
}  // namespace

Messages lines_of(const Notice& notice, const QuestionText& question) {
  switch (notice.kind) {
    case Kind::call_staff:
      return Message("The client called staff");
    case Kind::pain_stop:
      return pain_stop_lines(notice.detail);
    case Kind::pain_high:
      return pain_high_line(notice.detail);
    case Kind::red_flag:
      return red_flag_lines(notice.detail, question);
    case Kind::start_blocked:
      return start_blocked_line(notice.detail);
    case Kind::exercise_stopped: {
      Messages lines = Message("The exercise display stopped");
      for (Message& detail : read_messages(text_in(notice.detail, "text"))) lines.push_back(std::move(detail));
      return lines;
    }
    case Kind::notify_failed: {
      Messages lines = Message("The program for notices, {0}, did not do its work", Name{text_in(notice.detail, "program")});
      for (Message& detail : read_messages(text_in(notice.detail, "text"))) lines.push_back(std::move(detail));
      return lines;
    }
  }
  return {};
}

Detail detail_in_words(const Notice& notice, const Phrasebook& language) {
  Detail detail = notice.detail;
  if (notice.kind != Kind::exercise_stopped && notice.kind != Kind::notify_failed) return detail;
  for (auto& [key, value] : detail)
    if (std::string* text = std::get_if<std::string>(&value); text && key == "text")
      *text = sentence(read_messages(*text), language);
  return detail;
}

Moment raised_at(const Notice& notice, Moment::Form form) { return {notice.utc_us, notice.zone_offset_min, form}; }

}  // namespace patella::notices
