// Between the answers and the exercise: the start needs a member of staff at this screen.
#include "ui/icons.hpp"
#include "ui/screens.hpp"
#include "ui/shapes.hpp"
#include "ui/widgets.hpp"

namespace patella::ui {

void screen_start_gate(Frame& f) {
  const float y = header(f, icon::for_station(f.s.station->icon), f.words.gate_title,
                         f.say(f.s.station->title) +
                             (f.s.session->client_label.empty() ? "" : " \xC2\xB7 " + f.say(f.s.session->client_label)),
                         false) +
                  12;
  const float bottom = f.h - 32 - 120;
  const Rect box{size::margin, y, f.w - 2 * size::margin, bottom - size::gutter - y};
  card(f, box, 36);
  Rect in = box.inset(60, 44);
  const Rect side = in.cut_left(std::min(200.f, in.w * .16f));
  in.cut_left(30);
  draw_icon(f, {side.centre().x, side.y + side.w * .55f}, side.w * .8f, f.colour.accent, icon::staff);
  text_in(f, in.cut_top(in.h * .30f), {Weight::medium, 50, f.colour.text, Align::left, Upright::middle, 3, 34},
          f.words.gate_text);
  const Rect said = in.cut_bottom(80);
  in.cut_bottom(16);
  const auto count = static_cast<float>(f.s.gate_reasons.size());
  const float h = std::min(110.f, in.h / std::max(1.f, count));
  for (const Message& reason : f.s.gate_reasons) {
    Rect row = in.cut_top(h);
    f.dl->AddCircleFilled({row.x + 12, row.centre().y}, 8, f.colour.accent, 24);
    row.cut_left(44);
    text_in(f, row, {Weight::regular, 40, f.colour.text, Align::left, Upright::middle, 2, 30}, f.say(reason));
  }
  text_in(f, said, {Weight::medium, 44, f.colour.high, Align::left, Upright::middle, 1, 32}, f.say(f.s.staff_notice));
  back_button(f, taps::Back());
  const Rect start{f.w - size::margin - 560, bottom, 560, 120};
  if (button(f, "staff_start", f.words.gate_start, icon::lock, start, ButtonLook::secondary)) f.tap(taps::StaffStart());
  const Rect call{start.x - 24 - 440, bottom, 440, 120};
  if (button(f, "call_staff", f.words.call_staff, icon::staff, call, ButtonLook::primary)) f.tap(taps::CallStaff());
}

}  // namespace patella::ui
