// After the pain stop: how strong, and where. A notice to staff is on its way, and the words say no more than that.
#include "ui/icons.hpp"
#include "ui/screens.hpp"
#include "ui/shapes.hpp"
#include "ui/widgets.hpp"

namespace patella::ui {
namespace {

void places(Frame& f, Rect r) {
  const auto& all = f.s.session->pain_places;
  if (all.empty()) return;
  constexpr float kGap = 16;
  text_in(f, r.cut_top(62), {Weight::medium, 48, f.colour.text, Align::left, Upright::top}, f.words.where);
  const int rows = all.size() > 6 ? 2 : 1;
  const int columns = (static_cast<int>(all.size()) + rows - 1) / rows;
  const float w = (r.w - kGap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  const float h = std::min(130.f, (r.h - kGap * static_cast<float>(rows - 1)) / static_cast<float>(rows));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto column = static_cast<float>(static_cast<int>(i) % columns),
               row = static_cast<float>(static_cast<int>(i) / columns);
    const Rect box{r.x + column * (w + kGap), r.y + row * (h + kGap), w, h};
    const Press press = press_area(f, "place_" + std::to_string(i), f.say(translatable(all[i])), box);
    if (press.tapped) f.tap(taps::SetPainPlace{all[i]});
    const bool picked = f.s.pain_place == all[i];
    const Rect at = press.held ? box.inset(4) : box;
    if (picked)
      fill(f.dl, at, 24, f.colour.accent, mix(f.colour.accent, f.colour.accent_deep, .25f));
    else
      fill(f.dl, at, 24, f.colour.track_light, f.colour.track);
    const ImU32 ink = picked ? f.colour.go_ink : f.colour.text;
    if (picked) draw_icon(f, {at.x + 34, at.centre().y}, 40, ink, icon::check);
    text_in(f, {at.x + (picked ? 58.f : 16.f), at.y + 6, at.w - (picked ? 70.f : 32.f), at.h - 12},
            {Weight::medium, 38, ink, Align::centre, Upright::middle, 2}, f.say(translatable(all[i])));
  }
}

}  // namespace

void screen_pain_stop(Frame& f) {
  const Rect head{size::margin, 32, f.w - 2 * size::margin, 190};
  fill(f.dl, head, 36, f.colour.stop_top, f.colour.stop_bottom);
  draw_icon(f, {head.x + 110, head.centre().y}, 120, f.colour.white, icon::hand);
  {
    const ReadAt far(f, Reading::needed);
    text_in(f, {head.x + 210, head.y + 24, head.w - 260, 84},
            {Weight::medium, size::feedback, f.colour.white, Align::left, Upright::middle, 1, 48}, f.words.set_stopped);
    text_in(f, {head.x + 210, head.y + 112, head.w - 260, 52},
            {Weight::regular, size::needed, f.colour.white, Align::left, Upright::middle, 1, 36}, f.words.stay);
  }

  const float bottom = f.h - 32 - 120;
  const Rect body{size::margin, head.bottom() + size::gutter, f.w - 2 * size::margin,
                  bottom - size::gutter - head.bottom() - size::gutter};
  card(f, body, 36);
  Rect in = body.inset(48, 34);
  text_in(f, in.cut_top(64), {Weight::medium, size::title, f.colour.text, Align::left, Upright::top}, f.words.how_strong);
  in.cut_top(20);
  const bool two_rows = f.s.session->pain_places.size() > 6;  // of places: they need the height to be touched
  const float scale_h = std::min(in.h * (two_rows ? .42f : .54f), 400.f);
  if (const auto chosen = ten_scale(f, in.cut_top(scale_h), "pain", f.s.pain_now, f.words.no_pain, f.words.worst_pain))
    f.tap(taps::SetPain{*chosen});
  in.cut_top(two_rows ? 20.f : std::min(48.f, in.h * .14f));
  places(f, in);

  const Rect call{size::margin, bottom, 420, 120};
  if (button(f, "call_staff", f.words.call_staff, icon::staff, call, ButtonLook::secondary)) f.tap(taps::CallStaff());
  const Rect next{f.w - size::margin - 420, bottom, 420, 120};
  if (button(f, "next", f.words.proceed, icon::next, next, ButtonLook::primary, f.s.can_continue)) f.tap(taps::Next());
  // Staff or the next client may stand here: nobody has to invent an answer.
  const Rect skip{next.x - 24 - 260, bottom, 260, 120};
  if (button(f, "skip_questions", f.words.skip_questions, icon::skip, skip, ButtonLook::quiet)) f.tap(taps::SkipQuestions());
  const Rect middle{call.right() + 30, bottom, skip.x - call.right() - 60, 120};
  told_beside_button(f, middle, Align::centre, true);
}

}  // namespace patella::ui
