// How the exercise is done, what the physio has set, and whether the sensor is there.
#include "ui/icons.hpp"
#include "ui/screens.hpp"
#include "ui/shapes.hpp"
#include "ui/widgets.hpp"

namespace patella::ui {
namespace {

std::string client_name(const Frame& f, const session::DeviceState& device) {
  return device.client_label.empty() ? f.words.sensor : f.say(device.client_label);
}

/// Numbered or ticked lines that share the height. Returns what is left.
void lines(Frame& f, Rect r, const std::vector<Message>& all, unsigned code, ImU32 c, float px) {
  if (all.empty()) return;
  const float h = std::min(r.h / static_cast<float>(all.size()), px * 4.2f);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Rect row{r.x, r.y + h * static_cast<float>(i), r.w, h};
    const float radius = std::min(26.f, h * .42f);
    const V2 c0{row.x + 28, row.centre().y};
    f.dl->AddCircleFilled(c0, radius, mix(f.colour.card_bottom, c, .25f), 40);
    if (code != 0)
      draw_icon(f, c0, radius * 1.35f, c, code);
    else
      figures(f, c0, std::max(30.f, radius * 1.2f), c, std::to_string(i + 1), Align::centre);
    text_in(f, {row.x + 76, row.y + 7, row.w - 76, row.h - 14},
            {Weight::regular, px, f.colour.text, Align::left, Upright::middle, 3}, f.say(all[i]));
  }
}

void title_line(Frame& f, Rect r, std::string_view words) {
  text_in(f, r, {Weight::medium, 38, f.colour.text2, Align::left, Upright::middle, 1, 30}, words);
}

void list_card(Frame& f, Rect r, std::string_view title, const std::vector<Message>& all, unsigned code, ImU32 c) {
  card(f, r);
  Rect in = r.inset(34, 26);
  title_line(f, in.cut_top(44), title);
  in.cut_top(10);
  lines(f, in, all, code, c, 40);
}

void plan_card(Frame& f, Rect r) {
  card(f, r);
  Rect in = r.inset(34, 26);
  title_line(f, in.cut_top(44), f.s.session->set_by_physio ? f.words.plan : f.words.house_plan);
  in.cut_top(10);
  if (!f.s.session->set_by.empty())
    text_in(f, in.cut_bottom(44), {Weight::regular, 32, f.colour.text2, Align::left, Upright::bottom},
            f.say(translatable(f.s.session->set_by)));
  lines(f, {in.x, in.y, in.w, in.h - 6}, f.s.session->plan_lines, icon::flag, f.colour.target, 40);
}

void devices_line(Frame& f, Rect r) {
  if (f.s.station->devices.empty()) {
    text_in(f, r, {Weight::regular, 38, f.colour.text2, Align::left, Upright::middle, 2}, f.words.no_sensor);
    return;
  }
  const std::size_t count = std::min<std::size_t>(f.s.station->devices.size(), 3);
  const float h = r.h / static_cast<float>(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& device = f.s.station->devices[i];
    const DeviceLook look = look_of(f, device);
    const bool missed = !device.required && !is_there(device);
    const Rect row{r.x, r.y + h * static_cast<float>(i), r.w, h};
    const float px = h < 70 ? 32.f : 38.f;
    draw_icon(f, {row.x + 30, row.centre().y}, px * 1.35f, missed ? f.colour.text2 : look.c, missed ? icon::info : look.icon);
    const Rect words{row.x + 74, row.y + 2, row.w - 74, row.h - 4};
    const bool fine = device.liveness == session::Liveness::live || device.liveness == session::Liveness::unused;
    if (missed) {  // the exercise goes on without it: nothing to wait for
      text_in(f, words, {Weight::regular, px, f.colour.text2, Align::left, Upright::middle, 3},
              fill_in(f.words.not_connected, {client_name(f, device)}));
      continue;
    }
    text_in(f, words, {Weight::medium, px, fine ? f.colour.text : look.c, Align::left, Upright::middle, 3},
            fine ? client_name(f, device) + " \xE2\x80\x93 " + look.words : look.words);
  }
}

}  // namespace

void screen_set_up(Frame& f) {
  float y = header(f, icon::for_station(f.s.station->icon), f.say(f.s.station->title), f.say(f.s.session->client_label), true);
  y = staff_strip(f, y) + 8;
  const Rect stop = pain_stop_place(f);
  Rect area{size::margin, y, f.w - 2 * size::margin, stop.y - size::gutter - y};
  const Rect show = area.cut_left(area.w * .31f);
  area.cut_left(size::gutter);
  card(f, show);
  if (f.s.session->figure) {
    draw_figure(f, show.inset(36, 36), *f.s.session->figure, true);
  } else {
    draw_icon(f, show.centre(), 260, f.colour.track_light, icon::for_station(f.s.station->icon));
  }
  const bool plan = !f.s.session->plan_lines.empty() || !f.s.session->set_by.empty();
  if (plan || !f.s.session->watch_for.empty()) {
    Rect column = area.cut_right((area.w - size::gutter) / 2);
    area.cut_right(size::gutter);
    if (plan && !f.s.session->watch_for.empty()) {
      const auto rows = static_cast<float>(f.s.session->plan_lines.size()),
                 watch = static_cast<float>(f.s.session->watch_for.size());
      list_card(f, column.cut_bottom(std::clamp(column.h * watch / (rows + watch), column.h * .34f, column.h * .45f)),
                f.words.watch_for, f.s.session->watch_for, icon::eye, f.colour.high);
      column.cut_bottom(size::gutter);
    }
    if (plan)
      plan_card(f, column);
    else
      list_card(f, column, f.words.watch_for, f.s.session->watch_for, icon::eye, f.colour.high);
  }
  list_card(f, area, f.words.steps, f.s.session->steps, 0, f.colour.accent);

  const Rect back{size::margin, stop.y, 236, stop.h};
  if (button(f, "back", f.words.back, icon::back, back, ButtonLook::secondary)) f.tap(taps::Back());
  const Rect start{stop.x - size::gutter - 460, stop.y, 460, stop.h};
  if (button(f, "start", f.words.start, icon::play, start, ButtonLook::primary, f.s.can_continue)) f.tap(taps::Start());
  const Rect ready{back.right() + size::gutter, stop.y, start.x - back.right() - 2 * size::gutter, stop.h};
  card(f, ready);
  Rect in = ready.inset(32, 22);
  const bool why = !f.s.can_continue && !f.s.why_not_continue.empty();
  const session::DeviceState* worst = worst_device(*f.s.station);
  const bool same = worst && worst->text == f.s.why_not_continue;  // the sensor itself already says it
  if (why && !same) {
    text_in(f, in.cut_bottom(in.h / 2), {Weight::regular, 36, f.colour.high, Align::left, Upright::middle, 2},
            f.say(f.s.why_not_continue));
  }
  devices_line(f, in);
  pain_stop_button(f);
}

}  // namespace patella::ui
