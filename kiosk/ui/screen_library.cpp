// All exercises, by group. A tap on one starts it; one that needs a physio's go-ahead is shown as such, and a tap says what to do.
#include "ui/icons.hpp"
#include "ui/screens.hpp"
#include "ui/shapes.hpp"
#include "ui/visit_parts.hpp"

namespace patella::ui {
namespace {

using session::LibraryCard;
using session::LibraryView;

void group_tabs(Frame& f, Rect r, const LibraryView& now, int columns) {
  const int n = static_cast<int>(now.tabs.size());
  const float k = unit(f), gap = 12 * k;
  const float w = (r.w - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  const float h = std::max(92 * k, f.touch_least());
  for (int i = 0; i < n; ++i) {
    const session::LibraryTab& tab = now.tabs[static_cast<std::size_t>(i)];
    const Rect box{r.x + static_cast<float>(i % columns) * (w + gap), r.y + static_cast<float>(i / columns) * (h + gap), w, h};
    if (!choice_button(f, "group_" + tab.id, f.say(tab.name), box, tab.id == now.group)) continue;
    f.tap(taps::OpenGroup{tab.id});
    f.scroll = {};
  }
}

/// Of one that cannot be started: its edge is dashed, and a line says why.
void locked_line(Frame& f, Rect r, const LibraryCard& one) {
  const float k = unit(f);
  draw_icon(f, {r.x + 16 * k, r.centre().y}, 34 * k, f.colour.high, one.needs_go_ahead ? icon::lock : icon::info);
  const std::string why = one.needs_go_ahead ? f.words.tr("Needs a physio's go-ahead") : f.say(one.why_not);
  text_in(f, {r.x + 42 * k, r.y, r.w - 42 * k, r.h},
          {Weight::regular, 30 * k, f.colour.high, Align::left, Upright::middle, 1, 28 * k},
          why.empty() ? f.words.not_available : why);
}

void library_card(Frame& f, Rect r, const LibraryCard& one, bool explained) {
  const float k = unit(f);
  const Press press = press_area(f, "exercise_" + one.exercise, f.say(one.name), r);
  if (press.tapped) f.tap(taps::TouchCard{one.exercise});
  const Rect at = press.held ? r.inset(4 * k) : r;
  if (one.can_start) {
    card(f, at, size::radius * k);
    if (press.held) outline(f.dl, at, size::radius * k, f.colour.accent, 3 * k);
  } else {
    f.dl->AddRectFilled(at.top_left(), at.bottom_right(), mix(f.colour.background, f.colour.card_bottom, .6f), size::radius * k);
    if (explained)
      outline(f.dl, at, size::radius * k, f.colour.high, 3 * k);
    else
      dashed_outline(f.dl, at, size::radius * k, f.colour.outline, 2 * k);
  }
  Rect in = at.inset(26 * k, 18 * k);
  const Rect line = in.cut_bottom(42 * k);
  const Rect name = in.cut_bottom(52 * k);
  in.cut_bottom(6 * k);
  small_figure(f, in, one.figure, false, one.can_start ? 1 : .45f, mix(f.colour.background, f.colour.card_bottom, .6f));
  if (one.in_plan)
    chip(f, {at.x + 16 * k, at.y + 16 * k, at.w * .7f, 52 * k}, Align::left, icon::bookmark, f.colour.accent,
         f.words.tr("In plan"));
  text_in(f, name,
          {Weight::medium, 38 * k, one.can_start ? f.colour.text : f.colour.text2, Align::left, Upright::middle, 1, 28 * k},
          f.say(one.name));
  if (!one.can_start) return locked_line(f, line, one);
  text_in(f, line, {Weight::regular, 32 * k, f.colour.text2, Align::left, Upright::middle, 1, 28 * k}, dose_line(f, one.dose));
}

void library_cards(Frame& f, Rect area, const LibraryView& now) {
  if (now.cards.empty()) {
    visit_card(f, area);
    return empty_message(f, area, icon::apps, f.words.tr("There is no exercise in this group here. Choose another group."));
  }
  const float k = unit(f), gap = (upright(f) ? 24 : 28) * k, card_h = (upright(f) ? 272 : 278) * k;
  const int columns = upright(f) ? 2 : 4, n = static_cast<int>(now.cards.size()), rows = (n + columns - 1) / columns;
  const float all = static_cast<float>(rows) * (card_h + gap) - gap;
  const Rect view{area.x - 20, area.y, area.w + 40, area.h};  // room for shadows, and for the bar
  const float w = (area.w - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  begin_scroll(f, view, all);
  for (int i = 0; i < n; ++i) {
    const Rect r{area.x + static_cast<float>(i % columns) * (w + gap),
                 area.y + static_cast<float>(i / columns) * (card_h + gap) - f.scroll.offset, w, card_h};
    const LibraryCard& one = now.cards[static_cast<std::size_t>(i)];
    if (r.bottom() > area.y && r.y < area.bottom()) library_card(f, r, one, one.exercise == now.explained);
  }
  end_scroll(f, view, all);
}

const LibraryCard* explained_card(const LibraryView& now) {
  if (now.explained.empty()) return nullptr;
  for (const LibraryCard& one : now.cards)
    if (one.exercise == now.explained) return &one;
  return nullptr;
}

/// What a tap does, or why the one that was touched cannot be started, said large.
void explanation(Frame& f, Rect r, const LibraryView& now) {
  const float k = unit(f);
  const LibraryCard* one = explained_card(now);
  if (!one) {
    Rect in = visit_card(f, r, 24);
    draw_icon(f, {in.x + 44 * k, in.centre().y}, 56 * k, f.colour.accent, icon::info);
    text_in(f, {in.x + 104 * k, in.y, in.w - 116 * k, in.h},
            {Weight::regular, 38 * k, f.colour.text2, Align::left, Upright::middle, 2, 28 * k},
            now.guest ? f.words.tr("Tap an exercise to start it. Without a name nothing is kept for you.")
                      : f.words.tr("Tap an exercise to start it. Your plan stays as it is."));
    return;
  }
  f.dl->AddRectFilled(r.top_left(), r.bottom_right(), mix(f.colour.background, f.colour.high, .16f), size::radius * k);
  Rect in = r.inset(24 * k, 14 * k);
  draw_icon(f, {in.x + 44 * k, in.centre().y}, 72 * k, f.colour.high, one->needs_go_ahead ? icon::lock : icon::info);
  in.cut_left(112 * k);
  const std::string why = one->why_not.empty() ? f.words.tr("Ask your physio for this one.") : f.say(one->why_not);
  two_lines(f, in, {Weight::regular, 34 * k, f.colour.text, Align::left, Upright::middle, 1, 28 * k}, f.say(one->name),
            {Weight::medium, 46 * k, f.colour.text, Align::left, Upright::middle, 2, 30 * k}, why);
}

}  // namespace

void screen_library(Frame& f) {
  const LibraryView& now = *f.s.library;
  const auto& tr = f.words.tr;
  const std::string who = f.say(f.s.visit_label);
  visit_header(f, icon::apps, tr("Library"), (who.empty() ? "" : who + " \xC2\xB7 ") + tr("choose one exercise"));
  const VisitLayout at = visit_layout(f, true, 146);
  const float k = at.k, gap = (at.upright ? 24 : 28) * k;
  visit_pain_stop(f, at.stop);
  Rect bottom = at.bottom, content = at.content;
  content.cut_top(-4 * k);
  if (plain_button(f, "back", f.words.back, icon::back, bottom.cut_left((at.upright ? 240 : 300) * k), 44)) {
    if (now.guest)
      f.tap(taps::SignOut());
    else
      f.tap(taps::BackToToday());
  }
  bottom.cut_left(gap);
  explanation(f, bottom, now);
  const int n = std::max(1, static_cast<int>(now.tabs.size())), columns = at.upright ? std::min(n, 4) : n;
  const float rows = static_cast<float>((n + columns - 1) / columns);
  group_tabs(f, content.cut_top(rows * (std::max(92 * k, f.touch_least()) + 12 * k) - 12 * k), now, columns);
  content.cut_top(24 * k);
  library_cards(f, content, now);
}

}  // namespace patella::ui
