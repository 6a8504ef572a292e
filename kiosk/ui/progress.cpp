// Where in the exercise one is: set, repetitions with what became of each, phases.
#include <fmt/format.h>

#include <cmath>

#include "ui/icons.hpp"
#include "ui/parts.hpp"
#include "ui/shapes.hpp"

namespace patella::ui {
namespace {

/// A count that is read at 3 m: the number, beside it "of 10" and what is counted.
void count_block(Frame& f, Rect r, int n, int all, std::string_view what) {
  const ReadAt far(f, Reading::needed);
  const float px = std::min(size::count, r.h * .9f);
  const float w = figures(f, {r.x, r.centre().y}, px, f.colour.text, std::to_string(n), Align::left) + 22;
  Rect words{r.x + w, r.y, r.w - w, r.h};
  const TextStyle style{Weight::regular, size::needed, f.colour.text2, Align::left, Upright::middle, 1, 40};
  if (all <= 0) {
    text_in(f, words, style, what);
    return;
  }
  TextStyle above = style;
  above.colour = f.colour.text;
  text_in(f, words.cut_top(words.h / 2), above, fill_in(f.words.of_all, {std::to_string(all)}));
  text_in(f, words, style, what);
}

void counts(Frame& f, Rect r) {
  const patella_view& v = f.s.view;
  const bool sets = v.set_index > 0, reps = v.rep_index >= 0;
  if (sets && !reps) return count_block(f, r.cut_left(std::min(r.w, 460.f)), v.set_index, v.set_count, f.words.sets_short);
  if (!sets) return count_block(f, r, v.rep_index, v.rep_count, f.words.repetitions_short);
  const Rect left = r.cut_left(r.w * .6f);
  count_block(f, left, v.rep_index, v.rep_count, f.words.repetitions_short);
  f.dl->AddLine({r.x + 8, r.y + 8}, {r.x + 8, r.bottom() - 8}, f.colour.edge, 3);
  r.cut_left(36);
  count_block(f, r, v.set_index, v.set_count, f.words.sets_short);
}

struct Segments {
  int first = 0, last = 0;  // those shown; the current one is among them
  double total_s = 0;
};

/// As many pieces round the current one as can carry a label.
Segments shown_segments(const patella_view& v, int most) {
  const int count = std::min(static_cast<int>(v.segment_count), PATELLA_VIEW_SEGMENTS);
  Segments out{0, count, 0};
  if (count > most) {
    out.first = std::clamp(v.segment_index - 1, 0, count - most);
    out.last = out.first + most;
  }
  for (int i = out.first; i < out.last; ++i) out.total_s += std::max(1.0, v.segments[i].duration_s);
  return out;
}

std::string length_text(const Frame& f, double seconds) {
  if (seconds >= 60 && std::fmod(seconds, 60) < .5) return f.say(Message("{0}", Quantity{seconds / 60, 0, "min"}));
  return seconds >= 60 ? clock_text(seconds) : f.say(Message("{0}", Quantity{seconds, 0, "s"}));
}

void one_segment(Frame& f, Rect q, const patella_segment& s, bool current, bool past) {
  const float part = s.duration_s > 0 ? static_cast<float>(std::clamp(s.done_s / s.duration_s, 0.0, 1.0)) : 0;
  if (current) {
    f.dl->AddRectFilled(q.top_left(), q.bottom_right(), mix(f.colour.card_bottom, f.colour.accent, .30f), 20);
    f.dl->PushClipRect(q.top_left(), {q.x + q.w * part, q.bottom()}, true);
    fill(f.dl, q, 20, rgb(0x3C87EA), f.colour.accent_deep);
    f.dl->PopClipRect();
    outline(f.dl, q.inset(-5), 24, f.colour.text, 3);
  } else {
    const ImU32 c = past ? mix(f.colour.card_bottom, f.colour.accent, .30f) : f.colour.track;
    fill(f.dl, q, 20, mix(c, f.colour.white, .03f), c);
  }
  const Rect words = q.inset(18, 8);
  if (words.w < 60) return;
  const std::string label = view_text(f, s.label);
  text_in(f, {words.x, words.y + 6, words.w, 34},
          {current ? Weight::medium : Weight::regular, 34, current ? f.colour.white : f.colour.text2}, label);
  if (past)
    draw_icon(f, {words.x + 16, words.bottom() - 18}, 36, f.colour.target, icon::check);
  else
    text_in(f, {words.x, words.bottom() - 36, words.w, 34}, {Weight::regular, 30, current ? rgb(0xDCE9FB) : f.colour.text2},
            length_text(f, s.duration_s));
}

void phase_bar(Frame& f, Rect r) {
  const patella_view& v = f.s.view;
  double done = 0, all = 0;
  for (int i = 0; i < std::min(static_cast<int>(v.segment_count), PATELLA_VIEW_SEGMENTS); ++i) {
    done += v.segments[i].done_s;
    all += v.segments[i].duration_s;
  }
  Rect top = r.cut_top(44);
  const Rect used = text_in(f, top.cut_right(r.w * .45f), {Weight::regular, size::caption, f.colour.text2, Align::right},
                            fill_in(f.words.of, {clock_text(done), clock_text(all)}));
  text_in(f, {top.x, top.y, used.x - top.x - 24, top.h}, {Weight::medium, size::body, f.colour.text}, f.words.plan_title);
  r.cut_top(8);
  constexpr float kGap = 14;
  const Segments segments = shown_segments(v, std::max(1, static_cast<int>(r.w / 170)));
  const int count = segments.last - segments.first;
  const float least = 130, room = r.w - kGap * static_cast<float>(count - 1) - least * static_cast<float>(count);
  float x = r.x;
  for (int i = segments.first; i < segments.last; ++i) {
    const float share = static_cast<float>(std::max(1.0, v.segments[i].duration_s) / segments.total_s);
    const Rect q{x, r.y, least + std::max(0.f, room) * share, std::min(r.h - 6, 96.f)};
    one_segment(f, q, v.segments[i], i == v.segment_index, i < v.segment_index);
    x += q.w + kGap;
  }
}

}  // namespace

void progress_card(Frame& f, Rect r) {
  const patella_view& v = f.s.view;
  card(f, r);
  Rect in = r.inset(36, 22);
  if (f.s.unsaved_reps > 0) {  // on the edge of the card: it takes nothing from the counts
    const std::string words = fill_in(f.words.unsaved, {std::to_string(f.s.unsaved_reps)});
    state_pill(f, {r.right() - 300, r.y - 24, 276, 48}, Align::right, icon::save, f.colour.text2, words, 30);
  }
  if (v.rep_index >= 0 || (v.set_index > 0 && v.segment_count == 0)) {
    const bool only_sets = v.rep_index < 0;
    const std::string next = only_sets ? view_text(f, v.next_label) : std::string();
    if (only_sets && !next.empty()) {
      counts(f, in.cut_left(in.w * .42f));
      f.dl->AddLine({in.x + 8, in.y + 8}, {in.x + 8, in.bottom() - 8}, f.colour.edge, 3);
      in.cut_left(36);
      const ReadAt far(f, Reading::needed);
      text_in(f, in, {Weight::regular, size::needed, f.colour.text2, Align::left, Upright::middle, 2, 40}, next);
      return;
    }
    return counts(f, in);
  }
  if (v.segment_count > 0) {
    if (v.set_index > 0) {
      count_block(f, in.cut_left(280), v.set_index, v.set_count, f.words.sets_short);
      in.cut_left(24);
    }
    return phase_bar(f, in);
  }
  const ReadAt far(f, Reading::needed);
  const std::string next = view_text(f, v.next_label), title = view_text(f, v.title);
  text_in(f, in, {Weight::medium, size::needed, f.colour.text, Align::left, Upright::middle, 2, 40}, next.empty() ? title : next);
}

}  // namespace patella::ui
