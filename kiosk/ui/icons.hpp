// Code points of the Material icon font (fonts-material-design-icons-iconfont 6.7.0, its css lists them by
// name).
#pragma once

#include <array>
#include <string_view>

namespace patella::ui::icon {

constexpr unsigned bike = 0xe52f, seat = 0xe637, gymnastics = 0xebc4, dumbbell = 0xeb43, calm = 0xea78, body = 0xe92c;
constexpr unsigned timer = 0xe425, check = 0xe5ca, check_circle = 0xe86c, close = 0xe5cd, up = 0xe5d8, down = 0xe5db;
constexpr unsigned sensors = 0xe51e, sensors_off = 0xe51f, person = 0xe7fd, group = 0xf233, play = 0xe037, pause = 0xe034;
constexpr unsigned skip = 0xe044, stop = 0xe047, back = 0xe5c4, next = 0xe5c8, hand = 0xe769, warning = 0xe002, error = 0xe001;
constexpr unsigned staff = 0xf0e2, save = 0xe161, eye = 0xe8f4, hourglass = 0xe88b, replay = 0xe042, flag = 0xe153;
constexpr unsigned info = 0xe88e, remove = 0xe15b, heart = 0xe87d, history = 0xe889, build = 0xe869, bolt = 0xea0b;
constexpr unsigned erase = 0xe14a, scale = 0xeb5f, lock = 0xe897, leave = 0xe9ba;
constexpr unsigned face0 = 0xe815, face1 = 0xe813, face2 = 0xe812, face3 = 0xe811, face4 = 0xe814;

constexpr unsigned account = 0xe853, apps = 0xe5c3, walk = 0xe536, place = 0xe0c8, bookmark = 0xe866, card = 0xe870;
constexpr unsigned quieter = 0xe04d, louder = 0xe050, calendar = 0xe878, visit = 0xe614, visit_done = 0xe862, not_done = 0xe15d;

inline constexpr std::array kAll = {
    bike,    seat,        gymnastics, dumbbell, calm,      body,   timer,    check, check_circle, close,   up,      down,
    sensors, sensors_off, person,     group,    play,      pause,  skip,     stop,  back,         next,    hand,    warning,
    error,   staff,       save,       eye,      hourglass, replay, flag,     info,  remove,       erase,   scale,   lock,
    leave,   heart,       history,    build,    bolt,      face0,  face1,    face2, face3,        face4,   account, apps,
    walk,    place,       bookmark,   card,     quieter,   louder, calendar, visit, visit_done,   not_done};

/// The icon of a station file: "bike", "wall", "band", …; anything else: a dumbbell.
constexpr unsigned for_station(std::string_view name) {
  if (name == "bike") return bike;
  if (name == "wall") return seat;
  if (name == "stretch") return calm;
  if (name == "jump") return gymnastics;
  if (name == "body") return body;
  return dumbbell;
}

}  // namespace patella::ui::icon
