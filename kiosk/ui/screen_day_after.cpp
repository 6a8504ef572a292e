// Once, when the last visit was a day or two ago: how it was on the next day, 0 to 10. A tap answers; nothing has to be answered.
#include "ui/icons.hpp"
#include "ui/screens.hpp"
#include "ui/visit_parts.hpp"

namespace patella::ui {

void screen_day_after(Frame& f) {
  const session::DayAfterView& now = *f.s.day_after;
  const auto& tr = f.words.tr;
  visit_header(f, icon::history, tr("The day after"), f.say(f.s.visit_label));
  const VisitLayout at = visit_layout(f, true);
  const float k = at.k;
  visit_pain_stop(f, at.stop);
  Rect bottom = at.bottom;
  if (plain_button(f, "skip_day_after", f.words.skip_questions, icon::skip, bottom.cut_left(300 * k), 44))
    f.tap(taps::SkipDayAfter());

  Rect area = at.content;
  const float h = std::min(area.h, (at.upright ? 760.f : 620.f) * k);
  area = at.upright ? area.cut_bottom(h) : Rect{area.x, area.y + (area.h - h) / 2, area.w, h};
  Rect in = visit_card(f, area, at.upright ? 28 : 44);
  text_in(f, in.cut_top(110 * k), {Weight::regular, 38 * k, f.colour.text2, Align::left, Upright::middle, 2, 28 * k},
          f.say(now.last_time));
  text_in(f, in.cut_top((at.upright ? 240 : 130) * k),
          {Weight::medium, 72 * k, f.colour.text, Align::left, Upright::middle, at.upright ? 3 : 1, 40 * k},
          tr("How much pain was there on the next day?"));
  in.cut_top(20 * k);
  Rect scale = in.cut_top(std::min(in.h, (at.upright ? 220.f : 270.f) * k));
  if (const auto pain = ten_scale(f, scale, "day_after", now.answer, f.words.no_pain, f.words.worst_pain))
    f.tap(taps::SetDayAfter{*pain});
}

}  // namespace patella::ui
