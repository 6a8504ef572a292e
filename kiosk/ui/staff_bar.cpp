#include "ui/icons.hpp"
#include "ui/screens.hpp"
#include "ui/widgets.hpp"

namespace patella::ui {

float staff_bar(Frame& f, std::string_view own) {
  constexpr float kHeight = 120, kGap = 24, kOutWidth = 380, kWidth = 420;
  Rect at{size::margin, f.h - 32 - kHeight, kOutWidth, kHeight};
  if (button(f, "staff_leave", f.words.sign_out, icon::leave, at, ButtonLook::secondary)) f.tap(session::StaffLeave());
  session::StaffScreens::each([&]<class View>(std::type_identity<View> screen) {
    if constexpr (View::kOnBar) {
      if (own == View::kName) return;
      at = {at.right() + kGap, at.y, kWidth, kHeight};
      const BarButton to = bar_button(f, screen);
      if (button(f, View::kName, to.label, to.icon, at, ButtonLook::secondary))
        f.tap(session::StaffScreens::Go(session::StaffGoTo<View>()));
    }
  });
  return at.right();
}

}  // namespace patella::ui
