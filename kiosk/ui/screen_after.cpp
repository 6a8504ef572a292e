// How it was: pain and effort, each 0 to 10. And the offer to go on after the kiosk was cut off.
#include "ui/icons.hpp"
#include "ui/screens.hpp"
#include "ui/shapes.hpp"
#include "ui/widgets.hpp"

namespace patella::ui {
namespace {

std::optional<int> question_card(Frame& f, Rect r, std::string_view title, std::string_view prefix, int chosen,
                                 std::string_view low, std::string_view high) {
  card(f, r);
  Rect in = r.inset(36, 26);
  text_in(f, in.cut_top(48), {Weight::medium, 48, f.colour.text, Align::left, Upright::middle, 1, 34}, title);
  in.cut_top(22);
  return ten_scale(f, in, prefix, chosen, low, high);
}

/// Seconds until it goes on by itself, in a ring, and the sentence what happens then.
void goes_on_card(Frame& f, Rect r) {
  const int64_t left_us = std::max<int64_t>(0, f.s.goes_on_us - f.now_us);
  const int64_t left_s = (left_us + 999'999) / 1'000'000;
  if (f.s.goes_on_us == 0) return;
  if (left_s > 0) f.change_at(f.s.goes_on_us - (left_s - 1) * 1'000'000);
  card(f, r);
  Rect in = r.inset(28, 16);
  constexpr float kRadius = 54, kTop = -kPi / 2;
  const V2 c{in.x + kRadius + 8, in.centre().y};
  const float part = std::clamp(static_cast<float>(left_us) / 60e6f, 0.f, 1.f);
  ring(f.dl, c, kRadius, 14, kTop, kTop + 2 * kPi, f.colour.track, f.colour.track, false);
  if (part > .002f) ring(f.dl, c, kRadius, 14, kTop, kTop + 2 * kPi * part, f.colour.accent, f.colour.accent, part < .99f);
  figures(f, c, 46, f.colour.text, std::to_string(left_s), Align::centre);
  in.cut_left(2 * kRadius + 44);
  const bool answered = f.s.can_continue;
  text_in(f, in, {Weight::regular, 38, f.colour.text, Align::left, Upright::middle, 3, 30},
          answered ? f.words.goes_on : fill_in(f.words.goes_on_unanswered, {std::to_string(left_s)}));
}

/// What staff know of this client, between the title and the questions: the questions keep their size.
float notice_line(Frame& f, float y) {
  if (f.s.staff_notice.empty()) return y;
  return staff_strip(f, y) + 6;
}

}  // namespace

void screen_after(Frame& f) {
  const float y =
      notice_line(f, header(f, icon::for_station(f.s.station->icon), f.words.after,
                            f.say(f.s.station->title) +
                                (f.s.session->client_label.empty() ? "" : " \xC2\xB7 " + f.say(f.s.session->client_label)),
                            false) +
                         8);
  const float row_h = std::max(f.s.staff_notice.empty() ? 172.f : 140.f, f.touch_least());
  Rect row{size::margin, f.h - 40 - row_h, f.w - 2 * size::margin, row_h};
  Rect area{size::margin, y, f.w - 2 * size::margin, row.y - 24 - y};
  const float gap = 24, h = std::min((area.h - gap) / 2, 460.f);
  area.cut_top((area.h - 2 * h - gap) / 2);
  if (const auto pain =
          question_card(f, area.cut_top(h), f.words.pain_now, "pain", f.s.pain_now, f.words.no_pain, f.words.worst_pain))
    f.tap(taps::SetPain{*pain});
  area.cut_top(gap);
  if (const auto effort =
          question_card(f, area.cut_top(h), f.words.effort, "effort", f.s.effort, f.words.no_effort, f.words.max_effort))
    f.tap(taps::SetEffort{*effort});
  const Rect next = row.cut_right(420);
  row.cut_right(size::gutter);
  // For whoever stands here instead of the client: nobody has to invent an answer.
  const Rect skip = row.cut_left(260);
  row.cut_left(size::gutter);
  if (button(f, "skip_questions", f.words.skip_questions, icon::skip, skip, ButtonLook::quiet)) f.tap(taps::SkipQuestions());
  if (button(f, "next", f.words.proceed, icon::next, next, ButtonLook::primary, f.s.can_continue)) f.tap(taps::Next());
  if (f.s.goes_on_us == 0) return told_beside_button(f, row, Align::right, false);
  const Rect more = row.cut_right(300);
  row.cut_right(size::gutter);
  if (button(f, "more_time", f.words.more_time, icon::timer, more, ButtonLook::secondary)) f.tap(taps::MoreTime());
  goes_on_card(f, row);
}

void screen_resume_offer(Frame& f) {
  header(f, icon::for_station(f.s.station->icon), f.say(f.s.station->title), f.say(f.s.session->client_label), false);
  const float w = std::min(1400.f, f.w - 2 * size::margin), h = std::min(800.f, f.h - size::header - 60);
  const Rect r{(f.w - w) / 2, size::header + (f.h - size::header - h) / 2 - 10, w, h};
  card(f, r, 36);
  Rect in = r.inset(70, 56);
  Rect row = in.cut_bottom(160);
  const V2 c{in.centre().x, in.y + 90};
  f.dl->AddCircleFilled(c, 90, mix(f.colour.card_bottom, f.colour.accent, .22f), 64);
  draw_icon(f, c, 110, f.colour.accent, icon::history);
  in.cut_top(210);
  in.cut_bottom(40);
  text_in(f, in.cut_top(in.h * .36f), {Weight::medium, 76, f.colour.text, Align::centre, Upright::middle, 1, 44},
          f.words.cut_off);
  text_in(f, in.cut_top(in.h * .56f), {Weight::medium, 48, f.colour.accent, Align::centre, Upright::middle, 2, 36},
          f.say(f.s.resume_text));
  text_in(f, in, {Weight::regular, 44, f.colour.text2, Align::centre, Upright::middle, 1, 32}, f.words.go_on_question);
  const float side_w = (row.w - 2 * size::gutter) * .3f;
  const Rect other = row.cut_left(side_w);
  row.cut_left(size::gutter);
  const Rect close = row.cut_left(side_w);
  row.cut_left(size::gutter);
  if (button(f, "somebody_else", f.words.somebody_else, icon::person, other, ButtonLook::secondary)) f.tap(taps::BackHome());
  if (button(f, "close_interrupted", f.words.close_session, icon::close, close, ButtonLook::secondary))
    f.tap(taps::CloseInterrupted());
  const std::string go_on =
      f.s.session->client_label.empty() ? f.words.go_on : fill_in(f.words.go_on_as, {f.say(f.s.session->client_label)});
  if (button(f, "resume_session", go_on, icon::play, row, ButtonLook::primary)) f.tap(taps::GoOn());
}

}  // namespace patella::ui
