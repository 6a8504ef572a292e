// The stations, each with the state of its devices; the one whose sensor is moved or pressed lights up. Nothing moves by
// itself: an idle kiosk draws no frame.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ui/icons.hpp"
#include "ui/screens.hpp"
#include "ui/shapes.hpp"
#include "ui/widgets.hpp"

namespace patella::ui {
namespace {

constexpr float kTall = 460;  // a tile higher than this has its icon above the words

struct Grid {
  int columns = 1, rows = 1;
};

Grid grid_for(std::size_t count) {
  if (count <= 3) return {static_cast<int>(std::max<std::size_t>(count, 1)), 1};
  if (count <= 4) return {2, 2};
  if (count <= 6) return {3, 2};
  return {4, static_cast<int>((count + 3) / 4)};
}

float banners(Frame& f, float y) {
  constexpr std::size_t kMax = 3;
  const std::size_t shown = std::min(f.s.kiosk->banners.size(), kMax);
  for (std::size_t i = 0; i < shown; ++i) {
    const Rect r{size::margin, y, f.w - 2 * size::margin, 62};
    f.dl->AddRectFilled(r.top_left(), r.bottom_right(), mix(f.colour.background, f.colour.high, .18f), 18);
    outline(f.dl, r, 18, fade(f.colour.high, .7f), 2);
    draw_icon(f, {r.x + 42, r.centre().y}, 38, f.colour.high, icon::warning);
    std::string words = f.say(f.s.kiosk->banners[i]);
    if (i + 1 == shown && f.s.kiosk->banners.size() > kMax)
      words += " (+" + std::to_string(f.s.kiosk->banners.size() - kMax) + ")";
    text_in(f, {r.x + 80, r.y, r.w - 110, r.h}, {Weight::medium, 34, f.colour.text}, words);
    y += r.h + 12;
  }
  return y;
}

/// Pain stops first, then the newest; one for each station.
std::vector<const session::OpenNotice*> most_urgent(const std::vector<session::OpenNotice>& open) {
  std::vector<const session::OpenNotice*> all;
  for (const session::OpenNotice& one : open) all.push_back(&one);
  const auto rank = [](const session::OpenNotice* one) {
    return std::pair(one->notice.kind == notices::Kind::pain_stop ? 0 : 1, -one->notice.utc_us);
  };
  std::stable_sort(all.begin(), all.end(), [&](const auto* a, const auto* b) { return rank(a) < rank(b); });
  std::vector<const session::OpenNotice*> first;
  for (const session::OpenNotice* one : all)
    if (std::none_of(first.begin(), first.end(), [&](const auto* shown) { return shown->station_title == one->station_title; }))
      first.push_back(one);
  return first;
}

/// Where staff are wanted and since when, until somebody has acknowledged it: nothing of who it is, and nothing of why.
float notices(Frame& f, float y) {
  if (!f.s.notices || f.s.notices->empty()) return y;
  std::string words;
  constexpr std::size_t kMax = 2;
  const auto urgent = most_urgent(*f.s.notices);
  const std::size_t shown = std::min(urgent.size(), kMax);
  for (std::size_t i = 0; i < shown; ++i) {
    const session::OpenNotice& open = *urgent[i];
    using notices::Kind;
    const std::string clock = f.say(Message("{0}", Moment{open.notice.utc_us, open.notice.zone_offset_min, Moment::Form::clock}));
    words += i ? " \xC2\xB7 " : "";
    if (open.notice.kind == Kind::notify_failed)
      words += fill_in(f.words.notify_failed_at, {clock});
    else
      words += fill_in(open.notice.kind == Kind::call_staff ? f.words.staff_called_at : f.words.staff_needed_at,
                       {f.say(open.station_title), clock});
  }
  if (f.s.notices->size() > shown) words += " (+" + std::to_string(f.s.notices->size() - shown) + ")";
  const Rect r{size::margin, y, f.w - 2 * size::margin, 62};
  f.dl->AddRectFilled(r.top_left(), r.bottom_right(), mix(f.colour.background, f.colour.accent, .16f), 18);
  draw_icon(f, {r.x + 42, r.centre().y}, 38, f.colour.accent, icon::staff);
  text_in(f, {r.x + 80, r.y, r.w - 110, r.h}, {Weight::medium, 34, f.colour.text}, words);
  return r.bottom() + 12;
}

void device_pill(Frame& f, Rect r, const session::StationTile& tile, float px, Align align) {
  const session::DeviceState* device = worst_device(tile);
  const DeviceLook look = tile.moves ? DeviceLook{icon::sensors, f.colour.accent, f.words.moves, f.words.moves}
                          : device   ? look_of(f, *device)
                                     : DeviceLook{icon::check_circle, f.colour.target, f.words.ready, f.words.ready};
  const bool room = text_width(f, Weight::medium, size::floor, look.words) < r.w - r.h * .76f - px * 1.55f;
  state_pill(f, r, align, look.icon, look.c, room ? look.words : look.brief, px);
}

void tile_tall(Frame& f, Rect r, const session::StationTile& tile, ImU32 ink, ImU32 tint) {
  Rect in = r.inset(40, 40);
  const float badge = std::clamp(in.h * .34f, 120.f, 220.f);
  const Rect pill = in.cut_bottom(72);
  in.cut_bottom(24);
  const float words_h = 176;
  const V2 c{r.centre().x, in.y + std::max(badge / 2, (in.h - words_h) / 2)};
  f.dl->AddCircleFilled(c, badge / 2, mix(f.colour.card_bottom, tint, .22f), 64);
  draw_icon(f, c, badge * .58f, tint, icon::for_station(tile.icon));
  const float top = std::min(c.y + badge / 2 + 30, in.bottom() - words_h);
  text_in(f, {in.x, top, in.w, 64}, {Weight::medium, 60, ink, Align::centre, Upright::middle, 1, 36}, f.say(tile.title));
  text_in(f, {in.x, top + 90, in.w, 84}, {Weight::regular, 36, f.colour.text2, Align::centre, Upright::top, 2},
          f.say(tile.subtitle));
  if (!tile.can_open) return;
  device_pill(f, pill, tile, 36, Align::centre);
}

float why_height(Rect tile) { return tile.h > kTall ? 150 : std::min(112.f, tile.h * .46f); }

void tile_wide(Frame& f, Rect r, const session::StationTile& tile, ImU32 ink, ImU32 tint) {
  Rect in = r.inset(30, 26);
  const Rect pill = in.cut_bottom(tile.can_open ? std::min(64.f, in.h * .30f) : why_height(r) - 18);
  in.cut_bottom(14);
  const float badge = std::min(in.h, std::min(150.f, in.w * .30f));
  const V2 c{in.x + badge / 2, in.y + in.h / 2};
  f.dl->AddCircleFilled(c, badge / 2, mix(f.colour.card_bottom, tint, .22f), 64);
  draw_icon(f, c, badge * .58f, tint, icon::for_station(tile.icon));
  const float x = in.x + badge + 28, w = in.right() - x;
  const bool small = in.h < 150 || tile.subtitle.empty();
  const TextStyle title{Weight::medium, small ? 46.f : 54.f, ink, Align::left, Upright::middle, 2, 32};
  if (small) {
    text_in(f, {x, in.y, w, in.h}, title, f.say(tile.title));
  } else {  // title and line below it, together in the middle
    const TextStyle line{Weight::regular, 34, f.colour.text2, Align::left, Upright::top, 2};
    const float title_h = measure_in(f, {x, in.y, w, in.h * .55f}, title, f.say(tile.title)).h;
    const float line_h = measure_in(f, {x, in.y, w, in.h * .40f}, line, f.say(tile.subtitle)).h;
    const float y = in.centre().y - (title_h + 28 + line_h) / 2;
    text_in(f, {x, y - 2, w, title_h + 4}, title, f.say(tile.title));
    text_in(f, {x, y + title_h + 28, w, in.h * .40f}, line, f.say(tile.subtitle));
  }
  if (tile.can_open) device_pill(f, pill, tile, 32, Align::left);
}

void tile(Frame& f, Rect r, const session::StationTile& t) {
  const Press press = press_area(f, "station_" + t.id, f.say(t.title), r, t.can_open);
  if (press.tapped) f.tap(taps::OpenStation{t.id});
  const Rect at = press.held ? r.inset(6) : r;
  card(f, at, 36);
  if (press.held || t.moves) outline(f.dl, at, 36, f.colour.accent, t.moves ? 8.f : 4.f);
  const ImU32 ink = t.can_open ? f.colour.text : f.colour.text3, tint = t.can_open ? f.colour.accent : f.colour.text3;
  const bool tall = at.h > kTall;
  if (tall)
    tile_tall(f, at, t, ink, tint);
  else
    tile_wide(f, at, t, ink, tint);
  if (t.can_open) return;
  // What is wrong, for staff; the icon and the words say it, not the grey alone.
  const float h = why_height(at), pad = tall ? 36 : 24;
  const Rect why{at.x + 8, at.bottom() - h - 8, at.w - 16, h};
  f.dl->AddRectFilled(why.top_left(), why.bottom_right(), mix(f.colour.card_bottom, f.colour.high, .14f), 28);
  draw_icon(f, {why.x + pad + 22, why.centre().y}, 48, f.colour.high, icon::error);
  text_in(f, {why.x + pad + 64, why.y + 8, why.w - 2 * pad - 64, why.h - 16},
          {Weight::regular, tall ? 34.f : 30.f, f.colour.text, Align::left, Upright::middle, 3},
          t.why_not.empty() ? f.words.not_available : f.say(t.why_not));
}

/// In the place of the tiles.
void message(Frame& f, Rect area, unsigned icon, const std::string& words) {
  card(f, area);
  draw_icon(f, {area.centre().x, area.centre().y - 90}, 120, f.colour.text3, icon);
  text_in(f, {area.x + 80, area.centre().y, area.w - 160, 100},
          {Weight::medium, size::title, f.colour.text2, Align::centre, Upright::middle, 2}, words);
}

void starting(Frame& f) {
  const std::string site = f.s.kiosk->site_name.empty() ? f.words.product : f.s.kiosk->site_name;
  const float y = header(f, icon::body, site, "", false, 0) + 12;
  message(f, {size::margin, y, f.w - 2 * size::margin, f.h - y - size::margin}, icon::hourglass, f.words.getting_ready);
}
}  // namespace

void screen_home(Frame& f) {
  if (f.s.starting) return starting(f);
  constexpr float kStaff = 250;
  float y = header(f, icon::body, f.words.choose_station, f.s.kiosk->site_name.empty() ? f.words.product : f.s.kiosk->site_name,
                   false, kStaff);
  if (button(f, "staff_open", f.words.staff_area, icon::lock, header_place(f, kStaff), ButtonLook::quiet))
    f.tap(session::StaffOpen());
  y = notices(f, banners(f, y + 4)) + 8;
  const auto& stations = *f.s.stations;
  const Rect area{size::margin, y, f.w - 2 * size::margin, f.h - y - size::margin};
  if (stations.empty()) {
    message(f, area, icon::build, f.words.no_stations + " \xE2\x80\x93 " + f.words.tell_staff);
    return;
  }
  const Grid grid = grid_for(stations.size());
  constexpr float kMin = 220, kMax = 760;
  const float gap = size::gutter, w = (area.w - gap * static_cast<float>(grid.columns - 1)) / static_cast<float>(grid.columns);
  const float rows = static_cast<float>(grid.rows);
  const float h = std::clamp((area.h - gap * (rows - 1)) / rows, kMin, kMax), all = rows * (h + gap) - gap;
  const float top = area.y + std::max(0.f, (area.h - all) * .4f);
  begin_scroll(f, {area.x - 30, area.y - 12, area.w + 60, area.h + 24}, all + 24);
  for (std::size_t i = 0; i < stations.size(); ++i) {
    const auto column = static_cast<float>(static_cast<int>(i) % grid.columns),
               row = static_cast<float>(static_cast<int>(i) / grid.columns);
    const Rect r{area.x + column * (w + gap), top + row * (h + gap) - f.scroll.offset, w, h};
    if (r.bottom() > area.y && r.y < area.bottom()) tile(f, r, stations[i]);
  }
  end_scroll(f, {area.x - 30, area.y - 12, area.w + 60, area.h + 24}, all + 24);
}

}  // namespace patella::ui
