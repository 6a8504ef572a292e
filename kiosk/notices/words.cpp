#include "notices/words.hpp"

#include <fmt/format.h>

#include "base/clock.hpp"

namespace patella::notices {

namespace {
/// "yes,no" → "first yes, then no".
std::string answers_text(const std::string& answers) {
  const std::size_t comma = answers.find(',');
  if (comma == std::string::npos) return answers;
  std::string text = "first " + answers.substr(0, comma);
  for (std::size_t from = comma + 1; from <= answers.size();) {
    const std::size_t end = std::min(answers.find(',', from), answers.size());
    text += ", then " + answers.substr(from, end - from);
    from = end + 1;
  }
  return text;
}

std::string pain_high_line(const Detail& detail) {
  const char* when = text_in(detail, "when") == "after" ? "after" : "before";
  return fmt::format("Pain {} the exercise: {} of 10", when, answers_text(text_in(detail, "given")));
}

std::vector<std::string> pain_stop_lines(const Detail& detail) {
  const auto pain = number_in(detail, "pain");
  const std::string place = text_in(detail, "place");
  std::vector<std::string> lines{"Pain stop pressed"};
  if (pain) lines.push_back(fmt::format("Pain {:g} of 10{}{}", *pain, place.empty() ? "" : ", ", place));
  else if (text_in(detail, "answered") == "no") lines.push_back("How strong: not answered" + (place.empty() ? "" : ". " + place));
  else lines.push_back("How strong and where: not answered yet");
  return lines;
}

std::vector<std::string> red_flag_lines(const Detail& detail, const QuestionText& question) {
  std::vector<std::string> lines;
  for (const auto& [id, value] : detail) {
    const auto* answers = std::get_if<std::string>(&value);
    if (!answers) continue;
    const std::string asked = question ? question(id) : "";
    lines.push_back(fmt::format("{} \xE2\x80\x93 {}", asked.empty() ? id : asked, answers_text(*answers)));
  }
  return lines;
}

std::string start_blocked_line(const Detail& detail) {
  const std::string why = text_in(detail, "why");
  const char* const reason = why == "pain" ? "pain before the exercise" : why == "questions" ? "an answer before the exercise"
                                                                                             : "pain and an answer before the exercise";
  const bool left = text_in(detail, "left") == "yes";
  return fmt::format("{}: {}", left ? "The client waited for staff to start and has left" : "The client waits for staff to start", reason);
}
}  // namespace

std::vector<std::string> lines_of(const Notice& notice, const QuestionText& question) {
  switch (notice.kind) {
    case Kind::call_staff:
      return {"The client called staff"};
    case Kind::pain_stop:
      return pain_stop_lines(notice.detail);
    case Kind::pain_high:
      return {pain_high_line(notice.detail)};
    case Kind::red_flag:
      return red_flag_lines(notice.detail, question);
    case Kind::start_blocked:
      return {start_blocked_line(notice.detail)};
    case Kind::exercise_stopped:
      return {"The exercise display stopped: " + text_in(notice.detail, "text")};
    case Kind::notify_failed:
      return {fmt::format("{}: {}", text_in(notice.detail, "program"), text_in(notice.detail, "text"))};
  }
  return {};
}

std::string line_of(const Notice& notice, const QuestionText& question) {
  std::string line;
  for (const std::string& one : lines_of(notice, question)) line += (line.empty() ? "" : ". ") + one;
  return line;
}

std::string day_and_clock_of(const Notice& notice) { return local_text({notice.utc_us, notice.zone_offset_min}).substr(0, 16); }

std::string clock_of(const Notice& notice) { return day_and_clock_of(notice).substr(11); }

}  // namespace patella::notices
