// One function a screen. Each draws all of Frame::s that belongs to it and adds the taps.
#pragma once

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
/// Over any of them, while Frame::s.asked_until_us is set.
void screen_still_there(Frame& f);
/// Over live and rest, while Frame::s.asks_end is set.
void screen_ask_end(Frame& f);
void screen_staff_sign_in(Frame& f);
void screen_staff_notices(Frame& f);
void screen_staff_sensors(Frame& f);
void screen_calibrate(Frame& f);
void screen_pair(Frame& f);

}  // namespace patella::ui
