// The sensors of the site, for staff: how each stands, what it says, and what can be done with it.
#include <fmt/format.h>

#include "ui/icons.hpp"
#include "ui/screens.hpp"
#include "ui/shapes.hpp"
#include "ui/widgets.hpp"

namespace patella::ui {
namespace {

using session::SensorRow;
using session::SensorsView;

/// The row's button; what is left of the row is returned.
Rect row_button(Frame& f, Rect r, const SensorRow& row, std::size_t index) {
  constexpr float kWidth = 340;
  const float height = std::max(100.f, f.touch_least());
  if (!row.calibrates && !row.pairs && !row.retries) return r;
  const Rect column = r.cut_right(kWidth);
  r.cut_right(28);
  const Rect at{column.x, column.centre().y - height / 2, column.w, height};
  const auto one = [&](const char* id, const std::string& label, unsigned code, const SensorsView::Tap& tap) {
    if (button(f, fmt::format("{}_{}", id, index), label, code, at, ButtonLook::secondary)) f.tap(tap);
  };
  if (row.retries)
    one("retry", f.words.try_again, icon::replay, SensorsView::Retry{index});
  else if (row.pairs)
    one("pair", f.words.which_is_mine, icon::sensors, SensorsView::Pair{index});
  else
    one("calibrate", f.words.calibrate, icon::scale, SensorsView::Calibrate{index});
  return r;
}

/// The value with the day of its calibration below; nothing when there is neither.
Rect row_value(Frame& f, Rect r, const SensorRow& row, bool old) {
  if (row.value.empty() && row.calibrated.empty()) return r;
  Rect column = r.cut_right(340);
  r.cut_right(24);
  Rect below = row.calibrated.empty() ? Rect{} : column.cut_bottom(46);
  if (!row.value.empty() && !old)
    number_with_unit(f, column, 56, f.say(row.value), f.words.tr.word("unit", row.unit), Align::right);
  else
    text_in(f, column, {Weight::medium, 56, f.colour.text3, Align::right}, "\xE2\x80\x93");
  if (!row.calibrated.empty()) text_in(f, below, {Weight::regular, 28, f.colour.text2, Align::right}, f.say(row.calibrated));
  return r;
}

void sensor_row(Frame& f, Rect r, const SensorRow& row, std::size_t index) {
  const bool old = is_old(f), moves = row.moves && !old;
  card(f, r, 30);
  if (moves) outline(f.dl, r, 30, f.colour.accent, 6);
  Rect in = row_value(f, row_button(f, r.inset(34, 14), row, index), row, old);
  const DeviceLook look =
      moves ? DeviceLook{icon::sensors, f.colour.accent, f.words.moves, f.words.moves} : look_of(f, row.device);
  draw_icon(f, {in.x + 34, in.centre().y}, 60, look.c, look.icon);
  in.cut_left(96);
  text_in(f, in.cut_top(50), {Weight::medium, 42, f.colour.text, Align::left, Upright::middle, 1, 30}, f.say(row.device.label));
  text_in(f, in.cut_top(36), {Weight::regular, 28, f.colour.text2},
          f.say(in_a_row(row.stations)) + (row.which.empty() ? "" : " · " + f.say(row.which)));
  text_in(f, in, {Weight::medium, 30, look.c, Align::left, Upright::middle, 2}, look.words);
}

}  // namespace

void draw_screen(Frame& f, const SensorsView& now) {
  constexpr float kRow = 172, kGap = 16;
  const auto& list = now.rows;
  const float y = header(f, icon::staff, f.words.sensors, staff_subtitle(f, f.s.staff->member), false) + 8;
  const Rect area{size::margin, y, f.w - 2 * size::margin, f.h - 32 - 120 - size::gutter - y};
  const float all = static_cast<float>(list.size()) * (kRow + kGap) - kGap, w = area.w - (all > area.h ? 36.f : 0.f);
  if (list.empty()) text_in(f, area, {Weight::medium, size::title, f.colour.text2, Align::centre}, f.words.no_sensors);
  begin_scroll(f, {area.x - 16, area.y, area.w + 32, area.h}, all);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Rect row{area.x, area.y + static_cast<float>(i) * (kRow + kGap) - f.scroll.offset, w, kRow};
    if (row.bottom() > area.y && row.y < area.bottom()) sensor_row(f, row, list[i], i);
  }
  end_scroll(f, {area.x - 16, area.y, area.w + 32, area.h}, all);
  const Rect beside{staff_bar(f, SensorsView::kName) + 40, f.h - 32 - 120, 0, 120};
  const session::StaffMessage& message = now.message;
  const bool told = !message.text.empty();
  if (told || !f.s.staff->physio)
    text_in(f, {beside.x, beside.y, f.w - size::margin - beside.x, beside.h},
            {told ? Weight::medium : Weight::regular, 36,
             !told             ? f.colour.text2
             : message.trouble ? f.colour.high
                               : f.colour.target,
             Align::right, Upright::middle, 3},
            told ? f.say(message.text) : f.words.only_physio);
}

BarButton bar_button(const Frame& f, std::type_identity<SensorsView>) { return {f.words.sensors, icon::sensors}; }

}  // namespace patella::ui
