// The sensors of the site, for staff: how each stands, what it says, and what can be done with it.
#include <fmt/format.h>

#include "ui/icons.hpp"
#include "ui/screens.hpp"
#include "ui/shapes.hpp"
#include "ui/widgets.hpp"

namespace patella::ui {
namespace {

using session::SensorRow;
using session::TapKind;

/// The row's buttons, from the right; what is left of the row is returned.
Rect buttons(Frame& f, Rect r, const SensorRow& row, int index) {
  constexpr float kButton = 340, kHeight = 100;
  const auto one = [&](bool there, const char* id, const std::string& label, unsigned code, TapKind kind) {
    if (!there) return;
    const Rect column = r.cut_right(kButton);
    r.cut_right(20);
    const Rect at{column.x, column.centre().y - kHeight / 2, column.w, kHeight};
    if (button(f, fmt::format("{}_{}", id, index), label, code, at, ButtonLook::secondary)) f.tap(kind, {}, index);
  };
  one(row.calibrates, "calibrate", f.words.calibrate, icon::scale, TapKind::staff_calibrate);
  one(row.pairs, "pair", f.words.which_is_mine, icon::sensors, TapKind::staff_pair);
  one(row.retries, "retry", f.words.try_again, icon::replay, TapKind::staff_retry);
  return r;
}

void sensor_row(Frame& f, Rect r, const SensorRow& row, int index) {
  card(f.dl, r, 30);
  if (row.moves) outline(f.dl, r, 30, colour::accent, 6);
  Rect in = buttons(f, r.inset(34, 14), row, index);
  const Rect value = in.cut_right(250);
  if (row.value.empty())
    text_in(f, value, {Weight::medium, 56, colour::text3, Align::right}, "\xE2\x80\x93");
  else
    number_with_unit(f, value, 56, row.value, row.unit, Align::right);
  in.cut_right(30);
  const DeviceLook look = row.moves ? DeviceLook{icon::sensors, colour::accent, f.words.moves, f.words.moves} : look_of(f, row.device);
  draw_icon(f, {in.x + 34, in.centre().y}, 60, look.c, look.icon);
  in.cut_left(96);
  text_in(f, in.cut_top(54), {Weight::medium, 42, colour::text, Align::left, Upright::middle, 1, 30}, row.device.label);
  std::string about = row.stations;
  for (const std::string* part : {&row.which, &row.calibrated})
    if (!part->empty()) about += (about.empty() ? "" : " \xC2\xB7 ") + *part;
  text_in(f, in.cut_top(42), {Weight::regular, 30, colour::text2}, about);
  text_in(f, in.cut_top(42), {Weight::medium, 30, look.c}, look.words);
}

}  // namespace

void screen_staff_sensors(Frame& f) {
  constexpr float kRow = 172, kGap = 16;
  const auto& list = f.s.staff.sensors;
  const float y = header(f, icon::staff, f.words.sensors, f.s.staff.member, false) + 8;
  const Rect area{size::margin, y, f.w - 2 * size::margin, f.h - 32 - 120 - size::gutter - y};
  const float all = static_cast<float>(list.size()) * (kRow + kGap) - kGap, w = area.w - (all > area.h ? 36.f : 0.f);
  if (list.empty())
    text_in(f, area, {Weight::medium, size::title, colour::text2, Align::centre}, f.words.no_sensors);
  begin_scroll(f, {area.x - 16, area.y, area.w + 32, area.h}, all);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Rect row{area.x, area.y + static_cast<float>(i) * (kRow + kGap) - f.scroll.offset, w, kRow};
    if (row.bottom() > area.y && row.y < area.bottom()) sensor_row(f, row, list[i], static_cast<int>(i));
  }
  end_scroll(f, {area.x - 16, area.y, area.w + 32, area.h}, all);
  const Rect out{size::margin, f.h - 32 - 120, 380, 120};
  if (button(f, "staff_leave", f.words.sign_out, icon::leave, out, ButtonLook::secondary)) f.tap(TapKind::staff_leave);
  if (!f.s.staff.physio)
    text_in(f, {out.right() + 40, out.y, f.w - size::margin - out.right() - 40, out.h},
            {Weight::regular, 36, colour::text2, Align::right, Upright::middle, 2}, f.words.only_physio);
}

}  // namespace patella::ui
