// A value over time: band, line, holes where nothing was received. The line is thinned to the smallest and
// largest value of each pixel column: Debian's ImDrawIdx has 16 bits, and one line over the limit makes the
// rest of the screen vanish.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "ui/parts.hpp"
#include "ui/shapes.hpp"

namespace patella::ui {
namespace {

constexpr std::size_t kMaxColumns = 3500;  // two points a column, four vertices a point: under 16 bits with the rest

double nice_step(double span, int most_lines) {
  const double raw = span / most_lines, power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double k : {1.0, 2.0, 2.5, 5.0, 10.0})
    if (k * power >= raw) return k * power;
  return 10 * power;
}

struct Axes {
  Rect plot;
  const Trace& trace;
  float x(double t_s) const { return plot.x + plot.w * static_cast<float>((t_s - trace.t0_s) / (trace.t1_s - trace.t0_s)); }
  float y(double value) const {
    const double part = std::clamp((value - trace.min) / (trace.max - trace.min), 0.0, 1.0);
    return plot.bottom() - plot.h * static_cast<float>(part);
  }
};

bool far_from(float y, std::span<const float> taken) {
  return std::all_of(taken.begin(), taken.end(), [y](float t) { return std::fabs(t - y) > 36; });
}

void value_axis(Frame& f, const Axes& axes) {
  const Trace& t = axes.trace;
  std::vector<float> taken;
  const int places = t.max - t.min < 5 ? 1 : 0;
  for (const double edge : {t.band_low, t.band_high}) {
    if (!std::isfinite(edge) || edge < t.min || edge > t.max) continue;
    float y = axes.y(edge);
    if (!taken.empty() && std::fabs(taken[0] - y) < 38) y = taken[0] - 38;  // a narrow band: the upper number moves up
    figures(f, {axes.plot.x - 20, y}, 36, f.colour.target, number_text(f.words.tr, edge, places), Align::right, 96);
    taken.push_back(y);
  }
  const double step = nice_step(t.max - t.min, 4);
  for (double v = std::ceil(t.min / step) * step; v <= t.max + step * 1e-6; v += step) {
    const float y = std::round(axes.y(v));
    const bool room = far_from(y, taken);
    if (!room && v != t.min) continue;
    f.dl->AddLine({axes.plot.x, y}, {axes.plot.right(), y}, fade(f.colour.edge, .9f), 2);
    if (room)
      figures(f, {axes.plot.x - 20, y}, 30, f.colour.text3, number_text(f.words.tr, v, step < 1 ? 1 : 0), Align::right, 96);
  }
}

void time_axis(Frame& f, const Axes& axes) {
  const Trace& t = axes.trace;
  const double span = t.t1_s - t.t0_s;
  const double step = span > 90 ? std::max(60.0, std::round(nice_step(span, 5) / 60) * 60) : nice_step(span, t.live ? 3 : 5);
  const float y = axes.plot.bottom() + 36;
  for (double at = 0; at <= span + 1e-6; at += step) {
    const double time = t.live ? t.t1_s - at : t.t0_s + at;
    const std::string words = !t.live ? clock_text(at) : at > 0 ? fmt::format("\xE2\x88\x92{:g} s", at) : f.words.now;
    const float x = axes.x(time), half = text_width(f, Weight::regular, 30, words) / 2;
    const float centre = std::clamp(x, axes.plot.x + half - 30, axes.plot.right() - half);
    text_in(f, {centre - half, y - 16, 2 * half + 1, 32}, {Weight::regular, 30, f.colour.text3}, words);
  }
}

void band(Frame& f, const Axes& axes) {
  const Trace& t = axes.trace;
  const bool low = std::isfinite(t.band_low), high = std::isfinite(t.band_high);
  if (!low && !high) return;
  const float top = axes.y(high ? t.band_high : t.max), bottom = axes.y(low ? t.band_low : t.min);
  f.dl->AddRectFilled({axes.plot.x, top}, {axes.plot.right(), bottom}, fade(f.colour.target, .18f));
  if (high) f.dl->AddLine({axes.plot.x, top}, {axes.plot.right(), top}, f.colour.target, 3.5f);
  if (low) f.dl->AddLine({axes.plot.x, bottom}, {axes.plot.right(), bottom}, f.colour.target, 3.5f);
}

/// The two numbers of the target beside its edges, apart enough to be read.
void limits(Frame& f, const Axes& axes, float w) {
  const Trace& t = axes.trace;
  const ReadAt far(f, Reading::needed);
  const float kApart = size::needed * kCap + 14;
  const bool low = std::isfinite(t.band_low), high = std::isfinite(t.band_high);
  float y_low = low ? axes.y(t.band_low) : 0, y_high = high ? axes.y(t.band_high) : 0;
  if (low && high && y_low - y_high < kApart) {
    const float middle = (y_low + y_high) / 2;
    y_low = middle + kApart / 2;
    y_high = middle - kApart / 2;
  }
  const auto number = [&](double value, float y) {
    figures(f, {axes.plot.right() + 20, y}, size::needed, f.colour.target, number_text(f.words.tr, value, 0), Align::left, w);
  };
  if (low) number(t.band_low, y_low);
  if (high) number(t.band_high, y_high);
}

void holes(Frame& f, const Axes& axes) {
  for (const session::TraceGap& gap : axes.trace.gaps) {
    const float a = std::max(axes.x(static_cast<double>(gap.from_s)), axes.plot.x);
    const float b = std::min(axes.x(static_cast<double>(gap.to_s)), axes.plot.right());
    if (b - a < 1) continue;
    const Rect hole{a, axes.plot.y, b - a, axes.plot.h};
    f.dl->AddRectFilled(hole.top_left(), hole.bottom_right(), fade(f.colour.background, .75f));
    hatch(f.dl, hole, fade(f.colour.outline, .55f), 22);
    const float words = text_width(f, Weight::regular, 30, f.words.no_data);
    if (words + 24 < hole.w)
      text_in(f, {hole.x, hole.y + 8, hole.w, 40}, {Weight::regular, 30, f.colour.text, Align::centre}, f.words.no_data);
  }
}

}  // namespace

void decimate(const Trace& trace, Rect plot, std::size_t columns, std::vector<ImVec2>& out, std::vector<TracePiece>& pieces) {
  columns = std::clamp<std::size_t>(columns, 2, kMaxColumns);
  const Axes axes{plot, trace};
  const double span = trace.t1_s - trace.t0_s;
  out.clear();
  pieces.clear();
  if (!(span > 0) || !(trace.max > trace.min)) return;
  struct Column {
    long long at = -1;
    ImVec2 low, high;
    bool low_first = true;
  } column;
  std::size_t start = 0, gap = 0;
  const auto flush = [&] {
    if (column.at < 0) return;
    out.push_back(column.low_first ? column.low : column.high);
    if (column.low.y != column.high.y) out.push_back(column.low_first ? column.high : column.low);
    column.at = -1;
  };
  const auto end_piece = [&] {
    flush();
    if (out.size() > start) pieces.push_back({start, out.size()});
    start = out.size();
  };
  float last_t = 0;
  bool first = true;
  for (const session::TracePoint& p : trace.points) {
    const double t = static_cast<double>(p.t_s), value = static_cast<double>(p.value) - trace.offset;
    if (t < trace.t0_s || t > trace.t1_s || !std::isfinite(value)) continue;
    while (gap < trace.gaps.size() && trace.gaps[gap].to_s <= (first ? p.t_s : last_t)) ++gap;
    if (!first && gap < trace.gaps.size() && trace.gaps[gap].from_s < p.t_s) end_piece();
    first = false;
    last_t = p.t_s;
    const auto at = static_cast<long long>((t - trace.t0_s) / span * static_cast<double>(columns));
    const ImVec2 point{axes.x(t), axes.y(value)};
    if (at != column.at) {
      flush();
      column = {at, point, point, true};
      continue;
    }
    if (point.y > column.low.y) {
      column.low = point;
      column.low_first = false;
    }  // y grows downwards: low value, large y
    if (point.y < column.high.y) {
      column.high = point;
      column.low_first = true;
    }
  }
  end_piece();
}

void widen(Trace& trace) {
  if (!(trace.max > trace.min)) return;
  double low = trace.min, high = trace.max;
  constexpr std::size_t kBorneOut = 3;
  double last[kBorneOut] = {};
  std::size_t seen = 0;
  for (const session::TracePoint& p : trace.points) {
    const double value = static_cast<double>(p.value) - trace.offset;
    if (!std::isfinite(value)) continue;
    last[seen++ % kBorneOut] = value;
    if (seen < kBorneOut) continue;
    const auto [least, most] = std::minmax_element(std::begin(last), std::end(last));
    high = std::max(high, *least);  // all three are at least so high
    low = std::min(low, *most);
  }
  constexpr int kLines = 4;
  if (high > trace.max) {
    const double step = nice_step(high - low, kLines);
    trace.max = std::ceil(high * 1.02 / step) * step;
  }
  if (low < trace.min) {
    const double step = nice_step(high - low, kLines);
    trace.min = std::floor(low / step) * step;
  }
}

void draw_trace(Frame& f, Rect r, const Trace& trace) {
  if (!(trace.t1_s > trace.t0_s) || !(trace.max > trace.min)) return;
  // Live, only the limits are numbers, and they are read at 3 m.
  constexpr float kLimits = 150;
  const Axes axes{
      trace.live ? Rect{r.x + 24, r.y + 30, r.w - 32 - kLimits, r.h - 92} : Rect{r.x + 120, r.y + 20, r.w - 136, r.h - 82},
      trace};
  if (trace.live)
    limits(f, axes, kLimits - 24);
  else
    value_axis(f, axes);
  band(f, axes);
  std::vector<ImVec2> points;
  std::vector<TracePiece> pieces;
  decimate(trace, axes.plot, static_cast<std::size_t>(axes.plot.w * std::max(1.f, f.fonts.scale)), points, pieces);
  const ImVec2 a{axes.plot.x, axes.plot.y - 8}, b{axes.plot.right() + 8, axes.plot.bottom() + 4};
  f.dl->PushClipRect(a, b, true);
  for (const TracePiece& piece : pieces) {
    const std::span<const ImVec2> line(points.data() + piece.from, piece.to - piece.from);
    area_below(f.dl, line, axes.plot.bottom(), fade(f.colour.accent, .30f), fade(f.colour.accent, .03f));
    if (line.size() == 1)
      f.dl->AddCircleFilled(line[0], 4, f.colour.text, 12);
    else
      f.dl->AddPolyline(line.data(), static_cast<int>(line.size()), f.colour.text, 0, trace.line);
  }
  f.dl->PopClipRect();
  holes(f, axes);
  time_axis(f, axes);
  if (!trace.live || points.empty()) return;
  const ImVec2 last = points.back();
  f.dl->AddCircleFilled(last, 24, fade(trace.dot, .30f), 40);
  f.dl->AddCircleFilled(last, 15, trace.dot, 32);
  f.dl->AddCircleFilled(last, 9, f.colour.white, 32);
}

}  // namespace patella::ui
