// What was done: outcome, numbers, the whole trace with its holes, each repetition and why one did not count,
// and whether all of it is saved.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/icons.hpp"
#include "ui/parts.hpp"
#include "ui/screens.hpp"
#include "ui/shapes.hpp"

namespace patella::ui {
namespace {

using session::RepSummary;
using session::Summary;

struct Outcome {
  std::string words;
  unsigned icon;
  ImU32 c;
  std::string below{};  ///< a second, smaller line
};

bool pain_rose(const Summary& m) { return m.pain_before >= 0 && m.pain_after > m.pain_before; }

/// "Pain 6, Left knee, front"; "" when it was not answered.
std::string stop_words(const Frame& f) {
  const Summary& m = *f.s.summary;
  std::string words = m.pain_at_stop < 0 ? "" : fill_in(f.words.pain_of_ten, {std::to_string(m.pain_at_stop)});
  if (!m.pain_place.empty()) words += (words.empty() ? "" : ", ") + f.say(translatable(m.pain_place));
  return words;
}

/// Of the pain first when there is more of it than before: neither praised nor blamed.
Outcome outcome_of(const Frame& f) {
  const Summary& m = *f.s.summary;
  const std::string& o = m.outcome;
  if (o == "stopped_for_pain") return {f.words.stopped_for_pain, icon::hand, f.colour.high, stop_words(f)};
  if (pain_rose(m))
    return {fill_in(f.words.pain_rose, {std::to_string(m.pain_before), std::to_string(m.pain_after)}), icon::info,
            f.colour.accent,
            o == "completed"     ? f.words.all_done
            : o == "interrupted" ? f.words.interrupted
                                 : f.words.stopped_early};
  if (o == "completed") return {f.words.completed, icon::check, f.colour.target};
  if (o == "interrupted") return {f.words.interrupted, icon::history, f.colour.high};
  if (o == "left") return {f.words.left_early, icon::flag, f.colour.low};
  return {f.words.stopped_early, icon::flag, f.colour.low};
}

void outcome_badge(Frame& f, Rect badge, const Outcome& outcome) {
  fill(f.dl, badge, 28, mix(f.colour.card_top, outcome.c, .30f), mix(f.colour.card_bottom, outcome.c, .22f));
  outline(f.dl, badge, 28, fade(outcome.c, .8f), 2.5f);
  draw_icon(f, {badge.x + 76, badge.centre().y}, 84, outcome.c, outcome.icon);
  Rect words{badge.x + 140, badge.y + 16, badge.w - 160, badge.h - 32};
  if (!outcome.below.empty())
    text_in(f, words.cut_bottom(42), {Weight::regular, 34, f.colour.text, Align::left, Upright::middle, 1, 28}, outcome.below);
  text_in(f, words, {Weight::medium, 62.f, f.colour.text, Align::left, Upright::middle, 2, 36}, outcome.words);
}

struct Tile {
  std::string label, value, unit;
};

void stat_tile(Frame& f, Rect r, const Tile& t) {
  card(f, r, 24);
  const Rect in = r.inset(22, 20);
  text_in(f, {in.x, in.y, in.w, 34}, {Weight::regular, 32, f.colour.text2}, t.label);
  const float unit = t.unit.empty() ? 0 : std::min(text_width(f, Weight::regular, 34, t.unit) + 14, in.w * .5f);
  const float w = figures(f, {in.x, in.bottom() - 30}, 68, f.colour.text, t.value, Align::left, in.w - unit);
  if (unit > 0) text_in(f, {in.x + w + 12, in.bottom() - 38, in.w - w - 12, 40}, {Weight::regular, 34, f.colour.text2}, t.unit);
}

std::string out_of_ten(int value) { return value < 0 ? "\xE2\x80\x93\xE2\x80\x93" : std::to_string(value); }

void stats(Frame& f, Rect r) {
  const Summary& m = *f.s.summary;
  std::vector<Tile> tiles;
  const auto pain = [&] {
    tiles.push_back({f.words.pain_before, out_of_ten(m.pain_before), ""});
    if (!m.exercised && m.pain_at_stop >= 0) tiles.push_back({f.words.pain_at_stop, out_of_ten(m.pain_at_stop), ""});
    if (m.exercised) tiles.push_back({f.words.pain_after, out_of_ten(m.pain_after), ""});
  };
  if (pain_rose(m) || m.pain_at_stop >= 0) pain();
  if (m.exercised) tiles.push_back({f.words.duration, clock_text(m.duration_s), ""});
  if (m.sets_done > 0)
    tiles.push_back({f.words.sets, std::to_string(m.sets_done),
                     m.sets_planned >= m.sets_done ? fill_in(f.words.of, {"", std::to_string(m.sets_planned)}) : ""});
  const int reps = m.reps_counted + m.reps_not_counted;
  if (reps > 0)
    tiles.push_back({f.words.counted, std::to_string(m.reps_counted), fill_in(f.words.of, {"", std::to_string(reps)})});
  if (!pain_rose(m) && m.pain_at_stop < 0) pain();
  if (m.exercised) tiles.push_back({f.words.effort_short, out_of_ten(m.effort), m.effort < 0 ? "" : f.words.of_ten});
  const float gap = 18, n = static_cast<float>(tiles.size()), w = (r.w - gap * (n - 1)) / n;
  for (std::size_t i = 0; i < tiles.size(); ++i) stat_tile(f, {r.x + static_cast<float>(i) * (w + gap), r.y, w, r.h}, tiles[i]);
}

void trace_card(Frame& f, Rect r) {
  const Summary& m = *f.s.summary;
  card(f, r);
  Rect in = r.inset(36, 24);
  const Rect title = in.cut_top(44);
  if (!m.exercised || m.trace.size() < 2) {
    text_in(f, {in.x, title.y, in.w, in.bottom() - title.y},
            {Weight::regular, 40, f.colour.text2, Align::centre, Upright::middle, 2},
            m.exercised ? f.words.no_trace : f.words.not_begun);
    return;
  }
  const std::string unit = m.trace_unit.empty() ? "" : " (" + f.words.tr.word("unit", m.trace_unit) + ")";
  text_in(f, title, {Weight::medium, 38, f.colour.text}, f.say(m.trace_label) + unit + " \xE2\x80\x93 " + f.words.whole_session);
  Trace t;
  t.points = m.trace;
  t.gaps = m.gaps;
  t.t0_s = static_cast<double>(m.trace.front().t_s);
  t.t1_s = std::max(static_cast<double>(m.trace.back().t_s), t.t0_s + 1);
  t.band_low = m.target_low;
  t.band_high = m.target_high;
  t.min = 0;
  t.max = 1;
  for (const auto& p : m.trace) {
    if (!std::isfinite(p.value)) continue;
    t.min = std::min(t.min, static_cast<double>(p.value));
    t.max = std::max(t.max, static_cast<double>(p.value));
  }
  if (std::isfinite(m.target_high)) t.max = std::max(t.max, m.target_high);
  t.max += (t.max - t.min) * .08;
  t.line = 3;
  draw_trace(f, in, t);
}

/// Why some did not count: what the module declares for its client. What it does not declare stands as it is called in the log.
std::string why_words(const Frame& f, const RepSummary& rep) {
  if (!rep.reason_text.empty()) return f.say(rep.reason_text);
  if (rep.reason.empty()) return f.words.why_unknown;
  std::string words = rep.reason;  // "knee_not_straight"
  std::replace(words.begin(), words.end(), '_', ' ');
  if (words[0] >= 'a' && words[0] <= 'z') words[0] = static_cast<char>(words[0] - 'a' + 'A');
  return words;
}

struct Missed {
  RepSummary first;  // of those with its reason
  int count = 0;
};

/// Each reason once, the most frequent first.
std::vector<Missed> missed_by_reason(const std::vector<RepSummary>& reps) {
  std::vector<Missed> all;
  for (const RepSummary& rep : reps) {
    if (rep.counted) continue;
    const auto known = std::find_if(all.begin(), all.end(), [&](const Missed& m) { return m.first.reason == rep.reason; });
    if (known != all.end())
      ++known->count;
    else
      all.push_back({rep, 1});
  }
  std::stable_sort(all.begin(), all.end(), [](const Missed& a, const Missed& b) { return a.count > b.count; });
  return all;
}

constexpr float kReasonRow = 46, kMinReasonRow = 37;

/// All of them, in as many columns as are given; a list that still has no room is dragged.
void missed_list(Frame& f, Rect r, const std::vector<Missed>& missed, int columns) {
  text_in(f, r.cut_top(44), {Weight::medium, 36, f.colour.high}, f.words.not_counted);
  const int rows = (static_cast<int>(missed.size()) + columns - 1) / columns;
  const float row_h = std::clamp(r.h / std::max(1.f, static_cast<float>(rows)), kMinReasonRow, kReasonRow);
  const float all = row_h * static_cast<float>(rows), w = (r.w - 24) / static_cast<float>(columns);
  begin_scroll(f, r, all);
  for (int i = 0; i < static_cast<int>(missed.size()); ++i) {
    const Rect row{r.x + w * static_cast<float>(i / rows), r.y + row_h * static_cast<float>(i % rows) - f.scroll.offset, w - 12,
                   row_h};
    if (row.bottom() < r.y || row.y > r.bottom()) continue;
    const Missed& one = missed[static_cast<std::size_t>(i)];
    text_in(f, row, {Weight::regular, 32, f.colour.text, Align::left, Upright::middle, 1, 28},
            fill_in(f.words.times, {std::to_string(one.count), why_words(f, one.first)}));
  }
  end_scroll(f, r, all);
}

constexpr float kSetGap = 28;  ///< between the names of two sets

std::string set_words(const Frame& f, int set) { return f.words.set + " " + std::to_string(set); }

/// How far bar stands from bar: the names of two sets keep apart where there is the room for it.
float bar_pitch(const Frame& f, const std::vector<RepSummary>& reps, float width) {
  const float most = width / static_cast<float>(reps.size());
  float pitch = 64;
  for (std::size_t from = 0, to = 0; from < reps.size(); from = to) {
    while (to < reps.size() && reps[to].set == reps[from].set) ++to;
    const float words = text_width(f, Weight::regular, 28, set_words(f, reps[from].set)) + kSetGap;
    pitch = std::max(pitch, words / static_cast<float>(to - from));
  }
  return std::min(pitch, most);
}

/// Its name, or its number alone where that has no room, below the first of its bars.
void name_set(Frame& f, Rect r, int set) {
  const std::string words = set_words(f, set), number = std::to_string(set);
  const bool whole = text_width(f, Weight::regular, 28, words) + kSetGap <= r.w;
  if (whole || text_width(f, Weight::regular, 28, number) + kSetGap / 2 <= r.w)
    text_in(f, r, {Weight::regular, 28, f.colour.text2}, whole ? words : number);
}

/// One bar a repetition, as high as its peak; those that did not count are hollow with a cross.
void rep_bars(Frame& f, Rect r) {
  const auto& reps = f.s.summary->reps;
  if (reps.empty() || r.h < 90) return;
  double most = 1e-6;
  for (const auto& rep : reps) most = std::max(most, std::isfinite(rep.peak) ? rep.peak : 0);
  const float foot = 40;
  const float pitch = bar_pitch(f, reps, r.w), w = std::max(3.f, std::min(64.f, pitch) * .66f);
  const float base = r.bottom() - foot, high = r.h - foot;
  int set = 0;
  for (std::size_t i = 0; i < reps.size(); ++i) {
    const RepSummary& rep = reps[i];
    const float x = r.x + pitch * static_cast<float>(i) + (pitch - w) / 2;
    if (rep.set != set) {
      set = rep.set;
      const float before = x - std::min(pitch - w, kSetGap) / 2;
      if (i > 0) f.dl->AddLine({before, r.y}, {before, r.bottom()}, f.colour.edge, 2.5f);
      const auto of_set = std::count_if(reps.begin(), reps.end(), [&](const RepSummary& one) { return one.set == set; });
      name_set(f, {x, base + 10, pitch * static_cast<float>(of_set), 30}, set);
    }
    const double peak = std::isfinite(rep.peak) ? std::max(0.0, rep.peak) : 0;
    const float h = std::max(12.f, high * static_cast<float>(peak / most));
    const Rect bar{x, base - h, w, h};
    const float round = std::min(8.f, w / 2);
    if (rep.counted) {
      fill(f.dl, bar, round, f.colour.target, mix(f.colour.target, f.colour.target_deep, .4f));
    } else {
      f.dl->AddRectFilled(bar.top_left(), bar.bottom_right(), mix(f.colour.card_bottom, f.colour.high, .18f), round);
      outline(f.dl, bar, round, f.colour.high, std::min(3.f, w / 3));
      if (w >= 9)
        draw_icon(f, {bar.centre().x, std::max(r.y + 8, bar.y - 18)}, std::min(34.f, w + 12), f.colour.high, icon::close);
    }
    if (!rep.saved && w >= 8) f.dl->AddCircleFilled({bar.centre().x, base + 4}, 4, f.colour.text2, 12);
  }
}

void reps_card(Frame& f, Rect r, const std::vector<Missed>& missed) {
  card(f, r);
  Rect in = r.inset(36, 22);
  if (kMinReasonRow * static_cast<float>(missed.size()) > in.h - 44) return missed_list(f, in, missed, 2);  // words before bars
  if (!missed.empty()) {
    missed_list(f, in.cut_right(std::min(900.f, in.w * .62f)), missed, 1);
    in.cut_right(36);
  }
  text_in(f, in.cut_top(44), {Weight::medium, 36, f.colour.text}, f.words.repetitions);
  in.cut_top(34);
  rep_bars(f, in);
}

void metrics_card(Frame& f, Rect r) {
  card(f, r);
  Rect in = r.inset(32, 22);
  text_in(f, in.cut_top(46), {Weight::medium, 38, f.colour.text}, f.words.measured);
  in.cut_top(8);
  const auto& all = f.s.summary->metrics;
  const float h = std::clamp(in.h / static_cast<float>(std::max<std::size_t>(1, all.size())), 62.f, 110.f);
  const auto room = static_cast<std::size_t>(in.h / h);
  for (std::size_t i = 0; i < std::min(all.size(), room); ++i) {
    const Rect row = in.cut_top(h);
    if (i > 0) f.dl->AddLine({row.x, row.y}, {row.right(), row.y}, f.colour.edge, 2.5f);
    const std::string unit_words = f.words.tr.word("unit", all[i].unit);
    const float unit = std::max(40.f, text_width(f, Weight::regular, 34, unit_words) + 10);
    const std::string number = number_text(f.words.tr, all[i].value, all[i].decimals);
    const float x = row.right() - unit;
    const float w = figures(f, {x - 8, row.centre().y}, 48, f.colour.text, number, Align::right, row.w * .4f);
    text_in(f, {x, row.centre().y - 17, unit, 40}, {Weight::regular, 34, f.colour.text2}, unit_words);
    text_in(f, {row.x, row.y + 4, x - w - 28 - row.x, row.h - 8},
            {Weight::regular, 34, f.colour.text, Align::left, Upright::middle, 2}, f.say(all[i].label));
  }
}

}  // namespace

void screen_summary(Frame& f) {
  const Summary& m = *f.s.summary;
  const Outcome outcome = outcome_of(f);
  const float y = staff_strip(f, header(f, icon::for_station(f.s.station->icon), f.say(f.s.station->title),
                                        f.say(f.s.session->client_label), false)) +
                  4;
  Rect area{size::margin, y, f.w - 2 * size::margin, f.h - 32 - 120 - size::gutter - y};
  Rect top = area.cut_top(148);
  outcome_badge(f, top.cut_left(std::min(520.f, top.w * .27f)), outcome);
  top.cut_left(20);
  stats(f, top);

  area.cut_top(22);
  if (!m.metrics.empty() && m.exercised) {
    metrics_card(f, area.cut_right(std::max(480.f, area.w * .29f)));
    area.cut_right(22);
  }
  if (!m.reps.empty() && m.exercised) {
    const std::vector<Missed> missed = missed_by_reason(m.reps);
    const float wanted = 44 + 44 + kReasonRow * static_cast<float>(missed.size());
    reps_card(f, area.cut_bottom(std::clamp(wanted, area.h * .42f, area.h * .53f)), missed);
    area.cut_bottom(22);
  }
  trace_card(f, area);

  const Rect done{f.w - size::margin - 480, f.h - 32 - 120, 480, 120};
  if (button(f, "done", f.words.done, icon::check, done, ButtonLook::primary)) f.tap(taps::Next());
  const Rect saved{size::margin, done.y + 20, done.x - size::margin - 60, 80};
  if (m.stored)
    state_pill(f, saved, Align::left, icon::check_circle, f.colour.target, f.words.saved, 40);
  else
    state_pill(f, saved, Align::left, icon::save, f.colour.high, f.words.saving, 40);
}

}  // namespace patella::ui
