#include "ui/screens.hpp"

namespace patella::ui {

void screen_sign_in(Frame&) {}

}  // namespace patella::ui
