// What is for today: the next one large, the others in their order, the days of the week. A tap on another one makes it the next; only
// *Start* starts. A day without a visit is no failure, and looks like none.
#include <fmt/format.h>

#include "ui/icons.hpp"
#include "ui/screens.hpp"
#include "ui/shapes.hpp"
#include "ui/visit_parts.hpp"

namespace patella::ui {
namespace {

using session::TodayItem;
using session::TodayView;
using session::VisitDay;

/// Morning, midday and evening by the clock on the wall.
std::string greeting(const Frame& f) {
  const auto& tr = f.words.tr;
  const std::string name = f.say(f.s.visit_label);
  const int hour = f.s.wall_clock.size() >= 4 ? std::atoi(f.s.wall_clock.c_str()) : 12;
  if (hour < 11) return fill_in(tr("Good morning, {0}"), {name});
  if (hour < 18) return fill_in(tr("Hello, {0}"), {name});
  return fill_in(tr("Good evening, {0}"), {name});
}

std::string week_line(const Frame& f, const TodayView& now) {
  const auto& tr = f.words.tr;
  std::string out;
  const auto add = [&](const std::string& one) { out += (out.empty() ? "" : " \xC2\xB7 ") + one; };
  if (now.week > 0 && now.weeks > 0) add(fill_in(tr("Week {0} of {1}"), {std::to_string(now.week), std::to_string(now.weeks)}));
  if (now.visit_of_week > 0 && now.visits_a_week > 0)
    add(fill_in(tr("visit {0} of {1} this week"), {std::to_string(now.visit_of_week), std::to_string(now.visits_a_week)}));
  return out.empty() ? f.say(now.title) : out;
}

std::string minutes_text(const Frame& f, int minutes) { return fill_in(f.words.tr("{0} min"), {std::to_string(minutes)}); }

bool all_done(const TodayView& now) {
  return !now.items.empty() && std::all_of(now.items.begin(), now.items.end(), [](const TodayItem& item) {
    return item.state == TodayItem::State::done || item.state == TodayItem::State::not_done;
  });
}

// ---- the next one

/// Where and how long, left of *Start*.
void where_and_how_long(Frame& f, Rect r, const TodayItem& item) {
  const float k = unit(f);
  const std::string place = f.say(item.station_title);
  const std::string lead = place.empty() ? "" : item.elsewhere ? fill_in(f.words.tr("Go to {0}"), {place}) : place;
  const std::string time = item.minutes > 0 ? fill_in(f.words.tr("about {0} min"), {std::to_string(item.minutes)}) : "";
  const ImU32 c = item.elsewhere ? f.colour.text : f.colour.text2;
  draw_icon(f, {r.x + 22 * k, r.centre().y}, 44 * k, item.elsewhere ? f.colour.accent : f.colour.text2,
            item.elsewhere ? icon::walk : icon::place);
  const TextStyle style{item.elsewhere ? Weight::medium : Weight::regular, 36 * k, c, Align::left, Upright::middle, 2, 28 * k};
  two_lines(f, {r.x + 56 * k, r.y, r.w - 56 * k, r.h}, style, lead.empty() ? time : lead,
            {Weight::regular, 34 * k, f.colour.text2, Align::left, Upright::middle, 1, 28 * k}, lead.empty() ? "" : time);
}

void next_card(Frame& f, Rect r, const TodayItem& item) {
  const float k = unit(f);
  Rect in = visit_card(f, r, 36);
  const bool possible = item.state != TodayItem::State::not_possible;
  Rect row = in.cut_bottom(std::max(128 * k, f.touch_least()));
  const float start_w = (upright(f) ? 452 : 362) * k;
  const Rect start = row.cut_right(start_w);
  row.cut_right(20 * k);
  if (big_button(f, "start", f.words.start, "", icon::play, start, f.colour.target, 56, possible)) f.tap(taps::StartNext());
  in.cut_bottom(20 * k);
  const Rect dose = in.cut_bottom(58 * k);
  const Rect name = in.cut_bottom(80 * k);
  in.cut_bottom(8 * k);
  small_figure(f, in, item.figure, true);
  chip(f, {in.x, in.y, in.w * .6f, 68 * k}, Align::left, icon::next, f.colour.accent, f.words.next_up);
  text_in(f, name, {Weight::medium, 60 * k, f.colour.text, Align::left, Upright::middle, 1, 36 * k}, f.say(item.name));
  text_in(f, dose, {Weight::regular, 44 * k, f.colour.text, Align::left, Upright::middle, 1, 28 * k}, dose_line(f, item.dose));
  if (possible) return where_and_how_long(f, row, item);
  draw_icon(f, {row.x + 22 * k, row.centre().y}, 44 * k, f.colour.high, icon::info);
  text_in(f, {row.x + 56 * k, row.y, row.w - 56 * k, row.h},
          {Weight::regular, 36 * k, f.colour.text, Align::left, Upright::middle, 3, 28 * k}, f.say(item.why));
}

/// All done, nothing possible, or no plan: the sentence, and the way on as the main button.
void no_next_card(Frame& f, Rect r, const TodayView& now) {
  const auto& tr = f.words.tr;
  const float k = unit(f);
  Rect in = visit_card(f, r, 36);
  const Rect row = in.cut_bottom(std::max(128 * k, f.touch_least()));
  in.cut_bottom(20 * k);
  const bool done = all_done(now), plan = !now.items.empty();
  const unsigned code = done ? icon::check_circle : plan ? icon::info : icon::visit;
  const ImU32 c = done ? f.colour.target : f.colour.accent;
  const V2 at{in.centre().x, in.y + in.h * .30f};
  const float radius = std::min(120 * k, in.h * .26f);
  f.dl->AddCircleFilled(at, radius, mix(f.colour.card_bottom, c, .20f), 64);
  draw_icon(f, at, radius * 1.2f, c, code);
  const std::string title = done   ? tr("All done for today")
                            : plan ? tr("Nothing more is possible right now")
                                   : tr("There is no plan for you yet");
  const std::string line = done   ? tr("See what you did, and sign out.")
                           : plan ? tr("Staff can help, or choose something else.")
                                  : tr("Your physio writes it. Until then, choose from the library.");
  const Rect words{in.x, at.y + radius + 30 * k, in.w, in.bottom() - at.y - radius - 30 * k};
  two_lines(f, words, {Weight::medium, 60 * k, f.colour.text, Align::centre, Upright::middle, 2, 36 * k}, title,
            {Weight::regular, 38 * k, f.colour.text2, Align::centre, Upright::middle, 2, 28 * k}, line);
  if (plan) {
    if (big_button(f, "visit_end", tr("See the summary"), "", icon::next, row, f.colour.target, 52)) f.tap(taps::StopForToday());
  } else if (big_button(f, "to_library", tr("Open the library"), "", icon::apps, row, f.colour.target, 52)) {
    f.tap(taps::SomethingElse());
  }
}

// ---- the list

void row_state(Frame& f, Rect r, const TodayItem& item, bool next) {
  const float k = unit(f);
  const V2 c{r.right() - 26 * k, r.centre().y};
  switch (item.state) {
    case TodayItem::State::done:
      return draw_icon(f, c, 60 * k, f.colour.target, icon::check_circle);
    case TodayItem::State::not_done:
      return draw_icon(f, c, 56 * k, f.colour.text2, icon::not_done);
    case TodayItem::State::not_possible:
      return draw_icon(f, c, 48 * k, f.colour.text2, icon::lock);
    case TodayItem::State::open:
      break;
  }
  if (item.minutes > 0)
    text_in(f, r,
            {next ? Weight::medium : Weight::regular, 34 * k, next ? f.colour.accent : f.colour.text2, Align::right,
             Upright::middle, 1, 28 * k},
            minutes_text(f, item.minutes));
}

void today_row(Frame& f, Rect r, const TodayItem& item, bool next) {
  const float k = unit(f);
  const bool open = item.state == TodayItem::State::open;
  const Press press = press_area(f, "item_" + item.id, f.say(item.name), r, open && !next);
  if (press.tapped) f.tap(taps::MakeNext{item.id});
  const Rect at = press.held ? r.inset(4 * k) : r;
  f.dl->AddRectFilled(at.top_left(), at.bottom_right(),
                      next         ? mix(f.colour.card_bottom, f.colour.accent, .18f)
                      : press.held ? f.colour.track_light
                                   : f.colour.track,
                      20 * k);
  if (next) outline(f.dl, at, 20 * k, f.colour.accent, 3 * k);
  Rect in = at.inset(20 * k, 0);
  const bool usable = item.state != TodayItem::State::not_possible;
  small_figure(f, {in.x, in.y + 6 * k, 124 * k, in.h - 12 * k}, item.figure, false, usable ? 1 : .45f, f.colour.track);
  in.cut_left(144 * k);
  const Rect state = in.cut_right(130 * k);
  in.cut_right(16 * k);
  row_state(f, state, item, next);
  const std::string second = item.why.empty() ? dose_line(f, item.dose) : f.say(item.why);
  text_in(f, {in.x, in.y + 8 * k, in.w, in.h * .46f},
          {Weight::medium, 38 * k, usable ? f.colour.text : f.colour.text2, Align::left, Upright::middle, 1, 30 * k},
          f.say(item.name));
  text_in(f, {in.x, in.y + in.h * .54f, in.w, in.h * .36f},
          {Weight::regular, 32 * k, f.colour.text2, Align::left, Upright::middle, 1, 28 * k}, second);
}

void today_list(Frame& f, Rect r, const TodayView& now) {
  const float k = unit(f);
  const bool tall = upright(f);
  Rect in = tall ? r : visit_card(f, r, 22);
  if (now.items.empty()) {
    if (tall) in = visit_card(f, r, 24);
    return empty_message(f, in, icon::visit, f.words.tr("Here stands what your plan has for today."));
  }
  const float row_h = std::max((tall ? 93 : 100) * k, f.touch_least()), step = row_h + 11 * k;
  const float all = static_cast<float>(now.items.size()) * step - 11 * k;
  const bool scrolls = all > in.h + 1;
  if (scrolls && f.now_us == f.touch.screen_since_us && now.next > 0)  // the next one is in view when the screen comes up
    f.scroll.offset = std::clamp((static_cast<float>(now.next) - 1) * step, 0.f, all - in.h);
  begin_scroll(f, in, all);
  for (std::size_t i = 0; i < now.items.size(); ++i) {
    const Rect row{in.x, in.y + static_cast<float>(i) * step - f.scroll.offset, in.w - (scrolls ? 30 * k : 0), row_h};
    if (row.bottom() > in.y && row.y < in.bottom()) today_row(f, row, now.items[i], static_cast<int>(i) == now.next);
  }
  end_scroll(f, in, all);
}

// ---- the week

std::string day_name(const Frame& f, int day) {
  const auto& tr = f.words.tr;
  switch (day) {
    case 0:
      return tr.in("weekday", "Mo");
    case 1:
      return tr.in("weekday", "Tu");
    case 2:
      return tr.in("weekday", "We");
    case 3:
      return tr.in("weekday", "Th");
    case 4:
      return tr.in("weekday", "Fr");
    case 5:
      return tr.in("weekday", "Sa");
    default:
      return tr.in("weekday", "Su");
  }
}

void day_dot(Frame& f, V2 c, float radius, VisitDay day) {
  const float k = unit(f);
  switch (day) {
    case VisitDay::done:
      f.dl->AddCircleFilled(c, radius, f.colour.target, 48);
      return draw_icon(f, c, radius * 1.35f, ink_on(f.colour.target), icon::check);
    case VisitDay::today:
      f.dl->AddCircle(c, radius - 2 * k, f.colour.accent, 48, 5 * k);
      return f.dl->AddCircleFilled(c, radius * .32f, f.colour.accent, 32);
    case VisitDay::planned:
      return dashed_circle(f.dl, c, radius - 2 * k, f.colour.text2, 3 * k);
    case VisitDay::none:
      return f.dl->AddCircleFilled(c, radius, f.colour.track, 48);
  }
}

void week_card(Frame& f, Rect r, const TodayView& now) {
  const float k = unit(f);
  Rect in = visit_card(f, r, 0).inset(34 * k, 14 * k);
  Rect line = in.cut_top(36 * k);
  const std::string left = now.minutes_left > 0 ? fill_in(f.words.tr("{0} min left"), {std::to_string(now.minutes_left)}) : "";
  const std::string first = now.waits_for_physio ? f.words.tr("Your physio opens the next phase") : f.words.tr("This week");
  text_in(f, {line.x, line.y, line.w * .66f, line.h},
          {Weight::regular, 32 * k, f.colour.text2, Align::left, Upright::middle, 1, 28 * k}, first);
  text_in(f, {line.x + line.w * .68f, line.y, line.w * .32f, line.h},
          {Weight::regular, 32 * k, f.colour.text2, Align::right, Upright::middle, 1, 28 * k}, left);
  const float step = in.w / 7, radius = 32 * k;
  for (int day = 0; day < 7; ++day) {
    const VisitDay state = now.days[static_cast<std::size_t>(day)];
    const float x = in.x + (static_cast<float>(day) + .5f) * step;
    day_dot(f, {x, in.y + 10 * k + radius}, radius, state);
    const bool today = state == VisitDay::today;
    text_in(f, {x - step / 2 + 6 * k, in.bottom() - 32 * k, step - 12 * k, 32 * k},
            {today ? Weight::medium : Weight::regular, 30 * k, today ? f.colour.accent : f.colour.text2, Align::centre,
             Upright::middle, 1, 28 * k},
            day_name(f, day));
  }
}

void main_card(Frame& f, Rect r, const TodayView& now) {
  if (now.next >= 0 && static_cast<std::size_t>(now.next) < now.items.size())
    next_card(f, r, now.items[static_cast<std::size_t>(now.next)]);
  else
    no_next_card(f, r, now);
}

void today_landscape(Frame& f, const VisitLayout& at, const TodayView& now) {
  Rect content = at.content, bottom = at.bottom;
  main_card(f, content.cut_left(820), now);
  content.cut_left(28);
  today_list(f, content, now);
  week_card(f, bottom.cut_left(820), now);
  bottom.cut_left(28);
  const float gap = 16, w = (bottom.w - gap) * .54f;
  if (plain_button(f, "something_else", f.words.tr("Something else"), icon::apps, bottom.cut_left(w), 36))
    f.tap(taps::SomethingElse());
  bottom.cut_left(gap);
  if (plain_button(f, "stop_for_today", f.words.tr("Stop for today"), icon::walk, bottom, 36)) f.tap(taps::StopForToday());
}

void today_upright(Frame& f, const VisitLayout& at, const TodayView& now) {
  const float k = at.k, gap = 24 * k;
  Rect content = at.content, bottom = at.bottom;
  main_card(f, content.cut_top(620 * k), now);
  content.cut_top(gap);
  week_card(f, content.cut_top(172 * k), now);
  content.cut_top(gap);
  today_list(f, content, now);
  const float w = (bottom.w - 2 * 14 * k) / 3;
  if (plain_button(f, "something_else", f.words.tr("Something else"), icon::apps, bottom.cut_left(w), 34))
    f.tap(taps::SomethingElse());
  bottom.cut_left(14 * k);
  if (plain_button(f, "stop_for_today", f.words.tr("Stop for today"), icon::walk, bottom.cut_left(w), 34))
    f.tap(taps::StopForToday());
  bottom.cut_left(14 * k);
  if (plain_button(f, "sign_out", f.words.tr.in("client", "Sign out"), icon::leave, bottom, 34)) f.tap(taps::SignOut());
}

}  // namespace

void screen_today(Frame& f) {
  const TodayView& now = *f.s.today;
  HeaderButton leave{"sign_out", f.words.tr.in("client", "Sign out"), icon::leave};
  if (visit_header(f, icon::visit, greeting(f), week_line(f, now), upright(f) ? HeaderButton{} : leave)) f.tap(taps::SignOut());
  const VisitLayout at = visit_layout(f, true);
  visit_pain_stop(f, at.stop);
  if (at.upright)
    today_upright(f, at, now);
  else
    today_landscape(f, at, now);
}

}  // namespace patella::ui
