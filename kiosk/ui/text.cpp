#include "ui/text.hpp"

#include <array>
#include <cmath>

#include "base/utf8.hpp"
#include "ui/compat.hpp"

namespace patella::ui {
namespace {

constexpr std::string_view kEllipsis = "\xE2\x80\xA6";
constexpr std::size_t kMaxLines = 8;

/// What stands in when the face has no such glyph: ImGui's own face knows little more than ASCII.
unsigned stand_in(unsigned cp) {
  if ((cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212) return '-';
  if (cp == 0x2026) return '.';
  if (cp == 0x2018 || cp == 0x2019) return '\'';
  if (cp >= 0x201C && cp <= 0x201E) return '"';
  if (cp == 0x2264) return '<';
  if (cp == 0x2265) return '>';
  if (cp == 0xB7 || cp == 0x2022) return '-';
  return '?';
}

compat::Glyph find_glyph(const Face& face, unsigned cp, float px) {
  auto g = compat::glyph(face.font, cp, px);
  return g.there ? g : compat::glyph(face.font, stand_in(cp), px);
}

float digit_cell(const Face& face, float px) {
  float widest = 0;
  for (unsigned c = '0'; c <= '9'; ++c) widest = std::max(widest, compat::glyph(face.font, c, px).advance);
  return widest;
}

float run_width(const Face& face, float px, std::string_view s, bool tabular) {
  const float cell = tabular ? digit_cell(face, px) : 0;
  float w = 0;
  for (std::size_t i = 0; i < s.size();) {
    const unsigned cp = next_code_point(s, i);
    w += tabular && cp >= '0' && cp <= '9' ? cell : find_glyph(face, cp, px).advance;
  }
  return w;
}

/// Own run of quads rather than ImDrawList::AddText: that one rounds to virtual pixels, this one to those of
/// the screen.
void draw_run(Frame& f, const Face& face, float px, V2 at, ImU32 c, std::string_view s, bool tabular) {
  const auto snap = [scale = f.fonts.scale](float v) { return std::round(v * scale) / scale; };
  const float cell = tabular ? digit_cell(face, px) : 0, top = snap(at.y - face.cap_mid * px);
  const int room = static_cast<int>(s.size());
  f.dl->PrimReserve(room * 6, room * 4);
  int drawn = 0;
  float x = at.x;
  for (std::size_t i = 0; i < s.size();) {
    const unsigned cp = next_code_point(s, i);
    const auto g = find_glyph(face, cp, px);
    const bool digit = tabular && cp >= '0' && cp <= '9';
    const float lift = tabular && cp == ':' ? -.045f * px : 0;  // a colon between figures sits at their middle
    if (g.visible) {
      const float left = snap(x + (digit ? (cell - g.advance) / 2 : 0));
      f.dl->PrimRectUV({left + g.x0, top + g.y0 + lift}, {left + g.x1, top + g.y1 + lift}, {g.u0, g.v0}, {g.u1, g.v1}, c);
      ++drawn;
    }
    x += digit ? cell : g.advance;
  }
  f.dl->PrimUnreserve((room - drawn) * 6, (room - drawn) * 4);
}

struct Lines {
  std::array<std::string_view, kMaxLines> line;
  std::size_t count = 0;
  bool whole = true;      // nothing is left over
  bool words_fit = true;  // no word had to be broken
};

std::size_t next_break(std::string_view s, std::size_t from) {
  for (std::size_t i = from; i < s.size(); ++i) {
    if (s[i] == ' ') return i;
    if ((s[i] == '-' || s[i] == '/') && i > from && i + 1 < s.size()) return i + 1;
  }
  return s.size();
}

std::size_t fitting_prefix(const Face& face, float px, std::string_view s, float width) {
  float w = 0;
  for (std::size_t i = 0; i < s.size();) {
    const std::size_t start = i;
    w += find_glyph(face, next_code_point(s, i), px).advance;
    if (w > width) return start;
  }
  return s.size();
}

Lines wrap(const Face& face, float px, std::string_view s, float width, std::size_t max_lines) {
  Lines out;
  max_lines = std::min(max_lines, kMaxLines);
  std::size_t start = 0;
  while (start < s.size() && out.count < max_lines) {
    while (start < s.size() && s[start] == ' ') ++start;
    std::size_t end = start, at = start;
    while (at < s.size()) {
      const std::size_t stop = next_break(s, at == start ? at : at + (s[at] == ' ' ? 1 : 0));
      if (run_width(face, px, s.substr(start, stop - start), false) > width) break;
      end = at = stop;
    }
    if (end == start) {  // one word is wider than the line
      out.words_fit = false;
      end = start + std::max<std::size_t>(1, fitting_prefix(face, px, s.substr(start), width));
      while (end < s.size() && continues_character(s[end])) ++end;
    }
    out.line[out.count++] = s.substr(start, end - start);
    start = end;
  }
  while (start < s.size() && s[start] == ' ') ++start;
  out.whole = start >= s.size();
  return out;
}

struct Fitted {
  Lines lines;
  const Face* face = nullptr;
  float px = 0;
  std::string last;  // the last line with an ellipsis, when something is left over
};

/// The same number of lines, of nearly the same width: no single word is left on the last one.
void balance(Fitted& fitted, std::string_view s, float width) {
  float least = width / 2, most = width;
  for (int i = 0; i < 5; ++i) {
    const float middle = (least + most) / 2;
    const Lines lines = wrap(*fitted.face, fitted.px, s, middle, fitted.lines.count);
    if (lines.whole && lines.words_fit) {
      fitted.lines = lines;
      most = middle;
    } else {
      least = middle;
    }
  }
}

Fitted fit(const Frame& f, Rect box, const TextStyle& style, std::string_view s) {
  Fitted out;
  const auto rows = [&](float px) {
    const int by_height = 1 + static_cast<int>((box.h - px * kCap + .5f) / (px * kLine));
    return static_cast<std::size_t>(std::clamp(by_height, 1, std::max(1, style.max_lines)));
  };
  for (out.px = style.px;; out.px = std::max(style.min_px, out.px * .95f)) {
    out.face = &f.fonts.pick(style.weight, out.px);
    out.lines = wrap(*out.face, out.px, s, box.w, rows(out.px));
    if ((out.lines.whole && out.lines.words_fit) || out.px <= style.min_px) break;
  }
  if (out.lines.whole && out.lines.count > 1) balance(out, s, box.w);
  if (out.lines.whole || out.lines.count == 0) return out;
  const std::string_view last = out.lines.line[out.lines.count - 1];
  const std::string_view rest = s.substr(static_cast<std::size_t>(last.data() - s.data()));
  const float room = box.w - run_width(*out.face, out.px, kEllipsis, false);
  std::string_view kept = rest.substr(0, fitting_prefix(*out.face, out.px, rest, room));
  while (!kept.empty() && (kept.back() == ' ' || kept.back() == ',')) kept.remove_suffix(1);
  out.last = std::string(kept) + std::string(kEllipsis);
  return out;
}

Rect place(const Fitted& fitted, Rect box, const TextStyle& style) {
  float w = 0;
  for (std::size_t i = 0; i < fitted.lines.count; ++i) {
    const bool last = i + 1 == fitted.lines.count && !fitted.last.empty();
    w = std::max(w, run_width(*fitted.face, fitted.px, last ? std::string_view(fitted.last) : fitted.lines.line[i], false));
  }
  const float n = static_cast<float>(std::max<std::size_t>(fitted.lines.count, 1));
  const float h = fitted.px * (kCap + (n - 1) * kLine);
  const float x = style.align == Align::left ? box.x : style.align == Align::right ? box.right() - w : box.x + (box.w - w) / 2;
  const float y = style.upright == Upright::top      ? box.y
                  : style.upright == Upright::bottom ? box.bottom() - h
                                                     : box.y + (box.h - h) / 2;
  return {x, y, w, h};
}

void note(Frame& f, std::string words, Rect r, float px) {
  if (f.clip.holds(r)) f.shown.texts.push_back({std::move(words), {r.x, r.y, r.w, r.h}, px, f.reading});
}

float line_x(float w, Rect box, Align align) {
  return align == Align::left ? box.x : align == Align::right ? box.right() - w : box.x + (box.w - w) / 2;
}

}  // namespace

float text_width(const Frame& f, Weight weight, float px, std::string_view s) {
  return run_width(f.fonts.pick(weight, px), px, s, weight == Weight::figures);
}

Rect measure_in(const Frame& f, Rect box, const TextStyle& style, std::string_view s) {
  return place(fit(f, box, style, s), box, style);
}

Rect text_in(Frame& f, Rect box, const TextStyle& style, std::string_view s) {
  if (s.empty()) return {box.x, box.y, 0, 0};
  const Fitted fitted = fit(f, box, style, s);
  const Rect used = place(fitted, box, style);
  std::string shown;
  for (std::size_t i = 0; i < fitted.lines.count; ++i) {
    const bool last = i + 1 == fitted.lines.count && !fitted.last.empty();
    const std::string_view line = last ? std::string_view(fitted.last) : fitted.lines.line[i];
    const float w = run_width(*fitted.face, fitted.px, line, false);
    const float y = used.y + fitted.px * (kCap / 2 + static_cast<float>(i) * kLine);
    draw_run(f, *fitted.face, fitted.px, {line_x(w, box, style.align), y}, style.colour ? style.colour : f.colour.text, line,
             false);
    const bool mid_word =
        i > 0 && fitted.lines.line[i - 1].data() + fitted.lines.line[i - 1].size() == fitted.lines.line[i].data();
    if (i > 0 && !mid_word) shown += ' ';
    shown += line;
  }
  note(f, std::move(shown), {used.x, used.y, used.w, used.h + fitted.px * .16f}, fitted.px);
  return used;
}

float figures_width(const Frame& f, float px, std::string_view s) {
  return run_width(f.fonts.pick(Weight::figures, px), px, s, true);
}

float figures(Frame& f, V2 at, float px, ImU32 c, std::string_view s, Align align, float max_w) {
  float w = figures_width(f, px, s);
  if (max_w > 0 && w > max_w) {
    px = std::max(size::floor, px * max_w / w);
    w = figures_width(f, px, s);
  }
  const float x = align == Align::left ? at.x : align == Align::right ? at.x - w : at.x - w / 2;
  draw_run(f, f.fonts.pick(Weight::figures, px), px, {x, at.y}, c, s, true);
  note(f, std::string(s), {x, at.y - px * kCap / 2, w, px * kCap}, px);
  return w;
}

void draw_icon(Frame& f, V2 centre, float px, ImU32 c, unsigned code) {
  if (f.fonts.icons.empty()) return;
  const Face* face = &f.fonts.icons.back();
  for (const Face& candidate : f.fonts.icons)
    if (candidate.px >= px * f.fonts.scale * .97f) {
      face = &candidate;
      break;
    }
  const auto g = compat::glyph(face->font, code, px);
  if (!g.visible) return;
  const auto snap = [scale = f.fonts.scale](float v) { return std::round(v * scale) / scale; };
  const V2 a{snap(centre.x - (g.x1 - g.x0) / 2), snap(centre.y - (g.y1 - g.y0) / 2)};
  f.dl->PrimReserve(6, 4);
  f.dl->PrimRectUV(a, {a.x + g.x1 - g.x0, a.y + g.y1 - g.y0}, {g.u0, g.v0}, {g.u1, g.v1}, c);
}

}  // namespace patella::ui
