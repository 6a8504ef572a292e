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
  Rect in = r.inset(44, 30);
  text_in(f, in.cut_top(56), {Weight::medium, 50, f.colour.text, Align::left, Upright::middle, 1, 34}, title);
  in.cut_top(26);
  return ten_scale(f, in, prefix, chosen, low, high);
}

}  // namespace

void screen_after(Frame& f) {
  float y = header(
      f, icon::for_station(f.s.station->icon), f.words.after,
      f.say(f.s.station->title) + (f.s.session->client_label.empty() ? "" : " \xC2\xB7 " + f.say(f.s.session->client_label)),
      false);
  y = staff_strip(f, y) + 8;
  Rect area{size::margin, y, f.w - 2 * size::margin, f.h - 32 - 120 - size::gutter - y};
  const float h = std::min((area.h - size::gutter) / 2, 460.f);
  area.cut_top((area.h - 2 * h - size::gutter) / 2);
  if (const auto pain =
          question_card(f, area.cut_top(h), f.words.pain_now, "pain", f.s.pain_now, f.words.no_pain, f.words.worst_pain))
    f.tap(taps::SetPain{*pain});
  area.cut_top(size::gutter);
  if (const auto effort =
          question_card(f, area.cut_top(h), f.words.effort, "effort", f.s.effort, f.words.no_effort, f.words.max_effort))
    f.tap(taps::SetEffort{*effort});
  // For whoever stands here instead of the client: nobody has to invent an answer.
  const Rect skip{size::margin, f.h - 32 - 120, 320, 120};
  if (button(f, "skip_questions", f.words.skip_questions, icon::skip, skip, ButtonLook::quiet)) f.tap(taps::SkipQuestions());
  main_button(f, "next", f.words.proceed);
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
