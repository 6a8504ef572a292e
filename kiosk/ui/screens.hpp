// One function a screen. Each draws all of Frame::s that belongs to it and adds the taps.
#pragma once

#include <string>
#include <type_traits>

#include "session/staff_screens.hpp"
#include "ui/frame.hpp"

namespace patella::ui {

void screen_home(Frame& f);
void screen_who(Frame& f);
void screen_screening(Frame& f);
void screen_start_gate(Frame& f);
void screen_set_up(Frame& f);
void screen_live(Frame& f);
void screen_rest(Frame& f);
void screen_pain_stop(Frame& f);
void screen_after(Frame& f);
void screen_summary(Frame& f);
void screen_resume_offer(Frame& f);
void screen_sign_in(Frame& f);
void screen_day_after(Frame& f);
void screen_today(Frame& f);
void screen_library(Frame& f);
void screen_visit_summary(Frame& f);
/// Over any of them, while Frame::s.asked_until_us is set.
void screen_still_there(Frame& f);
/// Over live and rest, while Frame::s.asks_end is set.
void screen_ask_end(Frame& f);

/// What stands on a screen's button on the bar of the staff area.
struct BarButton {
  std::string label;
  unsigned icon = 0;
};
// Of the staff area: each screen draws its own view; those on the bar say what their button is, too.
#define PATELLA_DRAWN(View)                              \
  void draw_screen(Frame& f, const session::View& view); \
  BarButton bar_button(const Frame& f, std::type_identity<session::View>);
PATELLA_STAFF_SCREENS(PATELLA_DRAWN)
#undef PATELLA_DRAWN

}  // namespace patella::ui
