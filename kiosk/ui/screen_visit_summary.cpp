// What was done in this visit, what was not and why, this visit beside the last ones. Numbers and bars from zero; nothing here judges:
// no arrow, no percent, no colour of good and bad. The text of it all to take along, as a code.
#include <fmt/format.h>

#include "ui/icons.hpp"
#include "ui/parts.hpp"
#include "ui/qr_code.hpp"
#include "ui/screens.hpp"
#include "ui/shapes.hpp"
#include "ui/visit_parts.hpp"

namespace patella::ui {
namespace {

using session::VisitComparison;
using session::VisitExercise;
using session::VisitSummaryView;

void card_title(Frame& f, Rect r, const std::string& words) {
  const float k = unit(f);
  text_in(f, r, {Weight::medium, 44 * k, f.colour.text, Align::left, Upright::middle, 1, 32 * k}, words);
}

// ---- what was done

void exercise_row(Frame& f, Rect r, const VisitExercise& one, bool last) {
  const float k = unit(f);
  if (!last) f.dl->AddLine({r.x, r.bottom()}, {r.right(), r.bottom()}, f.colour.edge, 2 * k);
  small_figure(f, {r.x, r.y + 6 * k, 124 * k, r.h - 12 * k}, one.figure, false);
  const float x = r.x + 144 * k, w = r.right() - 76 * k - x;
  text_in(f, {x, r.y + 8 * k, w, r.h * .44f}, {Weight::medium, 36 * k, f.colour.text, Align::left, Upright::middle, 1, 28 * k},
          f.say(one.name));
  text_in(f, {x, r.y + r.h * .54f, w, r.h * .36f},
          {Weight::regular, 32 * k, f.colour.text2, Align::left, Upright::middle, 1, 28 * k}, f.say(one.what));
  draw_icon(f, {r.right() - 34 * k, r.centre().y}, 52 * k, one.done ? f.colour.target : f.colour.text2,
            one.done ? icon::check_circle : icon::not_done);
}

/// Stopped for pain: where, and what staff were told, above the rows.
void stopped_strip(Frame& f, Rect r, const VisitSummaryView& now) {
  const float k = unit(f);
  f.dl->AddRectFilled(r.top_left(), r.bottom_right(), mix(f.colour.card_bottom, f.colour.high, .16f), 20 * k);
  draw_icon(f, {r.x + 46 * k, r.centre().y}, 52 * k, f.colour.high, icon::hand);
  const std::string what = f.words.set_stopped + (now.pain_place.empty() ? "" : ": " + f.say(translatable(now.pain_place)));
  const Rect words{r.x + 92 * k, r.y + 8 * k, r.w - 112 * k, r.h - 16 * k};
  two_lines(f, words, {Weight::medium, 36 * k, f.colour.text, Align::left, Upright::middle, 1, 28 * k}, what,
            {Weight::regular, 32 * k, f.colour.text, Align::left, Upright::middle, 1, 28 * k}, f.say(now.told_staff));
}

void done_card(Frame& f, Rect r, const VisitSummaryView& now) {
  const float k = unit(f), row_h = 96 * k;
  Rect in = visit_card(f, r, 26);
  card_title(f, in.cut_top(52 * k), f.words.tr("Done today"));
  in.cut_top(10 * k);
  if (now.stopped_for_pain) {
    stopped_strip(f, in.cut_top(112 * k), now);
    in.cut_top(14 * k);
  }
  if (now.exercises.empty()) return empty_message(f, in, icon::visit_done, f.words.tr("No exercise was begun."));
  const float all = static_cast<float>(now.exercises.size()) * row_h;
  const bool scrolls = all > in.h + 1;
  begin_scroll(f, in, all);
  for (std::size_t i = 0; i < now.exercises.size(); ++i) {
    const Rect row{in.x, in.y + static_cast<float>(i) * row_h - f.scroll.offset, in.w - (scrolls ? 30 * k : 0), row_h};
    if (row.bottom() > in.y && row.y < in.bottom()) exercise_row(f, row, now.exercises[i], i + 1 == now.exercises.size());
  }
  end_scroll(f, in, all);
}

// ---- beside the last visits

void visit_chart(Frame& f, Rect r, const VisitComparison& one) {
  const float k = unit(f);
  const std::string unit_word = one.unit.empty() ? "" : f.words.tr.word("unit", one.unit);
  const float title_h = (upright(f) ? 68 : 36) * k;
  text_in(f, r.cut_top(title_h),
          {Weight::medium, 32 * k, f.colour.text, Align::left, Upright::bottom, upright(f) ? 2 : 1, 28 * k}, f.say(one.exercise));
  text_in(f, {r.x, r.y + 4 * k, r.w, 34 * k}, {Weight::regular, 30 * k, f.colour.text2, Align::left, Upright::middle, 1, 28 * k},
          f.say(one.measure) + (unit_word.empty() ? "" : ", " + unit_word));
  if (one.values.empty()) return;
  constexpr std::size_t kMax = 4;
  const std::size_t from = one.values.size() > kMax ? one.values.size() - kMax : 0, n = one.values.size() - from;
  double most = 0;
  for (std::size_t i = from; i < one.values.size(); ++i) most = std::max(most, one.values[i]);
  Rect plot{r.x, r.y + 46 * k, r.w, r.h - 46 * k};
  const Rect days = plot.cut_bottom(38 * k);
  plot.cut_top(40 * k);  // the value above the highest bar
  const float gap = 14 * k, w = std::min(84 * k, (plot.w - gap * (kMax - 1)) / kMax);
  for (std::size_t i = 0; i < n; ++i) {
    const double value = one.values[from + i];
    const bool today = i + 1 == n;
    const float part = most > 0 && std::isfinite(value) ? static_cast<float>(std::max(0.0, value) / most) : 0;
    const float h = std::max(3 * k, plot.h * part), x = plot.x + static_cast<float>(i) * (w + gap);
    const Rect bar{x, plot.bottom() - h, w, h};
    f.dl->AddRectFilled(bar.top_left(), bar.bottom_right(), today ? f.colour.accent : f.colour.track_light,
                        std::min(10 * k, h / 2));
    text_in(f, {x - gap / 2 + 5 * k, bar.y - 40 * k, w + gap - 10 * k, 36 * k},
            {today ? Weight::medium : Weight::regular, 32 * k, today ? f.colour.text : f.colour.text2, Align::centre,
             Upright::middle, 1, 28 * k},
            number_text(f.words.tr, value, one.decimals));
    const std::string day = today ? f.words.now : from + i < one.when.size() ? f.say(one.when[from + i]) : "";
    text_in(f, {x - gap / 2 + 5 * k, days.y + 4 * k, w + gap - 10 * k, days.h - 4 * k},
            {today ? Weight::medium : Weight::regular, 28 * k, today ? f.colour.text : f.colour.text2, Align::centre,
             Upright::middle, 1, 28 * k},
            day);
  }
}

void comparison_card(Frame& f, Rect r, const VisitSummaryView& now) {
  const float k = unit(f);
  Rect in = visit_card(f, r, 26);
  card_title(f, in.cut_top(52 * k), f.words.tr("Beside your last visits"));
  in.cut_top(14 * k);
  if (now.comparisons.empty()) {
    return empty_message(f, in, icon::history, f.words.tr("Next time you see both visits here."));
  }
  const int n = static_cast<int>(std::min<std::size_t>(now.comparisons.size(), 4)), columns = upright(f) ? n : std::min(n, 2);
  const int rows = (n + columns - 1) / columns;
  const float gap = 28 * k, w = (in.w - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  const float h = std::min(340 * k, (in.h - gap * static_cast<float>(rows - 1)) / static_cast<float>(rows));
  for (int i = 0; i < n; ++i)
    visit_chart(f, {in.x + static_cast<float>(i % columns) * (w + gap), in.y + static_cast<float>(i / columns) * (h + gap), w, h},
                now.comparisons[static_cast<std::size_t>(i)]);
}

// ---- pain and effort, code

std::string score(int value) { return value < 0 ? "\xE2\x80\x93" : std::to_string(value); }

void pain_card(Frame& f, Rect r, const VisitSummaryView& now) {
  const float k = unit(f);
  Rect in = visit_card(f, r, 24);
  const Rect effort = in.cut_bottom(56 * k);
  f.dl->AddLine({in.x, effort.y - 6 * k}, {in.right(), effort.y - 6 * k}, f.colour.edge, 2 * k);
  text_in(f, {effort.x, effort.y, effort.w * .66f, effort.h},
          {Weight::regular, 34 * k, f.colour.text2, Align::left, Upright::middle, 1, 28 * k}, f.words.effort_short);
  figures(f, {effort.right(), effort.centre().y}, 46 * k, f.colour.text, score(now.effort), Align::right);
  const float half = in.w / 2 - 12 * k;
  const Rect before{in.x, in.y, half, in.h - 12 * k}, after{in.right() - half, in.y, half, in.h - 12 * k};
  const auto one = [&](Rect box, const std::string& label, int value) {
    text_in(f, {box.x, box.y, box.w, 80 * k}, {Weight::regular, 32 * k, f.colour.text2, Align::left, Upright::middle, 2, 28 * k},
            label);
    figures(f, {box.x, box.y + 86 * k + (box.h - 86 * k) / 2}, std::min(84 * k, box.h * .5f), f.colour.text, score(value),
            Align::left);
  };
  one(before, f.words.pain_before, now.pain_before);
  one(after, f.words.pain_after, now.pain_after);
}

void code_to_take(Frame& f, Rect r, const VisitSummaryView& now) {
  const float k = unit(f);
  Rect in = visit_card(f, r, 20);
  const bool beside = in.w > in.h * 1.4f;
  const float side = beside ? in.h : std::min(in.w, in.h - 84 * k);
  const Rect code{beside ? in.x : in.centre().x - side / 2, in.y, side, side};
  const bool there = draw_qr_code(f, code, now.qr_text);
  const Rect words = beside ? Rect{code.right() + 20 * k, in.y, in.right() - code.right() - 20 * k, in.h}
                            : Rect{in.x, code.bottom() + 8 * k, in.w, in.bottom() - code.bottom() - 8 * k};
  if (there) {
    text_in(
        f, words,
        {Weight::regular, 32 * k, f.colour.text, beside ? Align::left : Align::centre, Upright::middle, beside ? 4 : 2, 28 * k},
        f.words.tr("Scan it to take this along."));
    return;
  }
  text_in(f, in, {Weight::regular, 34 * k, f.colour.text2, Align::centre, Upright::middle, 4, 28 * k},
          f.words.tr("There is no code for this visit."));
}

// ---- the bottom row

void next_visit_card(Frame& f, Rect r, const VisitSummaryView& now) {
  const float k = unit(f);
  Rect in = visit_card(f, r, 20);
  draw_icon(f, {in.x + 48 * k, in.centre().y}, 72 * k, f.colour.accent, icon::calendar);
  in.cut_left(108 * k);
  const std::string day = f.say(now.next_visit);
  if (day.empty()) {
    text_in(f, in, {Weight::regular, 36 * k, f.colour.text2, Align::left, Upright::middle, 2, 28 * k},
            f.words.tr("Your plan names no next day."));
    return;
  }
  two_lines(f, in, {Weight::regular, 34 * k, f.colour.text2, Align::left, Upright::middle, 1, 28 * k},
            f.words.tr("Next in your plan"), {Weight::medium, 46 * k, f.colour.text, Align::left, Upright::middle, 2, 30 * k},
            day);
}

void sign_out_button(Frame& f, Rect r, const VisitSummaryView& now) {
  std::string second;
  if (!now.stored) {
    second = f.words.saving;
  } else if (now.sign_out_at_us != 0) {
    const int64_t left = seconds_until(f, now.sign_out_at_us);
    second = fill_in(f.words.tr("by itself in {0}"), {fmt::format("{}:{:02}", left / 60, left % 60)});
  }
  if (big_button(f, "sign_out", f.words.tr.in("client", "Sign out"), second, 0, r, f.colour.accent, 44, now.stored))
    f.tap(taps::SignOut());
}

void summary_landscape(Frame& f, const VisitLayout& at, const VisitSummaryView& now) {
  Rect content = at.content, bottom = at.bottom;
  done_card(f, content.cut_left(760), now);
  content.cut_left(28);
  comparison_card(f, content.cut_left(724), now);
  content.cut_left(28);
  pain_card(f, content.cut_top(306), now);
  content.cut_top(28);
  code_to_take(f, content, now);

  const bool counting = now.sign_out_at_us != 0;
  sign_out_button(f, bottom.cut_right(298), now);
  bottom.cut_right(28);
  if (plain_button(f, "back", f.words.tr("Back to today"), icon::back, bottom.cut_right(270), 36)) f.tap(taps::BackToToday());
  bottom.cut_right(28);
  if (counting) {
    if (plain_button(f, "more_time", f.words.tr("More time"), icon::timer, bottom.cut_right(220), 36)) f.tap(taps::MoreTime());
    bottom.cut_right(16);
  }
  next_visit_card(f, bottom, now);
}

void summary_upright(Frame& f, const VisitLayout& at, const VisitSummaryView& now) {
  const float k = at.k, gap = 24 * k;
  Rect content = at.content, bottom = at.bottom;
  next_visit_card(f, content.cut_bottom(146 * k), now);
  content.cut_bottom(gap);
  Rect pair = content.cut_bottom(264 * k);
  content.cut_bottom(gap);
  code_to_take(f, pair.cut_right((pair.w - gap) * .56f), now);
  pair.cut_right(gap);
  pain_card(f, pair, now);
  comparison_card(f, content.cut_bottom(440 * k), now);
  content.cut_bottom(gap);
  done_card(f, content, now);

  const bool counting = now.sign_out_at_us != 0;
  const float w = (bottom.w - (counting ? 2 : 1) * 14 * k) / (counting ? 3 : 2);
  if (plain_button(f, "back", f.words.tr("Back to today"), icon::back, bottom.cut_left(w), 34)) f.tap(taps::BackToToday());
  bottom.cut_left(14 * k);
  if (counting) {
    if (plain_button(f, "more_time", f.words.tr("More time"), icon::timer, bottom.cut_left(w), 34)) f.tap(taps::MoreTime());
    bottom.cut_left(14 * k);
  }
  sign_out_button(f, bottom, now);
}

}  // namespace

void screen_visit_summary(Frame& f) {
  const VisitSummaryView& now = *f.s.visit_summary;
  visit_header(f, icon::visit_done, f.words.tr("Your visit today"), f.say(f.s.visit_label));
  const VisitLayout at = visit_layout(f, true, 146);
  visit_pain_stop(f, at.stop);
  if (at.upright)
    summary_upright(f, at, now);
  else
    summary_landscape(f, at, now);
}

}  // namespace patella::ui
