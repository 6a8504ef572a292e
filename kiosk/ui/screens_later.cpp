// Screens that follow.
#include "ui/screens.hpp"
namespace patella::ui {
void screen_who(Frame&) {}
void screen_screening(Frame&) {}
void screen_set_up(Frame&) {}
void screen_rest(Frame&) {}
void screen_after(Frame&) {}
void screen_summary(Frame&) {}
void screen_resume_offer(Frame&) {}
}
