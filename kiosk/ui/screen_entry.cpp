// Before the exercise: who is training, and how the body is today.
#include "ui/icons.hpp"
#include "ui/screens.hpp"
#include "ui/shapes.hpp"
#include "ui/widgets.hpp"

namespace patella::ui {
namespace {

// ---- who

void initial_badge(Frame& f, V2 c, float r, ImU32 tint) {
  f.dl->AddCircleFilled(c, r, mix(f.colour.card_bottom, tint, .25f), 48);
  draw_icon(f, c, r * 1.25f, tint, icon::person);
}

void guest_tile(Frame& f, Rect r) {
  const Press press = press_area(f, "guest", f.words.guest, r);
  if (press.tapped) f.tap(taps::ChooseGuest());
  const Rect at = press.held ? r.inset(6) : r;
  card(f, at, 36);
  if (press.held) outline(f.dl, at, 36, f.colour.accent, 4);
  const float badge = std::min(120.f, at.h * .2f);
  const V2 c{at.centre().x, at.y + at.h * .38f};
  initial_badge(f, c, badge, f.colour.target);
  text_in(f, {at.x + 36, c.y + badge + 36, at.w - 72, 70},
          {Weight::medium, 68, f.colour.text, Align::centre, Upright::middle, 1, 40}, f.words.guest);
  text_in(f, {at.x + 36, c.y + badge + 126, at.w - 72, 110},
          {Weight::regular, 36, f.colour.text2, Align::centre, Upright::top, 2}, f.words.guest_hint);
}

void name_row(Frame& f, Rect r, const session::ClientEntry& client) {
  const Press press = press_area(f, "client_" + client.ref, client.name, r);
  if (press.tapped) f.tap(taps::ChooseClient{client.ref});
  const bool picked = !f.s.session->client_label.empty() && f.s.session->client_label == session::label_of(client);
  const Rect at = press.held ? r.inset(4) : r;
  fill(f.dl, at, 26, press.held ? f.colour.track : f.colour.track_light, f.colour.track);
  if (picked || press.held) outline(f.dl, at, 26, f.colour.accent, 4);
  initial_badge(f, {at.x + 74, at.centre().y}, 38, f.colour.accent);
  const float x = at.x + 132;
  text_in(f, {x, at.y + 10, at.right() - x - 24, at.h - 62},
          {Weight::medium, 44, f.colour.text, Align::left, Upright::middle, 1, 32}, client.name);
  text_in(f, {x, at.bottom() - 48, at.right() - x - 24, 34}, {Weight::regular, 30, f.colour.text2}, client.ref);
}

void names(Frame& f, Rect r) {
  constexpr float kGap = 20, kRow = 136;
  card(f, r, 36);
  Rect in = r.inset(36, 30);
  const bool many = f.s.clients->size() > 8;
  text_in(f, in.cut_top(48), {Weight::regular, 36, f.colour.text2},
          many ? f.words.names + " \xE2\x80\x93 " + f.words.drag : f.words.names);
  in.cut_top(20);
  const int columns = f.s.clients->size() > 4 ? 2 : 1;
  const int rows = (static_cast<int>(f.s.clients->size()) + columns - 1) / columns;
  const float all = static_cast<float>(rows) * (kRow + kGap) - kGap;
  const bool scrolls = all > in.h;
  const float w = (in.w - (scrolls ? 30.f : 0.f) - kGap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  begin_scroll(f, in, all);
  for (std::size_t i = 0; i < f.s.clients->size(); ++i) {
    const auto column = static_cast<float>(static_cast<int>(i) % columns),
               row = static_cast<float>(static_cast<int>(i) / columns);
    const Rect box{in.x + column * (w + kGap), in.y + row * (kRow + kGap) - f.scroll.offset, w, kRow};
    if (box.bottom() > in.y && box.y < in.bottom()) name_row(f, box, (*f.s.clients)[i]);
  }
  end_scroll(f, in, all);
}

// ---- screening

void choice(Frame& f, Rect r, const session::Question& question, bool yes) {
  const int value = yes ? 1 : 0;
  const std::string& label = yes ? f.words.yes : f.words.no;
  const Press press = press_area(f, "answer_" + question.id + (yes ? "_yes" : "_no"), label, r);
  if (press.tapped) f.tap(taps::Answer{question.id, yes});
  const bool picked = question.answer == value;
  const Rect at = press.held ? r.inset(4) : r;
  if (picked)
    fill(f.dl, at, 24, f.colour.accent, mix(f.colour.accent, f.colour.accent_deep, .25f));
  else
    fill(f.dl, at, 24, f.colour.track_light, f.colour.track);
  const ImU32 ink = picked ? f.colour.go_ink : f.colour.text;
  if (picked) draw_icon(f, {at.x + 38, at.centre().y}, 42, ink, icon::check);
  text_in(f, {at.x + (picked ? 64.f : 14.f), at.y, at.w - (picked ? 76.f : 28.f), at.h}, {Weight::medium, 40, ink, Align::centre},
          label);
}

void question_row(Frame& f, Rect r, const session::Question& question) {
  constexpr float kButton = 190;
  const float h = std::max(std::min(100.f, r.h - 12), f.touch_least()), y = r.centre().y - h / 2;
  const Rect yes{r.right() - 2 * kButton - 20, y, kButton, h}, no{r.right() - kButton, y, kButton, h};
  text_in(f, {r.x, r.y + 4, yes.x - r.x - 36, r.h - 8}, {Weight::regular, 40, f.colour.text, Align::left, Upright::middle, 2},
          f.say(question.text));
  choice(f, yes, question, true);
  choice(f, no, question, false);
}

}  // namespace

void screen_who(Frame& f) {
  const float y = header(f, icon::for_station(f.s.station->icon), f.words.who, f.say(f.s.station->title), false) + 12;
  Rect area{size::margin, y, f.w - 2 * size::margin, f.h - 32 - 120 - size::gutter - y};
  if (f.s.clients->empty()) {
    guest_tile(f, {area.centre().x - 380, area.y, 760, area.h});
  } else {
    guest_tile(f, area.cut_left(std::max(500.f, area.w * .28f)));
    area.cut_left(size::gutter);
    names(f, area);
  }
  back_button(f, taps::BackHome());
}

void screen_screening(Frame& f) {
  constexpr float kCall = 330;
  const float y = header(f, icon::for_station(f.s.station->icon), f.words.before_start,
                         f.say(f.s.station->title) +
                             (f.s.session->client_label.empty() ? "" : " \xC2\xB7 " + f.say(f.s.session->client_label)),
                         false, kCall) +
                  8;
  if (button(f, "call_staff", f.words.call_staff, icon::staff, header_place(f, kCall), ButtonLook::quiet))
    f.tap(taps::CallStaff());
  const float bottom = f.h - 32 - 120 - size::gutter;
  const auto count = static_cast<float>(f.s.questions->size());
  const float scale_h = f.s.questions->empty() ? std::min(460.f, bottom - y) : std::clamp((bottom - y) * .44f, 300.f, 430.f);
  Rect pain{size::margin, y, f.w - 2 * size::margin, scale_h};
  card(f, pain);
  Rect in = pain.inset(44, 26);
  text_in(f, in.cut_top(50), {Weight::medium, 46, f.colour.text, Align::left, Upright::middle, 1, 34}, f.words.pain_now);
  in.cut_top(22);
  if (const auto chosen = ten_scale(f, in, "pain", f.s.pain_now, f.words.no_pain, f.words.worst_pain))
    f.tap(taps::SetPain{*chosen});

  if (!f.s.questions->empty()) {
    const Rect list{size::margin, pain.bottom() + 24, pain.w, bottom - pain.bottom() - 24};
    card(f, list);
    const Rect view = list.inset(44, 14);
    const float row = std::max(std::clamp(view.h / count, 88.f, 150.f), f.touch_least() + 12), all = row * count;
    const float top = view.y + std::max(0.f, (view.h - all) / 2);
    const float w = view.w - (all > view.h + 1 ? 36.f : 0.f);
    begin_scroll(f, view, all);
    for (std::size_t i = 0; i < f.s.questions->size(); ++i) {
      const Rect r{view.x, top + row * static_cast<float>(i) - f.scroll.offset, w, row};
      if (r.bottom() < view.y || r.y > view.bottom()) continue;
      if (i > 0) f.dl->AddLine({r.x, r.y}, {r.right(), r.y}, f.colour.edge, 2.5f);
      question_row(f, r, (*f.s.questions)[i]);
    }
    end_scroll(f, view, all);
  }
  back_button(f, taps::Back());
  main_button(f, "next", f.words.next);
}

}  // namespace patella::ui
