// "Which sensor is mine?": what is heard around, and what of it moves.
#include <fmt/format.h>

#include <cmath>

#include "ui/icons.hpp"
#include "ui/screens.hpp"
#include "ui/shapes.hpp"
#include "ui/widgets.hpp"

namespace patella::ui {
namespace {

using session::PairingView;

void candidate(Frame& f, Rect r, const PairingView::Candidate& one) {
  const std::string name = fmt::format("{} {}", f.say(one.name), one.number);
  const Press press = press_area(f, "sensor_" + one.id, name, r);
  if (press.tapped) f.tap(PairingView::Choose{one.id});
  const Rect at = press.held ? r.inset(4) : r;
  fill(f.dl, at, 26,
       one.moves    ? f.colour.accent_deep
       : one.chosen ? f.colour.track_light
                    : f.colour.card_top,
       one.moves ? mix(f.colour.accent_deep, f.colour.card_bottom, .4f) : f.colour.card_bottom);
  if (one.chosen || press.held) outline(f.dl, at, 26, f.colour.accent, 5);
  draw_icon(f, {at.x + 62, at.centre().y}, 56,
            one.moves   ? f.colour.white
            : one.moved ? f.colour.accent
                        : f.colour.text3,
            one.chosen ? icon::check_circle : icon::sensors);
  Rect words{at.x + 118, at.y + 10, at.w - 142, at.h - 20};
  text_in(f, words.cut_top(words.h * .56f), {Weight::medium, 40, f.colour.text, Align::left, Upright::middle, 1, 30}, name);
  const std::string& state = one.moves ? f.words.moves_now : one.moved ? f.words.has_moved : f.words.does_not_move;
  text_in(f, words, {Weight::regular, 30, one.moves ? f.colour.white : f.colour.text2},
          one.in_use ? state + " \xC2\xB7 " + f.words.in_use : state);
}

}  // namespace

void draw_screen(Frame& f, const PairingView& now) {
  float y = header(f, icon::sensors, f.words.pair_title,
                   staff_subtitle(f, f.say(now.device.label) + " · " + f.say(in_a_row(now.stations))), false);
  const bool ready = now.listening || now.can_listen || now.can_use;
  y = message_strip(f, y, now.message,
                    ready ? std::string_view(f.words.pair_hint) : std::string_view(look_of(f, now.device).words));
  const Rect area{size::margin, y, f.w - 2 * size::margin, f.h - 32 - 120 - size::gutter - y};
  constexpr float kRow = 128, kGap = 20;
  const float rows = std::ceil(static_cast<float>(now.candidates.size()) / 2), all = rows * (kRow + kGap) - kGap;
  const float w = (area.w - kGap - (all > area.h ? 36.f : 0.f)) / 2;
  const Rect view{area.x - 8, area.y - 8, area.w + 16, area.h + 16};  // the outline of the chosen one reaches out of its box
  begin_scroll(f, view, all + 16);
  for (std::size_t i = 0; i < now.candidates.size(); ++i) {
    const Rect r{area.x + static_cast<float>(i % 2) * (w + kGap),
                 area.y + static_cast<float>(i / 2) * (kRow + kGap) - f.scroll.offset, w, kRow};
    if (r.bottom() > area.y && r.y < area.bottom()) candidate(f, r, now.candidates[i]);
  }
  end_scroll(f, view, all + 16);
  back_button(f, PairingView::Back());
  const float at = f.h - 32 - 120;
  if (button(f, "listen", f.words.listen, icon::sensors, {size::margin + 340, at, 400, 120}, ButtonLook::secondary,
             now.can_listen))
    f.tap(PairingView::Listen());
  if (button(f, "use_sensor", f.words.use_it, icon::check, {f.w - size::margin - 480, at, 480, 120}, ButtonLook::primary,
             now.can_use))
    f.tap(PairingView::Use());
}

}  // namespace patella::ui
