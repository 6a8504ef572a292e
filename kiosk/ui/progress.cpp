// Where in the exercise one is: set, repetitions with what became of each, phases.
#include <fmt/format.h>

#include <cmath>

#include "ui/icons.hpp"
#include "ui/parts.hpp"
#include "ui/shapes.hpp"

namespace patella::ui {
namespace {

void set_block(Frame& f, Rect r) {
  const patella_view& v = f.s.view;
  text_in(f, {r.x, r.y + 14, r.w, 36}, {Weight::regular, size::caption, f.colour.text2}, f.words.set);
  const std::string number = std::to_string(v.set_index);
  const float w = figures(f, {r.x, r.y + r.h * .66f}, 76, f.colour.text, number, Align::left);
  if (v.set_count <= 0) return;
  const std::string all = fill_in(f.words.of, {"", std::to_string(v.set_count)});
  text_in(f, {r.x + w + 14, r.y + r.h * .66f - 16, r.w - w - 14, 54}, {Weight::regular, size::strong, f.colour.text2}, all);
}

void rep_mark(Frame& f, V2 c, float r, int n, unsigned mark) {
  const bool number = r >= 24;
  const std::string words = std::to_string(n);
  const float px = std::clamp(r * .95f, 28.f, 36.f);
  switch (mark) {
    case PATELLA_MARK_COUNTED:
      f.dl->AddCircleFilled(c, r, f.colour.target, 40);
      draw_icon(f, c, r * 1.3f, f.colour.go_ink, icon::check);
      return;
    case PATELLA_MARK_NOT_COUNTED:
      f.dl->AddCircleFilled(c, r, mix(f.colour.card_bottom, f.colour.high, .16f), 40);
      f.dl->AddCircle(c, r - 2.5f, f.colour.high, 40, 4);
      draw_icon(f, c, r * 1.15f, f.colour.high, icon::close);
      return;
    case PATELLA_MARK_CURRENT:
      f.dl->AddCircleFilled(c, r, fade(f.colour.accent, .30f), 40);
      f.dl->AddCircle(c, r - 2.5f, f.colour.accent, 40, 6);
      if (number) figures(f, c, px, f.colour.text, words, Align::centre);
      return;
    default:
      f.dl->AddCircle(c, r - 2.5f, f.colour.outline, 40, 4);
      if (number) figures(f, c, px, f.colour.text2, words, Align::centre);
  }
}

void rep_marks(Frame& f, Rect r) {
  const patella_view& v = f.s.view;
  const int count = std::min(static_cast<int>(v.rep_mark_count), PATELLA_VIEW_REP_MARKS);
  if (count <= 0) return;
  const int rows = count > 36 ? 3 : count > 14 ? 2 : 1;
  const int columns = (count + rows - 1) / rows;
  const float pitch = std::min(r.w / static_cast<float>(columns), 108.f), row_h = r.h / static_cast<float>(rows);
  const float radius = std::min({38.f, pitch * .43f, row_h * .44f});
  for (int i = 0; i < count; ++i) {
    const V2 c{r.x + pitch * (static_cast<float>(i % columns) + .5f), r.y + row_h * (static_cast<float>(i / columns) + .5f)};
    rep_mark(f, c, radius, i + 1, v.rep_marks[i]);
  }
}

void rep_block(Frame& f, Rect r) {
  const patella_view& v = f.s.view;
  Rect top = r.cut_top(52);
  if (v.rep_index >= 0) {
    const std::string count = fmt::format("{}", v.rep_index);
    const std::string all = v.rep_count > 0 ? fill_in(f.words.of, {count, std::to_string(v.rep_count)}) : count;
    const Rect used = text_in(f, top.cut_right(300), {Weight::medium, size::strong, f.colour.text, Align::right}, all);
    top.w = used.x - top.x - 24;
  }
  text_in(f, top, {Weight::regular, size::caption, f.colour.text2}, f.words.repetitions);
  rep_marks(f, r);
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
  Rect in = r.inset(36, 26);
  if (f.s.unsaved_reps > 0) {
    const std::string words = fill_in(f.words.unsaved, {std::to_string(f.s.unsaved_reps)});
    const Rect mark = state_pill(f, {in.right() - 260, in.y - 4, 260, 48}, Align::right, icon::save, f.colour.text2, words, 30);
    in.w = mark.x - 24 - in.x;
  }
  if (v.set_index > 0) {
    set_block(f, in.cut_left(210));
    f.dl->AddLine({in.x + 6, in.y + 8}, {in.x + 6, in.bottom() - 8}, f.colour.edge, 3);
    in.cut_left(40);
  }
  if (v.rep_index >= 0 || v.rep_mark_count > 0) return rep_block(f, in);
  if (v.segment_count > 0) return phase_bar(f, in);
  const std::string next = view_text(f, v.next_label), title = view_text(f, v.title);
  text_in(f, in, {Weight::medium, size::strong, f.colour.text, Align::left, Upright::middle, 2}, next.empty() ? title : next);
}

}  // namespace patella::ui
