// A client says who it is: with a code on the pad, or with a tap on the own name. What was typed is never shown, and a wrong code says
// nothing of whether there is such a code.
#include <fmt/format.h>

#include "ui/icons.hpp"
#include "ui/screens.hpp"
#include "ui/shapes.hpp"
#include "ui/visit_parts.hpp"

namespace patella::ui {
namespace {

using session::ClientSignInView;
using session::SignInMeans;

bool slowed(const Frame& f, const ClientSignInView& now) {
  return now.state == ClientSignInView::State::slowed && f.now_us < now.slowed_until_us;
}

// ---- the code

void code_boxes(Frame& f, Rect r, const ClientSignInView& now) {
  const int n = std::clamp(now.code_length, 1, 12);
  const float k = unit(f), gap = 16 * k;
  const float w = std::min(116 * k, (r.w - gap * static_cast<float>(n - 1)) / static_cast<float>(n));
  const bool wrong = now.state == ClientSignInView::State::wrong;
  for (int i = 0; i < n; ++i) {
    const Rect box{r.x + static_cast<float>(i) * (w + gap), r.y, w, r.h};
    const ImU32 edge = wrong ? f.colour.high : i == now.typed ? f.colour.accent : f.colour.outline;
    f.dl->AddRectFilled(box.top_left(), box.bottom_right(), f.colour.track, 20 * k);
    outline(f.dl, box, 20 * k, edge, (i == now.typed && !wrong ? 4.f : 3.f) * k);
    if (i < now.typed) f.dl->AddCircleFilled(box.centre(), std::min(18 * k, w * .2f), f.colour.text, 32);
  }
}

/// A tinted strip with a picture, a sentence and a smaller one.
void message_box(Frame& f, Rect r, unsigned code, ImU32 tint, const std::string& first, const std::string& second) {
  const float k = unit(f);
  f.dl->AddRectFilled(r.top_left(), r.bottom_right(), mix(f.colour.card_bottom, tint, .16f), 22 * k);
  draw_icon(f, {r.x + 78 * k, r.centre().y}, 88 * k, tint, code);
  const Rect words{r.x + 152 * k, r.y + 16 * k, r.w - 180 * k, r.h - 32 * k};
  two_lines(f, words, {Weight::medium, 48 * k, f.colour.text, Align::left, Upright::middle, 2, 32 * k}, first,
            {Weight::regular, 36 * k, f.colour.text, Align::left, Upright::middle, 2, 28 * k}, second);
}

void slowed_box(Frame& f, Rect r, const ClientSignInView& now) {
  const float k = unit(f);
  const int64_t left = seconds_until(f, now.slowed_until_us);
  f.dl->AddRectFilled(r.top_left(), r.bottom_right(), mix(f.colour.card_bottom, f.colour.high, .16f), 22 * k);
  const V2 c{r.x + 86 * k, r.centre().y};
  ring(f.dl, c, 54 * k, 10 * k, 0, 2 * kPi, f.colour.track_light, f.colour.track_light, false);
  const float part = std::clamp(static_cast<float>(left) / 10.f, 0.f, 1.f);
  if (part > 0) ring(f.dl, c, 54 * k, 10 * k, -kPi / 2, -kPi / 2 + 2 * kPi * part, f.colour.high, f.colour.high, true);
  figures(f, c, 48 * k, f.colour.text, std::to_string(left), Align::centre);
  two_lines(f, {r.x + 168 * k, r.y + 16 * k, r.w - 196 * k, r.h - 32 * k},
            {Weight::medium, 48 * k, f.colour.text, Align::left, Upright::middle, 2, 32 * k}, f.words.tr("Please wait a moment"),
            {Weight::regular, 36 * k, f.colour.text, Align::left, Upright::middle, 2, 28 * k},
            f.words.tr("Then the keys work again."));
}

void said_of_code(Frame& f, Rect r, const ClientSignInView& now) {
  const auto& tr = f.words.tr;
  using State = ClientSignInView::State;
  if (slowed(f, now)) return slowed_box(f, r, now);
  if (now.state == State::wrong)
    return message_box(f, r, icon::face2, f.colour.high, tr("That code did not match"), tr("Take your time and try once more."));
  if (now.state == State::checking) return message_box(f, r, icon::hourglass, f.colour.accent, tr("One moment"), "");
  if (now.can_card) return message_box(f, r, icon::card, f.colour.accent, tr("Or hold your card to the reader"), "");
  text_in(f, r, {Weight::regular, 36 * unit(f), f.colour.text2, Align::left, Upright::middle, 2, 28 * unit(f)},
          tr("The code stays hidden while you type it."));
}

void code_card(Frame& f, Rect r, const ClientSignInView& now) {
  const float k = unit(f);
  Rect in = visit_card(f, r, 48);
  text_in(f, in.cut_top(40 * k), {Weight::regular, 36 * k, f.colour.text2, Align::left, Upright::middle, 1, 28 * k},
          f.words.tr("Your code"));
  in.cut_top(16 * k);
  code_boxes(f, in.cut_top(132 * k), now);
  in.cut_top(32 * k);
  const float other = std::max(116 * k, f.touch_least());
  const bool names = now.can_name;
  Rect below = in.cut_bottom(names ? other : 0);
  if (names) {
    if (plain_button(f, "by_name", f.words.tr("Pick my name"), icon::group, below, 38)) f.tap(taps::ShowMeans{SignInMeans::name});
    in.cut_bottom(20 * k);
  }
  said_of_code(f, in.cut_top(std::min(178 * k, in.h - 70 * k)), now);
  in.cut_top(16 * k);
  text_in(f, {in.x, in.y, in.w, std::min(in.h, 90 * k)},
          {Weight::regular, 34 * k, f.colour.text2, Align::left, Upright::middle, 2, 28 * k},
          f.words.tr("No code today? Staff can make a new one."));
}

void code_pad(Frame& f, Rect left, Rect keys, Rect ok, const ClientSignInView& now) {
  const bool usable = !slowed(f, now) && now.state != ClientSignInView::State::checking;
  code_card(f, left, now);
  if (auto key = keypad(f, keys, false, usable)) f.tap(taps::TypeCode{*key});
  if (big_button(f, "try_code", f.words.accept, "", icon::check, ok, f.colour.target, 56, usable && now.can_accept))
    f.tap(taps::TryCode());
}

// ---- the names

/// The first letter of a name, as it stands there.
std::string initial_of(const std::string& name) {
  if (name.empty()) return "?";
  std::size_t end = 1;
  while (end < name.size() && (static_cast<unsigned char>(name[end]) & 0xC0u) == 0x80u) ++end;
  return name.substr(0, end);
}

struct LetterGroup {
  std::string first, last;
  std::size_t from = 0;  ///< index of its first name
};

/// Neighbouring letters share a key where there are more than keys.
std::vector<LetterGroup> letter_groups(const std::vector<session::ClientEntry>& clients, std::size_t most) {
  std::vector<LetterGroup> all;
  for (std::size_t i = 0; i < clients.size(); ++i) {
    const std::string letter = initial_of(clients[i].name);
    if (all.empty() || all.back().last != letter) all.push_back({letter, letter, i});
  }
  most = std::max<std::size_t>(most, 1);
  const std::size_t each = (all.size() + most - 1) / most;
  std::vector<LetterGroup> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (each <= 1 || i % each == 0)
      out.push_back(all[i]);
    else
      out.back().last = all[i].last;
  }
  return out;
}

void client_row(Frame& f, Rect r, const session::ClientEntry& client) {
  const float k = unit(f);
  const Press press = press_area(f, "client_" + client.ref, client.name, r);
  if (press.tapped) f.tap(taps::ChooseClient{client.ref});
  const Rect at = press.held ? r.inset(4 * k) : r;
  f.dl->AddRectFilled(at.top_left(), at.bottom_right(), press.held ? f.colour.track_light : f.colour.track, 22 * k);
  const V2 c{at.x + 64 * k, at.centre().y};
  f.dl->AddCircleFilled(c, 38 * k, mix(f.colour.track, f.colour.accent, .28f), 48);
  draw_icon(f, c, 48 * k, f.colour.accent, icon::person);
  text_in(f, {at.x + 124 * k, at.y + 8 * k, at.w - 148 * k, at.h - 16 * k},
          {Weight::medium, 44 * k, f.colour.text, Align::left, Upright::middle, 1, 30 * k}, client.name);
}

void name_list(Frame& f, Rect r) {
  constexpr std::size_t kLettersFrom = 12;
  const std::vector<session::ClientEntry>& clients = *f.s.clients;
  const float k = unit(f), gap = 14 * k, row_h = std::max(108 * k, f.touch_least());
  Rect in = visit_card(f, r, 28);
  if (clients.empty()) return empty_message(f, in, icon::group, f.words.tr("No name is on this list. Staff can help."));
  const int columns = upright(f) ? 1 : 2;
  const auto per = static_cast<std::size_t>(columns);
  const float all = static_cast<float>((clients.size() + per - 1) / per) * (row_h + gap) - gap;
  if (clients.size() >= kLettersFrom) {
    const Rect letters = in.cut_right(168 * k);
    in.cut_right(20 * k);
    const float key_h = std::max(84 * k, f.touch_least());
    const auto groups = letter_groups(clients, static_cast<std::size_t>((letters.h + 12 * k) / (key_h + 12 * k)));
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const LetterGroup& g = groups[i];
      const std::string label = g.first == g.last ? g.first : g.first + " \xE2\x80\x93 " + g.last;
      const Rect key{letters.x, letters.y + static_cast<float>(i) * (key_h + 12 * k), letters.w, key_h};
      if (plain_button(f, fmt::format("letters_{}", i), label, 0, key, 38)) {
        f.scroll.velocity = 0;
        f.scroll.offset = std::clamp(static_cast<float>(g.from / per) * (row_h + gap), 0.f, std::max(0.f, all - in.h));
        f.anim.keep_moving();
      }
    }
  }
  const bool scrolls = all > in.h;
  const float w = (in.w - (scrolls ? 30 * k : 0) - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  begin_scroll(f, in, all);
  for (std::size_t i = 0; i < clients.size(); ++i) {
    const Rect row{in.x + static_cast<float>(i % per) * (w + gap),
                   in.y + static_cast<float>(i / per) * (row_h + gap) - f.scroll.offset, w, row_h};
    if (row.bottom() > in.y && row.y < in.bottom()) client_row(f, row, clients[i]);
  }
  end_scroll(f, in, all);
}

}  // namespace

void screen_sign_in(Frame& f) {
  const ClientSignInView& now = *f.s.sign_in;
  const bool by_name = now.means == SignInMeans::name;
  const auto& tr = f.words.tr;
  visit_header(f, icon::account, tr.in("client", "Sign in"), by_name ? f.words.names : tr("Type the code from your card"));
  const VisitLayout at = visit_layout(f, false, 146);
  const float k = at.k, gap = (at.upright ? 24 : 28) * k;
  Rect bottom = at.bottom;
  const float back_w = (at.upright ? 250 : 300) * k, guest_w = (at.upright ? 420 : 544) * k;
  if (plain_button(f, "back", f.words.back, icon::back, bottom.cut_left(back_w), 44)) f.tap(taps::BackHome());
  bottom.cut_left(gap);
  if (f.s.home->can_be_guest &&
      plain_button(f, "continue_as_guest", tr("Continue as guest"), icon::person, bottom.cut_left(guest_w), 44))
    f.tap(taps::GoOnAsGuest());
  bottom.cut_left(gap);
  if (by_name) {
    name_list(f, at.content);
    if (now.can_code &&
        plain_button(f, "by_code", tr("Type my code"), icon::apps, bottom.cut_right(std::min(bottom.w, 468 * k)), 44))
      f.tap(taps::ShowMeans{SignInMeans::code});
    return;
  }
  Rect content = at.content;
  const Rect left = at.upright ? content.cut_top(700 * k) : content.cut_left(872);
  if (at.upright)
    content.cut_top(gap);
  else
    content.cut_left(gap);
  const Rect ok = at.upright ? bottom : Rect{content.x, bottom.y, content.w, bottom.h};
  code_pad(f, left, content, ok, now);
}

}  // namespace patella::ui
