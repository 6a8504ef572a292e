// Signing in, the stations with the state of their devices, languages and volume. The station whose sensor is moved or pressed lights
// up. Nothing moves by itself: an idle kiosk draws no frame. Nothing here is of a person.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ui/icons.hpp"
#include "ui/screens.hpp"
#include "ui/shapes.hpp"
#include "ui/visit_parts.hpp"

namespace patella::ui {
namespace {

constexpr float kTall = 460;  // a tile higher than this has its icon above the words

struct Grid {
  int columns = 1, rows = 1;
};

Grid grid_for(std::size_t count, bool narrow) {
  const int n = static_cast<int>(std::max<std::size_t>(count, 1));
  const int columns = narrow ? (n <= 3 ? 1 : 2) : n <= 3 ? n : n == 4 ? 2 : 3;
  return {columns, (n + columns - 1) / columns};
}

float banners(Frame& f, float y) {
  constexpr std::size_t kMax = 3;
  const std::size_t shown = std::min(f.s.kiosk->banners.size(), kMax);
  for (std::size_t i = 0; i < shown; ++i) {
    const float k = unit(f);
    const Rect r{size::margin * k, y, f.w - 2 * size::margin * k, 76 * k};
    f.dl->AddRectFilled(r.top_left(), r.bottom_right(), mix(f.colour.background, f.colour.high, .16f), 22 * k);
    draw_icon(f, {r.x + 44 * k, r.centre().y}, 40 * k, f.colour.high, icon::warning);
    std::string words = f.say(f.s.kiosk->banners[i]);
    if (i + 1 == shown && f.s.kiosk->banners.size() > kMax)
      words += " (+" + std::to_string(f.s.kiosk->banners.size() - kMax) + ")";
    text_in(f, {r.x + 84 * k, r.y, r.w - 112 * k, r.h},
            {Weight::medium, 34 * k, f.colour.text, Align::left, Upright::middle, 2, 28 * k}, words);
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
  const float k = unit(f);
  const Rect r{size::margin * k, y, f.w - 2 * size::margin * k, 76 * k};
  f.dl->AddRectFilled(r.top_left(), r.bottom_right(), mix(f.colour.background, f.colour.accent, .16f), 22 * k);
  draw_icon(f, {r.x + 44 * k, r.centre().y}, 40 * k, f.colour.accent, icon::staff);
  text_in(f, {r.x + 84 * k, r.y, r.w - 112 * k, r.h},
          {Weight::medium, 34 * k, f.colour.text, Align::left, Upright::middle, 2, 28 * k}, words);
  return r.bottom() + 12;
}

void device_pill(Frame& f, Rect r, const session::StationTile& tile, float px, Align align) {
  const session::DeviceState* device = worst_device(tile);
  const std::string in_use = f.words.tr.in("station", "In use");
  const DeviceLook look = tile.in_use  ? DeviceLook{icon::group, f.colour.low, in_use, in_use}
                          : tile.moves ? DeviceLook{icon::sensors, f.colour.accent, f.words.moves, f.words.moves_now}
                          : device     ? look_of(f, *device)
                                       : DeviceLook{icon::check_circle, f.colour.target, f.words.ready, f.words.ready};
  const bool room = text_width(f, Weight::medium, size::floor, look.words) < r.w - r.h * .76f - px * 1.55f;
  state_pill(f, r, align, look.icon, look.c, room ? look.words : look.brief, px);
}

bool is_tall(const Frame& f, Rect tile) { return tile.h > kTall * unit(f); }

/// Of what says why a station cannot be used.
float why_height(const Frame& f, Rect tile) { return is_tall(f, tile) ? 150 * unit(f) : std::min(112 * unit(f), tile.h * .46f); }

/// The figure of its first exercise, or its icon.
void station_picture(Frame& f, Rect box, const session::StationTile& tile, ImU32 tint) {
  if (tile.figure)
    return small_figure(f, box, tile.figure, false, tile.in_use || !tile.can_open ? .45f : 1,
                        mix(f.colour.card_top, f.colour.card_bottom, .5f));
  const float badge = std::min({box.h, box.w, 240 * unit(f)});
  f.dl->AddCircleFilled(box.centre(), badge / 2, mix(f.colour.card_bottom, tint, .22f), 64);
  draw_icon(f, box.centre(), badge * .58f, tint, icon::for_station(tile.icon));
}

void tile_tall(Frame& f, Rect r, const session::StationTile& tile, ImU32 ink, ImU32 tint) {
  const float k = unit(f);
  Rect in = r.inset(28 * k, 32 * k);
  const Rect pill = in.cut_bottom(tile.can_open ? 60 * k : why_height(f, r) - 20 * k);
  in.cut_bottom(24 * k);
  const Rect line = in.cut_bottom(74 * k);
  const Rect title = in.cut_bottom(60 * k);
  in.cut_bottom(16 * k);
  station_picture(f, in, tile, tint);
  text_in(f, title, {Weight::medium, 46 * k, ink, Align::centre, Upright::middle, 1, 32 * k}, f.say(tile.title));
  text_in(f, {line.x, line.y + 8 * k, line.w, line.h - 8 * k},
          {Weight::regular, 32 * k, f.colour.text2, Align::centre, Upright::top, 2, 28 * k}, f.say(tile.subtitle));
  if (!tile.can_open) return;
  device_pill(f, pill, tile, 32 * k, Align::centre);
}

void tile_wide(Frame& f, Rect r, const session::StationTile& tile, ImU32 ink, ImU32 tint) {
  const float k = unit(f);
  Rect in = r.inset(24 * k, 22 * k);
  const Rect pill = in.cut_bottom(tile.can_open ? std::min(60 * k, in.h * .30f) : why_height(f, r) - 10 * k);
  in.cut_bottom(12 * k);
  const float picture = std::min(in.h, in.w * .36f);
  station_picture(f, in.cut_left(picture), tile, tint);
  in.cut_left(20 * k);
  const bool small = in.h < 140 * k || tile.subtitle.empty();
  const TextStyle title{Weight::medium, 44 * k, ink, Align::left, Upright::middle, 2, 28 * k};
  if (small) {
    text_in(f, in, title, f.say(tile.title));
  } else {  // title and line below it, together in the middle
    const TextStyle line{Weight::regular, 30 * k, f.colour.text2, Align::left, Upright::top, 2, 28 * k};
    const float title_h = measure_in(f, {in.x, in.y, in.w, in.h * .55f}, title, f.say(tile.title)).h;
    const float line_h = measure_in(f, {in.x, in.y, in.w, in.h * .36f}, line, f.say(tile.subtitle)).h;
    const float y = in.centre().y - (title_h + 24 * k + line_h) / 2;
    text_in(f, {in.x, y - 2, in.w, title_h + 4}, title, f.say(tile.title));
    text_in(f, {in.x, y + title_h + 24 * k, in.w, in.h * .36f}, line, f.say(tile.subtitle));
  }
  if (tile.can_open) device_pill(f, pill, tile, 30 * k, Align::left);
}

void tile(Frame& f, Rect r, const session::StationTile& t) {
  const Press press = press_area(f, "station_" + t.id, f.say(t.title), r, t.can_open && !t.in_use);
  if (press.tapped) f.tap(taps::OpenStation{t.id});
  const Rect at = press.held ? r.inset(6) : r;
  card(f, at);
  if (press.held || t.moves) outline(f.dl, at, size::radius, f.colour.accent, t.moves ? 8.f : 4.f);
  const bool usable = t.can_open && !t.in_use;
  const ImU32 ink = usable ? f.colour.text : f.colour.text3, tint = usable ? f.colour.accent : f.colour.text3;
  const bool tall = is_tall(f, at);
  if (tall)
    tile_tall(f, at, t, ink, tint);
  else
    tile_wide(f, at, t, ink, tint);
  if (t.can_open) return;
  // What is wrong, for staff; the icon and the words say it, not the grey alone.
  const float h = why_height(f, at), k = unit(f), pad = (tall ? 36 : 24) * k;
  const Rect why{at.x + 8 * k, at.bottom() - h - 8 * k, at.w - 16 * k, h};
  f.dl->AddRectFilled(why.top_left(), why.bottom_right(), mix(f.colour.card_bottom, f.colour.high, .14f), 22 * k);
  draw_icon(f, {why.x + pad + 22 * k, why.centre().y}, 48 * k, f.colour.high, icon::error);
  text_in(f, {why.x + pad + 64 * k, why.y + 8 * k, why.w - 2 * pad - 64 * k, why.h - 16 * k},
          {Weight::regular, (tall ? 34.f : 30.f) * k, f.colour.text, Align::left, Upright::middle, 3, 28 * k},
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

void stations_in(Frame& f, Rect area) {
  const auto& stations = *f.s.stations;
  if (stations.empty()) return message(f, area, icon::build, f.words.no_stations + " \xE2\x80\x93 " + f.words.tell_staff);
  const Grid grid = grid_for(stations.size(), area.w < 1100 * unit(f));
  const float k = unit(f), kMin = 240 * k, kMax = 760 * k, gap = size::gutter * k;
  const float w = (area.w - gap * static_cast<float>(grid.columns - 1)) / static_cast<float>(grid.columns);
  const float rows = static_cast<float>(grid.rows);
  const float h = std::clamp((area.h - gap * (rows - 1)) / rows, std::min(kMin, area.h), kMax), all = rows * (h + gap) - gap;
  const Rect view{area.x - 12, area.y - 8, area.w + 24, area.h + 16};
  begin_scroll(f, view, all + 16);
  for (std::size_t i = 0; i < stations.size(); ++i) {
    const auto column = static_cast<float>(static_cast<int>(i) % grid.columns),
               row = static_cast<float>(static_cast<int>(i) / grid.columns);
    const Rect r{area.x + column * (w + gap), area.y + row * (h + gap) - f.scroll.offset, w, h};
    if (r.bottom() > area.y && r.y < area.bottom()) tile(f, r, stations[i]);
  }
  end_scroll(f, view, all + 16);
}

// ---- signing in

void sign_in_tile(Frame& f, Rect r) {
  const std::string label = f.words.tr.in("client", "Sign in");
  const Press press = press_area(f, "sign_in", label, r);
  if (press.there) f.shown.controls.back().primary = true;
  if (press.tapped) f.tap(taps::SignIn());
  const float k = unit(f);
  const Rect at = press.held ? r.inset(6 * k) : r;
  const ImU32 ink = ink_on(f.colour.accent);
  shadow(f.dl, at, size::radius * k, 30 * k, .45f, 10 * k);
  fill(f.dl, at, size::radius * k, mix(f.colour.accent, f.colour.white, .06f),
       press.held ? mix(f.colour.accent, rgb(0), .08f) : f.colour.accent);
  Rect in = at.inset(32 * k);
  const float words_h = 190 * k, picture = std::min(176 * k, in.h - words_h);
  const float top = in.centre().y - (picture + words_h) / 2;
  if (picture > 90 * k) draw_icon(f, {in.centre().x, top + picture / 2}, picture * 1.1f, ink, icon::account);
  const float y = picture > 90 * k ? top + picture + 24 * k : in.centre().y - words_h / 2 + 10 * k;
  text_in(f, {in.x, y, in.w, 90 * k}, {Weight::medium, 88 * k, ink, Align::centre, Upright::middle, 1, 48 * k}, label);
  text_in(f, {in.x, y + 108 * k, in.w, 50 * k}, {Weight::regular, 38 * k, ink, Align::centre, Upright::middle, 1, 28 * k},
          f.words.tr("Your plan for today"));
}

/// Sign in and guest, one above the other. Returns what is left of the area for the stations.
Rect ways_in(Frame& f, Rect area) {
  const session::HomeControls& home = *f.s.home;
  if (!home.can_sign_in) return area;
  const float k = unit(f), gap = size::gutter * k;
  Rect own = upright(f) ? area.cut_bottom((home.can_be_guest ? 456 : 320) * k) : area.cut_left(560);
  if (upright(f))
    area.cut_bottom(gap);
  else
    area.cut_left(gap);
  if (home.can_be_guest) {
    const Rect guest = own.cut_bottom(std::max(136 * k, f.touch_least()));
    own.cut_bottom(gap);
    if (plain_button(f, "continue_as_guest", f.words.tr("Continue as guest"), icon::person, guest, 44))
      f.tap(taps::GoOnAsGuest());
  }
  sign_in_tile(f, own);
  return area;
}

// ---- languages and volume

/// In its own words: who looks for it reads no other.
std::string language_name(const std::string& code) {
  if (code == "en") return "English";
  if (code == "de") return "Deutsch";
  if (code == "fr")
    return "Fran\xC3\xA7"
           "ais";
  if (code == "es") return "Espa\xC3\xB1ol";
  if (code == "it") return "Italiano";
  if (code == "pl") return "Polski";
  return code;
}

void languages_in(Frame& f, Rect r, int columns) {
  const auto& all = f.s.home->languages;
  const int n = static_cast<int>(all.size()), rows = (n + columns - 1) / columns;
  const float gap = 14 * unit(f);
  const float w = (r.w - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  const float h = (r.h - gap * static_cast<float>(rows - 1)) / static_cast<float>(rows);
  for (int i = 0; i < n; ++i) {
    const std::string& code = all[static_cast<std::size_t>(i)];
    const Rect box{r.x + static_cast<float>(i % columns) * (w + gap), r.y + static_cast<float>(i / columns) * (h + gap), w, h};
    if (choice_button(f, "language_" + code, language_name(code), box, code == f.s.home->language))
      f.tap(taps::SetLanguage{code});
  }
}

void volume_in(Frame& f, Rect r) {
  constexpr int kMax = 7;
  const float k = unit(f), key = std::max(140 * k, f.touch_least());
  const int level = std::clamp(f.s.home->volume, 0, kMax);
  if (icon_button(f, "quieter", f.words.tr("Quieter"), icon::quieter, r.cut_left(key), level > 0))
    f.tap(taps::SetVolume{level - 1});
  if (icon_button(f, "louder", f.words.tr("Louder"), icon::louder, r.cut_right(key), level < kMax))
    f.tap(taps::SetVolume{level + 1});
  Rect in = r.inset(28 * k, 0);
  const Rect words = in.cut_bottom(50 * k);
  in.cut_bottom(12 * k);
  const float gap = 10 * k, w = (in.w - gap * (kMax - 1)) / kMax;
  for (int i = 0; i < kMax; ++i) {
    const float h = in.h * (.36f + .64f * static_cast<float>(i) / (kMax - 1));
    const Rect bar{in.x + static_cast<float>(i) * (w + gap), in.bottom() - h, w, h};
    f.dl->AddRectFilled(bar.top_left(), bar.bottom_right(), i < level ? f.colour.accent : f.colour.track, 8 * k);
  }
  const std::string said = level == 0 ? f.words.tr("Sound off") : f.say(f.s.home->sound);
  text_in(f, words, {Weight::regular, 30 * k, f.colour.text2, Align::centre, Upright::middle, 1, 28 * k},
          said.empty() ? fill_in(f.words.tr("Volume {0} of {1}"), {std::to_string(level), std::to_string(kMax)}) : said);
}

/// At the bottom, within reach of a thumb. Returns the content above it.
Rect controls_below(Frame& f, Rect area) {
  const session::HomeControls& home = *f.s.home;
  const bool speaks = home.languages.size() > 1, sounds = home.volume >= 0;
  if (!speaks && !sounds) return area;
  const float k = unit(f), gap = size::gutter * k, h = std::max(140 * k, f.touch_least());
  if (!upright(f)) {
    Rect row = area.cut_bottom(h);
    area.cut_bottom(gap);
    if (sounds) volume_in(f, row.cut_right(speaks ? 628 : 760));
    if (speaks) languages_in(f, {row.x, row.y, sounds ? row.w - 38 : row.w, row.h}, static_cast<int>(home.languages.size()));
    return area;
  }
  if (sounds) {
    volume_in(f, area.cut_bottom(h));
    area.cut_bottom(gap);
  }
  if (speaks) {
    const int columns = std::min(3, static_cast<int>(home.languages.size()));
    const int rows = (static_cast<int>(home.languages.size()) + columns - 1) / columns;
    languages_in(f, area.cut_bottom(static_cast<float>(rows) * (std::max(100 * k, f.touch_least()) + 14 * k) - 14 * k), columns);
    area.cut_bottom(gap);
  }
  return area;
}

/// The lines for staff lie between the stations and what is below; each has its place, so that none hides a station.
float lines_height(const Frame& f) {
  const std::size_t shown = std::min<std::size_t>(f.s.kiosk->banners.size(), 3) + (f.s.notices && !f.s.notices->empty() ? 1 : 0);
  return static_cast<float>(shown) * (76 * unit(f) + 12);
}

}  // namespace

void screen_home(Frame& f) {
  if (f.s.starting) return starting(f);
  const std::string site = f.s.kiosk->site_name.empty() ? f.words.product : f.s.kiosk->site_name;
  if (visit_header(f, icon::body, f.words.choose_station, site, {"staff_open", f.words.staff_area, icon::lock}))
    f.tap(session::StaffOpen());
  const float k = unit(f);
  Rect area{size::margin * k, 136 * k, f.w - 2 * size::margin * k, f.h - (136 + size::margin) * k};
  area = controls_below(f, area);
  if (const float h = lines_height(f); h > 0) {
    const Rect lines = area.cut_bottom(h - 12);
    area.cut_bottom(24 * k);
    notices(f, banners(f, lines.y));
  }
  stations_in(f, ways_in(f, area));
}

}  // namespace patella::ui
