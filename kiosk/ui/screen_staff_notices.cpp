// What staff should know and nobody has acknowledged yet: when, where, whose session, what happened.
#include "ui/icons.hpp"
#include "ui/screens.hpp"
#include "ui/shapes.hpp"
#include "ui/widgets.hpp"

namespace patella::ui {
namespace {

using session::NoticesView;
using session::OpenNotice;

constexpr float kLine = 42, kHead = 60, kPad = 22, kButtonW = 380, kButtonH = 118;  // 44 pixels on the smallest panel
constexpr int kMaxLines = 5;  ///< of what happened; a notice says at most one line a question

/// Long lines are broken in two.
float row_height(const OpenNotice& open) {
  const auto lines = static_cast<float>(std::min<std::size_t>(open.lines.size(), kMaxLines));
  return std::max(kButtonH + 2 * kPad, 2 * kPad + kHead + lines * kLine * 1.5f);
}

std::string head_of(const Frame& f, const OpenNotice& open) {
  std::string head = f.say(Message("{0}", Moment{open.notice.utc_us, open.notice.zone_offset_min, Moment::Form::day_and_clock}));
  for (const std::string& part :
       {f.say(open.station_title), open.notice.client == session::kGuest ? f.words.guest : open.notice.client})
    if (!part.empty()) head += " \xC2\xB7 " + part;
  return head;
}

void notice_row(Frame& f, Rect r, const OpenNotice& open) {
  card(f, r, 30);
  Rect in = r.inset(34, kPad);
  const Rect column = in.cut_right(kButtonW);
  in.cut_right(28);
  if (button(f, "acknowledge_" + open.notice.id, f.words.acknowledge, icon::check,
             {column.x, column.centre().y - kButtonH / 2, column.w, kButtonH}, ButtonLook::secondary))
    f.tap(NoticesView::Acknowledge{open.notice.id});
  text_in(f, in.cut_top(kHead), {Weight::medium, 36, f.colour.text2, Align::left, Upright::middle, 1, 28}, head_of(f, open));
  const std::size_t shown = std::min<std::size_t>(open.lines.size(), kMaxLines);
  const float h = shown ? in.h / static_cast<float>(shown) : 0;
  for (std::size_t i = 0; i < shown; ++i)
    text_in(f, in.cut_top(h), {Weight::medium, 34, f.colour.text, Align::left, Upright::middle, 2, 28}, f.say(open.lines[i]));
}

}  // namespace

void draw_screen(Frame& f, const NoticesView&) {
  constexpr float kGap = 16;
  const float y = header(f, icon::staff, f.words.notices, staff_subtitle(f, f.s.staff->member), false) + 8;
  const Rect area{size::margin, y, f.w - 2 * size::margin, f.h - 32 - 120 - size::gutter - y};
  static const std::vector<OpenNotice> kNone;
  const std::vector<OpenNotice>& list = f.s.notices ? *f.s.notices : kNone;
  if (list.empty())
    text_in(f, area, {Weight::medium, size::title, f.colour.text2, Align::centre, Upright::middle, 2}, f.words.no_notices);
  float all = -kGap;
  for (const OpenNotice& open : list) all += row_height(open) + kGap;
  const float w = area.w - (all > area.h ? 36.f : 0.f);
  begin_scroll(f, {area.x - 16, area.y, area.w + 32, area.h}, all);
  float top = area.y - f.scroll.offset;
  for (const OpenNotice& open : list) {
    const Rect row{area.x, top, w, row_height(open)};
    if (row.bottom() > area.y && row.y < area.bottom()) notice_row(f, row, open);
    top = row.bottom() + kGap;
  }
  end_scroll(f, {area.x - 16, area.y, area.w + 32, area.h}, all);
  staff_bar(f, NoticesView::kName);
}

BarButton bar_button(const Frame& f, std::type_identity<NoticesView>) {
  const std::size_t open = f.s.notices ? f.s.notices->size() : 0;
  return {open ? fill_in(f.words.notices_open, {std::to_string(open)}) : f.words.notices, icon::staff};
}

}  // namespace patella::ui
