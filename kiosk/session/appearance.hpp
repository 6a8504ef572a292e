// How one client likes to see the kiosk. Plain values; a client who said nothing has the defaults.
#pragma once

namespace patella::session {

enum class Theme { dark = 1, light, high_contrast };

struct Appearance {
  Theme theme = Theme::dark;
  bool left_handed = false;  ///< what lies at the right edge for the right hand, the pain stop first of all, lies at the left
  bool large_text = false;   ///< body text a quarter larger, where it fits
};

}  // namespace patella::session
