// The staff area in virtual time: who gets in, what a physio may do, and that it closes by itself.
#include <cmath>

#include "staff/area.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::staff;
using session::Liveness;
using session::Screen;
using session::Snapshot;
using session::TapKind;

namespace {

constexpr int64_t kSecond_us = 1'000'000;
constexpr int64_t kStart_us = 50 * kSecond_us;

AreaPlan plan() {
  AreaPlan plan;
  plan.members = {{"id-berg", "M. Berg", true}, {"id-desk", "Front desk", false}};
  SensorPlan force{"Chronojump force sensor",
                   "Knee extension",
                   {{"battery", "Battery", "%", 180, false}, {"force", "Force", "N", 1, true}},
                   {}};
  SensorPlan stick{"ANT+ stick",
                   "Bike warm-up",
                   {{"cadence", "Cadence", "rpm", 2.5, true},
                    {"sensor_heard", "Heard", "", 60, false},
                    {"sensor_moving", "Moving", "", 2, false},
                    {"power", "Power", "W", 2.5, false}},
                   {{121, "speed_cadence", "Speed and cadence sensor", 0}, {120, "heart_rate", "Heart rate strap", -1}}};
  plan.sensors = {force, stick};
  return plan;
}

/// The area, its time, and what it asked for.
struct Rig {
  int64_t now_us = kStart_us;
  Area area;
  std::vector<Request> asked;
  explicit Rig(AreaPlan p = plan()) : area(std::move(p), kStart_us) {}

  void tap(TapKind kind, const std::string& text = "", int value = 0) {
    area.tap({kind, text, value}, now_us);
    for (Request& request : area.take_requests()) asked.push_back(std::move(request));
  }
  void type(const std::string& digits) {
    for (const char digit : digits) tap(TapKind::staff_key, std::string(1, digit));
  }
  Snapshot now() {
    area.advance(now_us);
    Snapshot snapshot;
    area.fill(snapshot, now_us);
    return snapshot;
  }
  Screen screen() { return now().screen; }
  template <class Asked>
  const Asked* newest() const {
    return asked.empty() ? nullptr : std::get_if<Asked>(&asked.back());
  }
  void answer(bool ok, int failures, const std::string& why_not = "") {
    area.pin_answer({ok, "id-berg", failures, why_not}, now_us);
  }
  void sign_in(const std::string& member = "id-berg") {
    tap(TapKind::staff_open);
    tap(TapKind::staff_member, member);
    type("135792");
    tap(TapKind::staff_accept);
    area.pin_answer({true, member, 0, ""}, now_us);
  }
  /// Readings of the force sensor at 80 Hz.
  void force(double seconds, double reading_n, double value_n) {
    const int64_t end_us = now_us + static_cast<int64_t>(seconds * 1e6);
    for (; now_us < end_us; now_us += 12'500) {
      area.sample(0, 1, now_us, reading_n, value_n);
      area.advance(now_us);
    }
  }
  void force(double seconds, double reading_n) { force(seconds, reading_n, reading_n); }
  void plug_force() {
    area.identity(0, "A1043", "tty:ttyUSB0@1-2.3");
    area.device(0, {Liveness::live, "", true});
  }
  void calibrate_force() {
    plug_force();
    sign_in();
    tap(TapKind::staff_calibrate, "", 0);
  }
  void point(const std::string& known, double reading_n) {
    type(known);
    tap(TapKind::take_point);
    force(2.2, reading_n);
  }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the area opens with a PIN, and the PIN is never shown or kept") {
  Rig rig;
  CHECK_FALSE(rig.area.open());
  rig.tap(TapKind::staff_key, "1");
  CHECK_FALSE(rig.area.open());
  rig.tap(TapKind::staff_open);
  CHECK(rig.screen() == Screen::staff_sign_in);
  CHECK(rig.now().staff.sign_in.members.size() == 2);
  CHECK_FALSE(rig.now().staff.sign_in.can_accept);

  rig.tap(TapKind::staff_member, "id-berg");
  rig.type("13579");
  CHECK(rig.now().staff.sign_in.digits == 5);
  CHECK_FALSE(rig.now().staff.sign_in.can_accept);
  rig.tap(TapKind::staff_accept);
  CHECK(rig.asked.empty());
  rig.type("28");
  rig.tap(TapKind::staff_key, "");
  CHECK(rig.now().staff.sign_in.can_accept);
  rig.tap(TapKind::staff_accept);
  REQUIRE(rig.newest<CheckPin>());
  CHECK(rig.newest<CheckPin>()->member == "id-berg");
  CHECK(rig.newest<CheckPin>()->pin == "135792");
  CHECK(rig.now().staff.sign_in.checking);
  CHECK(rig.now().staff.sign_in.digits == 0);
  rig.type("1");
  rig.tap(TapKind::staff_accept);
  CHECK(rig.asked.size() == 1);  // one at a time

  rig.answer(false, 1, "Wrong PIN");
  CHECK(rig.screen() == Screen::staff_sign_in);
  CHECK(rig.now().staff.sign_in.message.text == "Wrong PIN");
  rig.type("135792");
  rig.tap(TapKind::staff_accept);
  rig.answer(true, 0);
  CHECK(rig.screen() == Screen::staff_sensors);
  CHECK(rig.now().staff.member == "M. Berg");
  rig.tap(TapKind::staff_leave);
  CHECK_FALSE(rig.area.open());
  CHECK(rig.now().staff.member.empty());
}

TEST_CASE("more digits than a PIN can have are not taken, letters neither") {
  Rig rig;
  rig.tap(TapKind::staff_open);
  rig.tap(TapKind::staff_member, "id-berg");
  rig.type("12345678901234");
  CHECK(rig.now().staff.sign_in.digits == 12);
  rig.tap(TapKind::staff_key, "x");
  rig.tap(TapKind::staff_key, "12");
  CHECK(rig.now().staff.sign_in.digits == 12);
  rig.tap(TapKind::staff_member, "id-desk");  // another person begins anew
  CHECK(rig.now().staff.sign_in.digits == 0);
}

TEST_CASE("after five wrong PINs the next one waits, and a start waits for those on the disk") {
  Rig rig;
  rig.tap(TapKind::staff_open);
  rig.tap(TapKind::staff_member, "id-berg");
  for (int failures = 1; failures <= 5; ++failures) {
    rig.type("135792");
    rig.tap(TapKind::staff_accept);
    rig.answer(false, failures, "Wrong PIN");
  }
  CHECK(rig.asked.size() == 5);
  CHECK(rig.now().staff.sign_in.locked_until_us == rig.now_us + 30 * kSecond_us);
  rig.type("135792");
  rig.tap(TapKind::staff_accept);
  CHECK(rig.asked.size() == 5);
  rig.now_us += 30 * kSecond_us;
  rig.tap(TapKind::staff_accept);
  CHECK(rig.asked.size() == 6);

  AreaPlan after_start = plan();
  after_start.members[0].failures = 9;
  Rig later(after_start);
  later.tap(TapKind::staff_open);
  later.tap(TapKind::staff_member, "id-desk");
  CHECK(later.now().staff.sign_in.locked_until_us <= kStart_us);  // one member's wait is not another's
  later.tap(TapKind::staff_member, "id-berg");
  CHECK(later.now().staff.sign_in.locked_until_us == kStart_us + 3600 * kSecond_us);
}

TEST_CASE("a PIN that could not be checked is no wrong one, and says why") {
  Rig rig;
  rig.tap(TapKind::staff_open);
  rig.tap(TapKind::staff_member, "id-berg");
  for (int i = 0; i < 6; ++i) {
    rig.type("135792");
    rig.tap(TapKind::staff_accept);
    rig.answer(false, 0, "the disk is full");
  }
  CHECK(rig.asked.size() == 6);
  CHECK(rig.now().staff.sign_in.message.text == "the disk is full");
}

TEST_CASE("whoever went away is not signed in by an answer that comes late") {
  Rig rig;
  rig.tap(TapKind::staff_open);
  rig.tap(TapKind::staff_member, "id-berg");
  rig.type("135792");
  rig.tap(TapKind::staff_accept);
  rig.tap(TapKind::back);
  CHECK_FALSE(rig.area.open());
  rig.tap(TapKind::staff_open);
  rig.tap(TapKind::staff_member, "id-berg");
  rig.answer(true, 0);
  CHECK(rig.screen() == Screen::staff_sign_in);
  CHECK_FALSE(rig.area.signed_in());
}

TEST_CASE("without anybody who may sign in the screen says what to do") {
  AreaPlan nobody = plan();
  nobody.members.clear();
  nobody.no_sign_in = "Nobody can sign in here yet";
  Rig rig(nobody);
  rig.tap(TapKind::staff_open);
  CHECK(rig.now().staff.sign_in.message.text == "Nobody can sign in here yet");
  rig.type("135792");
  rig.tap(TapKind::staff_accept);
  CHECK(rig.asked.empty());
}

TEST_CASE("it closes by itself, and not while somebody hangs weights on the sensor") {
  Rig rig;
  rig.sign_in();
  rig.now_us += 119 * kSecond_us;
  CHECK(rig.screen() == Screen::staff_sensors);
  CHECK(rig.area.deadline_us() == kStart_us + 120 * kSecond_us);
  rig.now_us += 1 * kSecond_us;
  rig.now();
  CHECK_FALSE(rig.area.open());

  Rig working;
  working.calibrate_force();
  const int64_t touched_us = working.now_us;
  for (int i = 0; i < 100 && working.area.open(); ++i) {
    working.force(1, 10);
    working.force(4, 60);  // it moved: somebody is there
  }
  CHECK(working.area.open());
  CHECK(working.now_us - touched_us >= 499 * kSecond_us);
  for (int i = 0; i < 100 && working.area.open(); ++i) {
    working.force(1, 10);
    working.force(4, 60);
  }
  CHECK_FALSE(working.area.open());  // but not for ever
  CHECK(working.now_us - touched_us <= 906 * kSecond_us);
}

TEST_CASE("the list tells how each sensor stands, and never shows an old value") {
  Rig rig;
  rig.sign_in();
  auto rows = rig.now().staff.sensors;
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].device.liveness == Liveness::starting);
  CHECK(rows[0].calibrated.empty());
  CHECK(rows[0].value.empty());

  rig.plug_force();
  rig.area.device(1, {Liveness::live, "", true});
  rig.area.calibrated(0, 1, "2026-10-02");
  rig.area.sample(0, 1, rig.now_us, 13.2, 12.34);
  rows = rig.now().staff.sensors;
  CHECK(rows[0].which == "number A1043, socket tty:ttyUSB0@1-2.3");
  CHECK(rows[0].value == "12.3");  // as calibrated
  CHECK(rows[0].unit == "N");
  CHECK(rows[0].calibrated == "Calibrated 2026-10-02");
  CHECK(rows[0].calibrates);
  CHECK_FALSE(rows[0].pairs);
  CHECK(rows[1].pairs);
  CHECK_FALSE(rows[1].calibrates);

  rig.now_us += 1'100'000;
  rows = rig.now().staff.sensors;
  CHECK(rows[0].value.empty());
  CHECK(rows[0].device.liveness == Liveness::stale);
  rig.area.sample(0, 1, rig.now_us, 13.2, 12.34);
  rig.area.device(0, {Liveness::absent, "Waiting for it", false});
  rows = rig.now().staff.sensors;
  CHECK(rows[0].value.empty());
  CHECK(rows[0].device.text == "Waiting for it");
  CHECK_FALSE(rows[0].calibrates);
  rig.area.device(0, {Liveness::failed, "Its driver died", false});
  CHECK(rig.now().staff.sensors[0].retries);
  rig.tap(TapKind::staff_retry, "", 0);
  REQUIRE(rig.newest<Retry>());
  CHECK(rig.newest<Retry>()->sensor == 0);
}

TEST_CASE("a sensor that is pulled lights up its row") {
  Rig rig;
  rig.sign_in();
  rig.plug_force();
  rig.force(1, 3);
  CHECK_FALSE(rig.now().staff.sensors[0].moves);
  rig.force(0.2, 30);
  CHECK(rig.now().staff.sensors[0].moves);
}

TEST_CASE("who is no physio sees, and changes nothing") {
  Rig rig;
  rig.plug_force();
  rig.sign_in("id-desk");
  CHECK_FALSE(rig.now().staff.physio);
  rig.area.device(1, {Liveness::failed, "died", false});
  for (const auto& row : rig.now().staff.sensors) CHECK_FALSE((row.calibrates || row.pairs || row.retries));
  const std::size_t asked = rig.asked.size();
  rig.tap(TapKind::staff_calibrate, "", 0);
  rig.tap(TapKind::staff_pair, "", 1);
  rig.tap(TapKind::staff_retry, "", 1);
  CHECK(rig.screen() == Screen::staff_sensors);
  CHECK(rig.asked.size() == asked);
}

TEST_CASE("a sensor is calibrated with known weights, from what it says itself") {
  Rig rig;
  rig.calibrate_force();
  CHECK(rig.screen() == Screen::staff_calibrate);
  CHECK_FALSE(rig.now().staff.calibration.can_take);
  rig.force(0.5, 2.5, 99);  // the calibration in force makes 99 of it: not what is calibrated
  CHECK(rig.now().staff.calibration.reading_n == Approx(2.5));
  rig.point("0", 2.5);
  rig.point("10", 100.5);
  REQUIRE(rig.now().staff.calibration.points.size() == 2);
  CHECK(rig.now().staff.calibration.has_line);
  rig.tap(TapKind::weight_unit, "N");
  rig.point("196.1334", 198.5);  // the last figure has no room, and that is said
  const auto view = rig.now().staff.calibration;
  REQUIRE(view.points.size() == 3);
  CHECK(view.points[1].known_n == Approx(98.0665));
  CHECK(view.points[1].typed == "10 kg");
  CHECK(view.points[2].known_n == Approx(196.133));
  CHECK(view.can_store);
  rig.tap(TapKind::store_calibration);
  const auto* store = rig.newest<StoreCalibration>();
  REQUIRE(store);
  CHECK(store->sensor == 0);
  CHECK(store->channel == 1);
  CHECK(store->who == "M. Berg");
  CHECK(store->member == "id-berg");
  CHECK(store->serial == "A1043");
  CHECK(store->port == "tty:ttyUSB0@1-2.3");
  CHECK(store->points.size() == 3);
  CHECK(store->fit.line.slope == Approx(1.0007).margin(1e-3));
  CHECK(store->rate_hz == Approx(80).epsilon(0.05));
  const std::size_t asked = rig.asked.size();
  rig.tap(TapKind::store_calibration);  // once
  CHECK(rig.asked.size() == asked);
  rig.area.stored(store->ticket, {Outcome::Kind::refused, "a number is none"});
  CHECK(has(rig.now().staff.calibration.message.text, "Not stored, what was in force stays: a number is none"));
  CHECK(rig.now().staff.calibration.points.size() == 3);
  rig.tap(TapKind::store_calibration);
  rig.area.stored(rig.newest<StoreCalibration>()->ticket, {});
  CHECK(rig.screen() == Screen::staff_sensors);
  CHECK(has(rig.now().staff.message.text, "Chronojump force sensor: calibrated"));
}

TEST_CASE("a reading is taken only when still, and after half a minute the reason is said") {
  Rig rig;
  rig.calibrate_force();
  rig.force(0.1, 5);
  rig.type("0");
  rig.tap(TapKind::take_point);
  CHECK(rig.now().staff.calibration.taking);
  for (int i = 0; i < 16; ++i) {
    rig.force(1, 5);
    rig.force(1, 9);
  }
  const auto view = rig.now().staff.calibration;
  CHECK_FALSE(view.taking);
  CHECK(view.points.empty());
  CHECK(view.message.trouble);
  CHECK(has(view.message.text, "not still"));
  CHECK(view.typed == "0");
}

TEST_CASE("points are of one sensor that stayed plugged in") {
  Rig rig;
  rig.calibrate_force();
  rig.force(0.1, 2);
  rig.point("0", 2);
  rig.point("10", 100);
  CHECK(rig.now().staff.calibration.can_store);
  rig.area.device(0, {Liveness::absent, "Waiting", false});
  CHECK_FALSE(rig.now().staff.calibration.has_reading);
  rig.area.identity(0, "A2000", "tty:ttyUSB0@1-2.3");
  rig.area.device(0, {Liveness::live, "", true});
  const auto view = rig.now().staff.calibration;
  CHECK(view.points.empty());
  CHECK(has(view.message.text, "plugged in again"));
  rig.tap(TapKind::store_calibration);
  CHECK_FALSE(rig.newest<StoreCalibration>());
}

TEST_CASE("a reading that is not fresh is not shown") {
  Rig rig;
  rig.calibrate_force();
  rig.force(0.5, 20);
  CHECK(rig.now().staff.calibration.has_reading);
  rig.now_us += 1'100'000;
  CHECK_FALSE(rig.now().staff.calibration.has_reading);
  CHECK_FALSE(rig.now().staff.calibration.still);
}

TEST_CASE("weights that do not fit a line cannot be stored, and the sentence says which") {
  Rig rig;
  rig.calibrate_force();
  rig.force(0.1, 0);
  rig.point("0", 0);
  rig.point("10", 98);
  rig.point("20", 250);
  const auto view = rig.now().staff.calibration;
  CHECK_FALSE(view.can_store);
  CHECK_FALSE(view.has_line);
  for (const auto& point : view.points) CHECK(point.has_off);  // so that it can be seen which
  rig.tap(TapKind::store_calibration);
  CHECK_FALSE(rig.newest<StoreCalibration>());
  rig.tap(TapKind::undo_point);
  CHECK(rig.now().staff.calibration.points.size() == 2);
  CHECK(rig.now().staff.calibration.can_store);
  rig.point("20", 196.5);
  rig.point("20", 196);  // again: the later one counts
  CHECK(rig.now().staff.calibration.points.size() == 3);
  CHECK(rig.now().staff.calibration.points.back().reading_n == Approx(196));
}

TEST_CASE("a reading that was begun with one sensor does not end with another") {
  Rig rig;
  rig.calibrate_force();
  rig.force(0.1, 2);
  rig.type("10");
  rig.tap(TapKind::take_point);
  rig.force(1.5, 98.07);
  rig.area.identity(0, "A2000", "tty:ttyUSB0@1-2.3");
  rig.force(0.6, 98.07);
  CHECK(rig.now().staff.calibration.points.empty());
  CHECK_FALSE(rig.now().staff.calibration.taking);
  CHECK(has(rig.now().staff.calibration.message.text, "plugged in again"));
}

TEST_CASE("a zero with a load on it is asked about") {
  Rig rig;
  rig.calibrate_force();
  rig.force(0.1, 250);
  rig.point("0", 250);
  CHECK(has(rig.now().staff.calibration.message.text, "really nothing on it"));
  rig.point("0", 3);
  CHECK_FALSE(rig.now().staff.calibration.message.trouble);
  CHECK(rig.now().staff.calibration.points.size() == 1);
}

TEST_CASE("an answer that comes when its desk has gone is told on the list, and touches no other desk") {
  Rig rig;
  rig.calibrate_force();
  rig.force(0.1, 0);
  rig.point("0", 0);
  rig.point("10", 98.07);
  rig.tap(TapKind::store_calibration);
  const uint64_t ticket = rig.newest<StoreCalibration>()->ticket;
  rig.tap(TapKind::back);
  rig.tap(TapKind::staff_calibrate, "", 0);
  rig.force(0.1, 0);
  rig.point("0", 0);
  rig.area.stored(ticket, {Outcome::Kind::refused, "no"});
  CHECK(rig.screen() == Screen::staff_calibrate);
  CHECK(rig.now().staff.calibration.points.size() == 1);
  rig.tap(TapKind::back);
  CHECK(has(rig.now().staff.message.text, "Not stored"));
  rig.area.stored(ticket, {});  // once
  CHECK(has(rig.now().staff.message.text, "Not stored"));
}

TEST_CASE("of a device with several force channels each in use has its row; what no station uses stands for nothing") {
  AreaPlan bridge;
  bridge.members = plan().members;
  bridge.sensors = {{"Bridge",
                     "Knee extension, Hold",
                     {{"force", "Input 0", "N", 1, false}, {"force_1", "Input 1", "N", 1, true}, {"force_2", "Input 2", "N", 1, true}},
                     {}}};
  Rig rig(bridge);
  rig.area.identity(0, "B1", "usb:1-1");
  rig.area.device(0, {Liveness::live, "", true});
  rig.sign_in();
  rig.area.sample(0, 0, rig.now_us, 500, 500);
  rig.area.sample(0, 2, rig.now_us, 50, 50);
  const auto rows = rig.now().staff.sensors;
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].device.label == "Bridge \xC2\xB7 Input 1");
  CHECK(rows[0].value.empty());
  CHECK(rows[0].device.liveness == Liveness::stale);
  CHECK(rows[1].value == "50.0");
  rig.tap(TapKind::staff_calibrate, "", 1);
  rig.area.sample(0, 2, rig.now_us, 51, 51);
  CHECK(rig.now().staff.calibration.reading_n == Approx(51));
  rig.area.sample(0, 0, rig.now_us, 500, 500);
  CHECK(rig.now().staff.calibration.reading_n == Approx(51));

  Rig stick;  // power is said, and no station uses it
  stick.area.device(1, {Liveness::live, "", true});
  stick.sign_in();
  stick.area.sample(1, 3, stick.now_us, 180, 180);
  CHECK(stick.now().staff.sensors[1].value.empty());
  stick.area.sample(1, 0, stick.now_us, 79, 79);
  CHECK(stick.now().staff.sensors[1].value == "79");

  Rig battery;  // fresh for three minutes, and no force
  battery.plug_force();
  battery.sign_in();
  battery.area.sample(0, 0, battery.now_us, 87, 87);
  CHECK(battery.now().staff.sensors[0].value.empty());
  CHECK(battery.now().staff.sensors[0].device.liveness == Liveness::stale);
}

TEST_CASE("the sensor that moves lights up and is taken") {
  Rig rig;
  // The number in force is not heard: a device is open and has no value. That is when it is needed.
  rig.area.device(1, {Liveness::starting, "Speed and cadence sensor 777 is not heard", true});
  rig.sign_in();
  CHECK(rig.now().staff.sensors[1].pairs);
  rig.tap(TapKind::staff_pair, "", 1);
  CHECK(rig.screen() == Screen::staff_pair);
  CHECK(rig.now().staff.pairing.can_listen);
  CHECK_FALSE(rig.now().staff.pairing.can_use);
  rig.tap(TapKind::listen);
  REQUIRE(rig.newest<SendCommand>());
  CHECK(rig.newest<SendCommand>()->command == "identify");
  CHECK(rig.now().staff.pairing.listening);
  constexpr double kBike = 121 * 65536.0;
  rig.area.sample(1, 1, rig.now_us, kBike + 12345, 0);
  rig.area.sample(1, 1, rig.now_us, kBike + 700, 0);
  rig.area.sample(1, 1, rig.now_us, 11 * 65536.0 + 5, 0);  // a kind that no parameter takes
  rig.area.sample(1, 1, rig.now_us, std::nan(""), 0);
  rig.area.sample(1, 1, rig.now_us, 1e300, 0);
  rig.area.sample(1, 2, rig.now_us, kBike + 12345, 0);
  auto view = rig.now().staff.pairing;
  REQUIRE(view.candidates.size() == 2);
  CHECK(view.candidates[0].number == 700);  // whatever was heard first
  CHECK(view.candidates[1].name == "Speed and cadence sensor");
  CHECK(view.candidates[1].number == 12345);
  CHECK(view.candidates[1].moves);
  CHECK_FALSE(view.candidates[1].chosen);  // another may move yet
  CHECK_FALSE(view.candidates[0].moves);
  rig.now_us += 3 * kSecond_us;
  CHECK_FALSE(rig.now().staff.pairing.candidates[1].moves);
  CHECK(rig.now().staff.pairing.candidates[1].moved);
  CHECK_FALSE(rig.now().staff.pairing.can_use);  // not before the driver is done
  rig.area.command_done(1, "identify", true, "Moves: …");
  CHECK(rig.now().staff.pairing.candidates[1].chosen);
  CHECK(rig.now().staff.pairing.can_use);

  rig.tap(TapKind::use_sensor);
  const auto* asked = rig.newest<SetSensorNumber>();
  REQUIRE(asked);
  CHECK(asked->param == "speed_cadence");
  CHECK(asked->number == 12345);
  CHECK_FALSE(rig.now().staff.pairing.can_use);
  rig.area.stored(asked->ticket, {});
  view = rig.now().staff.pairing;
  CHECK(view.candidates[1].in_use);
  CHECK(view.message.text == "Speed and cadence sensor 12345 belongs to Bike warm-up from now on");
  rig.area.device(1, {Liveness::starting, "ANT+ stick is starting", false});  // with its new number
  CHECK(has(rig.now().staff.pairing.message.text, "from now on"));
  CHECK(rig.now().staff.pairing.candidates.size() == 2);
  rig.area.device(1, {Liveness::live, "", true});
  rig.tap(TapKind::back);  // and it is remembered
  rig.tap(TapKind::staff_pair, "", 1);
  rig.tap(TapKind::listen);
  rig.area.sample(1, 1, rig.now_us, kBike + 12345, 0);
  CHECK(rig.now().staff.pairing.candidates.at(0).in_use);
}

TEST_CASE("when several move, or none, a person decides") {
  Rig rig;
  constexpr double kBike = 121 * 65536.0, kStrap = 120 * 65536.0;
  const auto listen = [&](std::vector<double> moving, std::vector<double> heard = {}) {
    rig.tap(TapKind::listen);
    for (const double code : heard) rig.area.sample(1, 1, rig.now_us, code, 0);
    for (const double code : moving) rig.area.sample(1, 2, rig.now_us, code, 0);
    rig.area.command_done(1, "identify", true, "");
    return rig.now().staff.pairing;
  };
  rig.area.device(1, {Liveness::live, "", true});
  rig.sign_in();
  rig.tap(TapKind::staff_pair, "", 1);
  auto view = listen({kBike + 1, kBike + 2});
  CHECK_FALSE(view.can_use);
  CHECK(has(view.message.text, "Several moved"));
  rig.tap(TapKind::choose_sensor, "speed_cadence_2");
  rig.tap(TapKind::use_sensor);
  REQUIRE(rig.newest<SetSensorNumber>());
  CHECK(rig.newest<SetSensorNumber>()->number == 2);
  rig.area.stored(rig.newest<SetSensorNumber>()->ticket, {Outcome::Kind::refused, "the folder cannot be written"});
  CHECK(has(rig.now().staff.pairing.message.text, "what was in force stays: the folder"));
  CHECK(rig.now().staff.pairing.can_use);

  // A strap and a crank of one client: the kind that the station uses is meant, the other can be tapped.
  view = listen({kStrap + 3, kBike + 2});
  REQUIRE(view.candidates.size() == 2);
  CHECK(view.candidates[0].chosen);
  CHECK(view.candidates[0].number == 2);
  rig.tap(TapKind::choose_sensor, "heart_rate_3");
  rig.tap(TapKind::use_sensor);
  rig.area.stored(rig.newest<SetSensorNumber>()->ticket, {Outcome::Kind::later, "the file was changed"});
  CHECK(has(rig.now().staff.pairing.message.text, "Stored, but: the file was changed"));

  CHECK(has(listen({}, {kBike + 2}).message.text, "Nothing moved"));
  CHECK(has(listen({}).message.text, "No sensor was heard"));
  rig.tap(TapKind::listen);
  rig.area.command_done(1, "identify", false, "The stick was pulled out");
  CHECK(rig.now().staff.pairing.message.text == "The stick was pulled out");
  CHECK(rig.now().staff.pairing.message.trouble);

  std::vector<double> many;
  for (int i = 1; i <= 30; ++i) many.push_back(kBike + i);
  CHECK(listen({kBike + 30}, many).candidates.size() == 30);
  CHECK(rig.now().staff.pairing.can_use);
}

TEST_CASE("a stick that listens goes on when the screen is left, and is not asked twice") {
  Rig rig;
  rig.area.device(1, {Liveness::live, "", true});
  rig.sign_in();
  rig.tap(TapKind::staff_pair, "", 1);
  rig.tap(TapKind::listen);
  const std::size_t asked = rig.asked.size();
  rig.tap(TapKind::back);
  rig.tap(TapKind::staff_pair, "", 1);
  CHECK(rig.now().staff.pairing.listening);
  rig.tap(TapKind::listen);
  CHECK(rig.asked.size() == asked);
  rig.area.sample(1, 2, rig.now_us, 121 * 65536.0 + 5, 0);
  rig.area.command_done(1, "identify", true, "");
  CHECK(rig.now().staff.pairing.can_use);

  rig.tap(TapKind::listen);
  rig.area.device(1, {Liveness::absent, "Waiting for ANT+ stick: plug it in", false});
  const auto view = rig.now().staff.pairing;
  CHECK_FALSE(view.listening);
  CHECK_FALSE(view.can_listen);
  CHECK(view.device.text == "Waiting for ANT+ stick: plug it in");
  CHECK(view.message.text.empty());
}
