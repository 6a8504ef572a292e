// Controls and the parts that several screens share. Each control is an ImGui::InvisibleButton noted as a
// Control under a stable, language-free id; it acts on release inside, slide-off cancels. The pain stop alone
// acts on press (Ui::press).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ui/text.hpp"

namespace patella::ui {

void card(Frame& f, Rect r, float radius = size::radius);

struct Press {
  bool tapped = false, held = false;
  bool there = false;  ///< false: scrolled away, so no control
};

/// A place that can be touched. A disabled one is noted too, but never taps.
Press press_area(Frame& f, std::string_view id, std::string_view label, Rect r, bool enabled = true);

enum class ButtonLook { primary, secondary, quiet };
/// Icon (0 = none) and label in a rounded box.
bool button(Frame& f, std::string_view id, std::string_view label, unsigned icon, Rect r, ButtonLook look, bool enabled = true);

/// Bottom right, the same place on every screen of a session, at least 60 × 40 mm on a 24" panel.
Rect pain_stop_place(const Frame& f);
/// What is left of its row, gutter taken off.
Rect beside_pain_stop(const Frame& f);
void pain_stop_button(Frame& f);
/// "Back" bottom left; what it asks for differs from screen to screen.
void back_button(Frame& f, session::Tap back);
/// The main button bottom right, with the sentence why it is off beside it.
/// Beside a main button: what becomes of a call to staff (it was promised, so that nothing hides it), and why the button is not
/// enabled yet.
void told_beside_button(Frame& f, const Rect& place, Align align, bool staff);
void main_button(Frame& f, std::string_view id, std::string_view label);

/// A rounded label with icon and words: state is never told by colour alone. Returns what it takes up.
Rect state_pill(Frame& f, Rect box, Align align, unsigned icon, ImU32 c, std::string_view words, float px);

/// Icon, title and line below it on the left; clock, device state and the first banner on the right.
/// `keep_free`: so much is left empty left of the clock, for a control. Returns the y below it.
float header(Frame& f, unsigned icon, std::string_view title, std::string_view subtitle, bool with_devices, float keep_free = 0);
/// The bar at the bottom of the staff area: sign out, then the other screens that are on it; `own`: this one's kName. Returns the x
/// right of it.
float staff_bar(Frame& f, std::string_view own);
/// What header() left empty.
Rect header_place(const Frame& f, float keep_free);
/// The same line at the top of a column, when there is something to say: what is left of the column below it.
Rect below_strip(Frame& f, Rect column);
/// The line staff are meant to see, full width. Returns the y below it.
float staff_strip(Frame& f, float y);

struct DeviceLook {
  unsigned icon;
  ImU32 c;
  std::string words;
  std::string brief;  ///< one word, where the sentence has no room
};
DeviceLook look_of(const Frame& f, const session::DeviceState& device);
bool is_there(const session::DeviceState& device);
/// The device that needs attention most, or one that is fine; null when the station has none. One that is only welcome needs none.
const session::DeviceState* worst_device(const session::StationTile& station);

/// The row 0–10 with faces. Ids "<prefix>_0" … "<prefix>_10". Returns the number that was tapped.
std::optional<int> ten_scale(Frame& f, Rect r, std::string_view prefix, int chosen, std::string_view low, std::string_view high);

/// The keys 0 to 9, one that takes back, and a point when wanted, in the box. Ids "key_0" … "key_9", "key_point", "key_erase".
/// Returns the one that was tapped.
std::optional<session::KeypadKey> keypad(Frame& f, Rect r, bool with_point, bool enabled);
/// A number in tabular figures with its unit behind it, smaller; one line in the middle of the box.
void number_with_unit(Frame& f, Rect box, float px, std::string_view number, std::string_view unit, Align align);
/// What was just done, or why it was not, in a strip over the full width; when there is nothing to say, `otherwise`.
/// Returns the y below it.
float message_strip(Frame& f, float y, const session::StaffMessage& message, std::string_view otherwise);
/// The line below the title on a screen of the staff area: the given one, or that the area closes soon.
std::string staff_subtitle(Frame& f, const std::string& usual);
/// No snapshot came for two seconds: its numbers are not of now.
bool is_old(Frame& f);

/// Before and after the rows of a list that can be dragged. Between them, `f.scroll.offset` is up to date,
/// what lies outside is clipped, and presses that turned into a drag do not tap.
void begin_scroll(Frame& f, Rect view, float content_h);
void end_scroll(Frame& f, Rect view, float content_h);

/// The animated figure, fitted into the box. Moves at most 30 times a second, and only when `moving`.
void draw_figure(Frame& f, Rect r, const Figure& figure, bool moving);

}  // namespace patella::ui
