#include "pages.hpp"

#include <cmath>
#include <string>

#include "event_meter.hpp"
#include "hex.hpp"
#include "support/catch.hpp"

using namespace patella::ant_plus;

namespace {

constexpr int64_t kMs = 1000, kS = 1'000'000, kMessage = 250 * kMs;

/// A sensor that is told pages, at four a second unless said otherwise.
struct Told {
  explicit Told(uint8_t type) : sensor(make_sensor(type, 2.096)) {}
  Values page(const std::string& text, int64_t after_us = kMessage) {
    const auto bytes = hex(text);
    REQUIRE(bytes.size() == 8);
    Payload payload{};
    std::copy(bytes.begin(), bytes.end(), payload.begin());
    return page(payload, after_us);
  }
  Values page(const Payload& payload, int64_t after_us = kMessage) {
    Values values;
    t_us += after_us;
    sensor->take(payload, t_us, values);
    return values;
  }
  std::unique_ptr<Sensor> sensor;
  int64_t t_us = 100 * kS;
};

/// NaN when it is not among the values.
double of(const Values& values, Quantity what) {
  for (const Value& value : values)
    if (value.what == what) return value.value;
  return std::nan("");
}
bool has(const Values& values, Quantity what) { return !std::isnan(of(values, what)); }

/// Page of a speed and cadence sensor.
Payload turns(int crank_time, int crank, int wheel_time = 0, int wheel = 0) {
  const auto low = [](int value) { return static_cast<uint8_t>(value & 0xFF); };
  const auto high = [](int value) { return static_cast<uint8_t>(value >> 8 & 0xFF); };
  return {low(crank_time), high(crank_time), low(crank), high(crank), low(wheel_time), high(wheel_time), low(wheel), high(wheel)};
}

}  // namespace

TEST_CASE("cadence and speed over the roll-over of both counters") {
  Told bike(0x79);
  CHECK(bike.page("00 FF FF FF 00 10 64 00").empty());  // the first only sets the base
  const Values values = bike.page("00 02 00 00 00 14 67 00");
  CHECK(of(values, Quantity::cadence_rpm) == Approx(80.0));
  CHECK(of(values, Quantity::speed_mps) == Approx(3 * 2.096));
  CHECK(of(values, Quantity::distance_m) == Approx(3 * 2.096));
  CHECK(bike.sensor->moved());
}

TEST_CASE("a repeated event is no new value; when it repeats for longer than this sensor's gaps it is 0") {
  Told bike(0x79);
  bike.page(turns(0, 0));
  REQUIRE(of(bike.page(turns(1024, 1)), Quantity::cadence_rpm) == Approx(60));
  bike.page(turns(2048, 2), kS);
  bike.page(turns(3072, 3), kS);
  std::string shown;
  for (int message = 1; message <= 14; ++message) {
    const Values values = bike.page(turns(3072, 3));
    CHECK_FALSE(bike.sensor->moved());
    const double rpm = of(values, Quantity::cadence_rpm);
    shown += std::isnan(rpm) ? "-" : std::to_string(static_cast<int>(std::lround(rpm)));
    shown += " ";
  }
  CHECK(shown == "- - - - - - - - - - - 0 0 0 ");                             // after 3 s
  CHECK(of(bike.page(turns(7168, 4)), Quantity::cadence_rpm) == Approx(15));  // and on it goes
}

TEST_CASE("a sensor that renews its counters with every fourth or eighth message loses no turn and no speed") {
  const int renewed_every = GENERATE(1, 4, 8);
  const double rpm = GENERATE(24.0, 95.0);
  INFO("renewed every " << renewed_every << " messages, " << rpm << " rpm");
  constexpr double kWheelPerCrank = 1.7;
  Told bike(0x79);
  Payload page = turns(0, 0, 0, 0);
  double distance_m = 0;
  int shown = 0, turned = 0, zeros = 0;
  for (int message = 0; message < 600; ++message) {
    if (message % renewed_every == 0) {
      const double seconds = message * 0.25;
      turned = static_cast<int>(seconds * rpm / 60);
      const int wheel = static_cast<int>(seconds * rpm / 60 * kWheelPerCrank);
      page = turns(static_cast<int>(turned * 60 / rpm * 1024), turned, static_cast<int>(wheel * 60 / rpm / kWheelPerCrank * 1024),
                   wheel);
    }
    const Values values = bike.page(page);
    const double cadence = of(values, Quantity::cadence_rpm), speed_mps = of(values, Quantity::speed_mps);
    if (!std::isnan(cadence)) {
      ++shown;
      CHECK(cadence == Approx(rpm).epsilon(0.003));
    }
    if (!std::isnan(speed_mps)) CHECK(speed_mps == Approx(rpm / 60 * kWheelPerCrank * 2.096).epsilon(0.003));
    if (has(values, Quantity::distance_m)) distance_m = of(values, Quantity::distance_m);
    zeros += cadence == 0;
  }
  CHECK(zeros == 0);
  CHECK(shown > 20);
  CHECK(distance_m == Approx(turned * kWheelPerCrank * 2.096).epsilon(0.03));
  // A real stop is told: 4.5 s after the last turn at the latest, or 1.3 gaps of a slow one.
  int64_t waited_us = 0;
  while (waited_us < 20 * kS && of(bike.page(page), Quantity::cadence_rpm) != 0) waited_us += kMessage;
  CHECK(waited_us <= 4'750 * kMs);
}

TEST_CASE("a power meter that renews its counters with every fourth message has one power, and no cadence of 0") {
  Told meter(0x0B);
  int told = 0;
  for (int message = 0; message < 80; ++message) {
    const auto n = static_cast<uint8_t>(message / 16);
    const uint16_t sum = static_cast<uint16_t>(n * 180);
    const Values values =
        meter.page(Payload{0x10, n, 0xFF, 20, static_cast<uint8_t>(sum & 0xFF), static_cast<uint8_t>(sum >> 8), 180, 0});
    if (!has(values, Quantity::power_w)) continue;
    if (message < 48) continue;  // the meter's gap of 4 s is learned from its first two
    ++told;
    CHECK(of(values, Quantity::power_w) == 180);
    CHECK(of(values, Quantity::cadence_rpm) == 20);
  }
  CHECK(told >= 2);
}

TEST_CASE("cranks that stand from the beginning are 0 rpm after 4.5 seconds, not before") {
  Told bike(0x79);
  for (int message = 0; message < 18; ++message) CHECK_FALSE(has(bike.page(turns(500, 7)), Quantity::cadence_rpm));
  CHECK(of(bike.page(turns(500, 7)), Quantity::cadence_rpm) == 0);
}

TEST_CASE("a time that moves without a turn is no 0 rpm: it is a base") {
  Told bike(0x79);
  bike.page(turns(0, 0));
  bike.page(turns(0, 0));
  CHECK_FALSE(has(bike.page(turns(30000, 0)), Quantity::cadence_rpm));
  CHECK(of(bike.page(turns(30512, 1)), Quantity::cadence_rpm) == Approx(120));
}

TEST_CASE("lost messages: the turns in between count; after two seconds of silence the value is not one of now") {
  Told bike(0x79);
  bike.page(turns(0, 0, 0, 0));
  bike.page(turns(1024, 1, 1024, 3));
  const Values bridged = bike.page(turns(3072, 4, 3072, 9), 2 * kS);
  CHECK(of(bridged, Quantity::cadence_rpm) == Approx(90));
  CHECK(of(bridged, Quantity::distance_m) == Approx(9 * 2.096));
  const Values after = bike.page(turns(13072, 14, 13072, 30), 10 * kS);
  CHECK_FALSE(has(after, Quantity::cadence_rpm));
  CHECK_FALSE(has(after, Quantity::speed_mps));
  CHECK(of(after, Quantity::distance_m) == Approx(30 * 2.096));  // the way was made all the same
  CHECK(of(bike.page(turns(13584, 15)), Quantity::cadence_rpm) == Approx(120));
}

TEST_CASE("after a silence as long as the counter is sure for, the way made meanwhile is not guessed") {
  Told bike(0x79);
  bike.page(turns(0, 0, 0, 0));
  bike.page(turns(1024, 1, 1024, 3));
  // 65536 turns of the wheel at 50 m/s take 45 minutes. This one lost its counter: 3 → 1 is no 65534 turns.
  CHECK_FALSE(has(bike.page(turns(0, 0, 500, 1), 3600 * kS), Quantity::distance_m));
  CHECK(of(bike.page(turns(1024, 1, 1012, 2)), Quantity::distance_m) == Approx(4 * 2.096));
  Told trainer(0x11);
  trainer.page("10 19 D4 D4 A5 3C FF 34");
  trainer.page("10 19 D5 DE A5 3C FF 34", 2 * kS);
  CHECK(of(trainer.page("10 19 D6 10 A5 3C FF 34", 60 * kS), Quantity::distance_m) == 10);  // 256 m go round sooner
  CHECK(of(trainer.page("10 19 D7 14 A5 3C FF 34"), Quantity::distance_m) == 14);
}

TEST_CASE("after more than 64 s without an event the time is ambiguous: the first step is dropped") {
  Told bike(0x79);
  bike.page(turns(0, 0));
  bike.page(turns(1024, 1));
  for (int i = 0; i < 260; ++i) bike.page(turns(1024, 1));
  // 65.5 s later: the event time has rolled over once and says 1.5 s.
  CHECK_FALSE(has(bike.page(turns(1024 + 1536, 2), 500 * kMs), Quantity::cadence_rpm));
  CHECK(of(bike.page(turns(1024 + 1536 + 1024, 3), kS), Quantity::cadence_rpm) == Approx(60));
  // Just under it the step is a slow turn: 2 turns in 60 s.
  for (int i = 0; i < 236; ++i) bike.page(turns(1024 + 2560, 3));
  CHECK(of(bike.page(turns(1024 + 2560 + 60 * 1024, 5), kS), Quantity::cadence_rpm) == Approx(2));
}

TEST_CASE("a sensor that counts from the beginning again makes neither way nor cadence") {
  Told bike(0x79);
  bike.page(turns(0, 0, 50000, 40000));
  bike.page(turns(1024, 1, 51024, 40003));
  const Values values = bike.page(turns(100, 1, 200, 5));
  CHECK_FALSE(has(values, Quantity::speed_mps));
  CHECK_FALSE(has(values, Quantity::distance_m));
  CHECK(of(bike.page(turns(100, 1, 1224, 8)), Quantity::distance_m) == Approx(6 * 2.096));
}

TEST_CASE("more than 250 rpm is not true") {
  Told bike(0x79);
  bike.page(turns(0, 0));
  CHECK_FALSE(has(bike.page(turns(245, 1)), Quantity::cadence_rpm));
  CHECK(of(bike.page(turns(245 + 246, 2)), Quantity::cadence_rpm) == Approx(249.76).margin(0.01));
}

TEST_CASE("cadence sensor: every page counts, page 5 says that the cranks stand") {
  Told bike(0x7A);
  CHECK(bike.page("80 FF FF FF 00 04 01 00").empty());
  CHECK(of(bike.page("02 01 02 03 00 08 02 00"), Quantity::cadence_rpm) == Approx(60));
  CHECK(bike.page("83 01 02 03 00 08 02 00").empty());
  CHECK(of(bike.page("85 01 00 00 00 08 02 00"), Quantity::cadence_rpm) == 0);
  CHECK(bike.page("05 00 00 00 00 08 02 00").empty());
}

TEST_CASE("power page 10: the mean of the events since the last message, share of the right pedal, cadence") {
  Told meter(0x0B);
  CHECK(meter.page("10 05 FF 50 00 10 64 00").empty());
  const Values one = meter.page("10 06 B3 51 C8 10 C8 00");
  CHECK(of(one, Quantity::power_w) == 200);
  CHECK(of(one, Quantity::cadence_rpm) == 0x51);
  CHECK(of(one, Quantity::right_share_pct) == 0x33);
  CHECK(meter.page("10 06 B3 51 C8 10 C8 00").empty());
  const Values three = meter.page("10 09 32 FF F4 11 00 00");  // two lost; which pedal is not known, no cadence
  CHECK(of(three, Quantity::power_w) == 100);
  CHECK_FALSE(has(three, Quantity::cadence_rpm));
  CHECK_FALSE(has(three, Quantity::right_share_pct));
  Told rolling(0x0B);
  rolling.page("10 FF FF 50 9C FF 64 00");
  CHECK(of(rolling.page("10 00 FF 50 2C 01 64 00"), Quantity::power_w) == 400);
}

TEST_CASE("power page 10 that repeats an event for three seconds is 0 W and 0 rpm") {
  Told meter(0x0B);
  for (const char* page : {"10 03 FF 50 38 0F 64 00", "10 04 FF 50 9C 0F 64 00", "10 05 FF 50 00 10 64 00"}) meter.page(page, kS);
  meter.page("10 06 FF 50 64 10 64 00", kS);
  for (int message = 1; message < 12; ++message) CHECK(meter.page("10 06 FF 50 64 10 64 00").empty());
  const Values values = meter.page("10 06 FF 50 64 10 64 00");
  CHECK(of(values, Quantity::power_w) == 0);
  CHECK(of(values, Quantity::cadence_rpm) == 0);
}

TEST_CASE("crank torque: cadence from the period, power from torque and cadence") {
  Told meter(0x0B);
  meter.page("12 01 01 FF 00 00 00 00");
  // One turn in 2048/2048 s, 32/32 Nm more: 60 rpm, 1 Nm, 2 pi W.
  const Values values = meter.page("12 02 02 FF 00 08 20 00");
  CHECK(of(values, Quantity::cadence_rpm) == Approx(60));
  CHECK(of(values, Quantity::torque_nm) == Approx(1));
  CHECK(of(values, Quantity::power_w) == Approx(6.2832).margin(0.001));
  const Values rolled = meter.page("12 04 04 FF 00 10 A0 00");
  CHECK(of(rolled, Quantity::torque_nm) == Approx(2));  // of each of two turns
  CHECK(of(rolled, Quantity::cadence_rpm) == Approx(120));
  for (int i = 0; i < 20; ++i) meter.page("12 04 04 FF 00 10 A0 00");
  const Values stopped = meter.page("12 04 04 FF 00 10 A0 00");
  CHECK(of(stopped, Quantity::cadence_rpm) == 0);
  CHECK(of(stopped, Quantity::power_w) == 0);
  // Page 10 in between tells of the same turns: the torque page leads.
  meter.page("10 05 FF 50 00 10 64 00");
  CHECK(meter.page("10 06 FF 50 64 10 64 00").empty());
}

TEST_CASE("torque pages without a cadence leave it to page 10, and torque without a zero leaves the power to it") {
  Told wheel(0x0B);
  int told = 0;
  for (int i = 0; i < 40; ++i) {
    const auto n = static_cast<uint8_t>(i / 2);
    const Values torque = wheel.page(Payload{0x11, n, n, 0xFF, 0, static_cast<uint8_t>(n * 8), static_cast<uint8_t>(n * 32),
                                             static_cast<uint8_t>(n * 32 >> 8)});
    CHECK_FALSE(has(torque, Quantity::cadence_rpm));
    const Values power =
        wheel.page(Payload{0x10, n, 0xFF, 88, static_cast<uint8_t>(n * 200), static_cast<uint8_t>(n * 200 >> 8), 200, 0});
    if (has(power, Quantity::cadence_rpm)) {
      ++told;
      CHECK(of(power, Quantity::cadence_rpm) == 88);
    }
    if (i > 2) CHECK_FALSE(has(power, Quantity::power_w));  // that one the torque knows better
  }
  CHECK(told >= 18);
  Told frequency(0x0B);
  told = 0;
  for (int i = 0; i < 40; ++i) {
    const auto n = static_cast<uint8_t>(i / 2);
    const int time = i / 2 * 2000, ticks = i / 2 * 900;
    frequency.page(Payload{0x20, n, 0x00, 0xD5, static_cast<uint8_t>(time >> 8), static_cast<uint8_t>(time),
                           static_cast<uint8_t>(ticks >> 8), static_cast<uint8_t>(ticks)});
    const Values power =
        frequency.page(Payload{0x10, n, 0xFF, 60, static_cast<uint8_t>(n * 200), static_cast<uint8_t>(n * 200 >> 8), 200, 0});
    if (has(power, Quantity::power_w)) {
      ++told;
      CHECK(of(power, Quantity::power_w) == 200);
    }
  }
  CHECK(told >= 18);
  CHECK(frequency.sensor->lacks() == "");
}

TEST_CASE("page 10 with the same counter after a silence has told no power: a zero that lacks is told") {
  Told meter(0x0B);
  meter.page("20 C4 00 D5 75 B3 FC 67");
  REQUIRE(meter.sensor->lacks() != "");
  meter.page("10 05 FF 50 00 10 64 00");
  meter.page("10 05 FF 50 00 10 64 00", 3 * kS);
  CHECK(meter.sensor->lacks() != "");
  meter.page("10 06 FF 50 64 10 64 00");
  CHECK(meter.sensor->lacks() == "");
}

TEST_CASE("wheel torque: power from the wheel, cadence only when the meter knows it") {
  Told meter(0x0B);
  meter.page("11 FF FF 5A 00 F8 F0 FF");
  const Values values = meter.page("11 00 00 5A 00 00 30 00");  // all counters rolled over
  CHECK(of(values, Quantity::torque_nm) == Approx(2));
  CHECK(of(values, Quantity::power_w) == Approx(2 * 6.2832).margin(0.001));
  CHECK(of(values, Quantity::cadence_rpm) == 0x5A);
  CHECK_FALSE(has(meter.page("11 01 01 FF 00 08 30 00"), Quantity::cadence_rpm));
}

TEST_CASE("torque frequency is big-endian and needs the zero that the meter tells") {
  Told meter(0x0B);
  const auto page = [&](int count, int time, int ticks) {
    const auto high = [](int v) { return static_cast<uint8_t>(v >> 8 & 0xFF); };
    const auto low = [](int v) { return static_cast<uint8_t>(v & 0xFF); };
    return meter.page(Payload{0x20, low(count), 0x00, 0xD5, high(time), low(time), high(ticks), low(ticks)});
  };
  meter.page("20 C4 00 D5 75 B3 FC 67");  // as recorded: count 196, slope 21.3, ticks fc67
  CHECK(meter.sensor->lacks() != "");
  Values values = page(197, 0x75B3 + 2000, 0xFC67 + 800);
  CHECK(of(values, Quantity::cadence_rpm) == Approx(60));
  CHECK_FALSE(has(values, Quantity::power_w));
  meter.page("01 10 01 00 00 00 02 4B");  // as recorded: the zero is 587 Hz
  CHECK(meter.sensor->lacks() == "");
  values = page(198, 0x75B3 + 4000, 0xFC67 + 1800);
  CHECK(of(values, Quantity::torque_nm) == Approx((1000 - 587) / 21.3));
  CHECK(of(values, Quantity::power_w) == Approx((1000 - 587) / 21.3 * 6.28319).epsilon(0.001));
  values = page(199, 0x75B3 + 6000, 0xFC67 + 2300);  // less than the zero: pushed backwards
  CHECK(of(values, Quantity::power_w) == 0);
}

TEST_CASE("heart rate: with each new beat, and the time between two") {
  Told strap(0x78);
  CHECK(strap.page("00 FF FF FF 00 10 20 48").empty());
  const Values values = strap.page("00 FF FF FF 00 14 21 48");
  CHECK(of(values, Quantity::heart_rate_bpm) == 72);
  CHECK(of(values, Quantity::beat_interval_s) == Approx(1.0));
  CHECK(strap.page("00 FF FF FF 00 14 21 48").empty());
  CHECK_FALSE(has(strap.page("00 FF FF FF 00 1C 23 48"), Quantity::beat_interval_s));  // two at once
  CHECK_FALSE(has(strap.page("00 FF FF FF 00 20 24 00"), Quantity::heart_rate_bpm));   // 0 is not valid
  // Page 4 knows the beat before, but only once the upper bit has been seen to change.
  CHECK_FALSE(has(strap.page("04 FF 00 1C 00 28 26 48"), Quantity::beat_interval_s));
  const Values page_4 = strap.page("84 FF 00 2D 00 30 28 48");
  CHECK(of(page_4, Quantity::beat_interval_s) == Approx(0.75));
  Told rolling(0x78);
  rolling.page("00 FF FF FF 00 FE FF 48");
  CHECK(of(rolling.page("00 FF FF FF 00 01 00 48"), Quantity::beat_interval_s) == Approx(0.75));
}

TEST_CASE("trainer pages as recorded") {
  Told trainer(0x11);
  Values values = trainer.page("10 19 D4 D4 A5 3C FF 34");
  CHECK(of(values, Quantity::speed_mps) == Approx(15.525));
  CHECK(of(values, Quantity::trainer_state) == 3);
  CHECK(of(values, Quantity::distance_m) == 0);
  CHECK_FALSE(has(values, Quantity::heart_rate_bpm));
  CHECK(of(trainer.page("10 19 00 02 A5 3C 50 34"), Quantity::distance_m) == 46);  // 212 → 2 of 256
  CHECK(of(trainer.page("10 19 00 00 00 00 FF 24"), Quantity::trainer_state) == 2);

  CHECK(trainer.page("19 7E FF B7 00 CB 00 31").empty());
  values = trainer.page("19 7F FF B7 00 CB 00 31");
  CHECK(of(values, Quantity::power_w) == 203);
  CHECK_FALSE(has(values, Quantity::cadence_rpm));
  CHECK(trainer.page("19 7F FF B7 00 CB 00 31").empty());  // no new event
  CHECK(of(trainer.page("19 69 FF C5 EA 3C 00 31"), Quantity::power_w) == 60);
  CHECK(of(trainer.page("19 2A FF C0 00 39 00 31"), Quantity::power_w) == 57);
  CHECK(of(trainer.page("19 2B 50 C0 00 00 F4 31"), Quantity::power_w) == 1024);
  CHECK(of(trainer.page("19 2C 50 C0 00 00 F4 31"), Quantity::cadence_rpm) == 80);
  CHECK_FALSE(has(trainer.page("19 2D FF FF FF FF 0F 31"), Quantity::power_w));
  values = trainer.page("15 FF FF FF 58 91 00 30");
  CHECK(of(values, Quantity::cadence_rpm) == 88);
  CHECK(of(values, Quantity::power_w) == 145);
  CHECK(trainer.page("15 FF FF FF FF FF FF 30").empty());

  for (const char* other :
       {"F2 56 5F CF 46 B4 00 FF", "F1 D0 07 00 C0 46 B7 12", "51 FF 27 10 89 E0 41 D3", "11 EC 98 00 7A 26 21 10"})
    CHECK(trainer.page(other).empty());
  CHECK(of(trainer.page("10 EC FF 00 BE 4E 00 00"), Quantity::speed_mps) == Approx(20.158));
}

TEST_CASE("a trainer that asks for a calibration, and a meter whose zeroing failed, say so until it is done") {
  Told trainer(0x11);
  trainer.page("19 7E FF B7 00 CB 00 31");
  CHECK(trainer.sensor->lacks() == "");
  trainer.page("19 7F FF B7 00 CB 10 31");
  CHECK(trainer.sensor->lacks().find("calibration of its power") != std::string::npos);
  trainer.page("19 80 FF B7 00 CB 20 31");
  CHECK(trainer.sensor->lacks().find("resistance") != std::string::npos);
  trainer.page("19 81 FF B7 00 CB 00 31");
  CHECK(trainer.sensor->lacks() == "");
  Told meter(0x0B);
  meter.page("01 AF FF FF FF FF 00 00");
  CHECK(meter.sensor->lacks().find("could not set its zero") != std::string::npos);
  meter.page("01 AC FF FF FF FF 4B 02");
  CHECK(meter.sensor->lacks() == "");
}

TEST_CASE("pages of other makers, calibration and battery say nothing of a power meter's work") {
  Told meter(0x0B);
  for (const char* other : {"01 10 01 00 00 00 02 4B", "50 FF FF 01 06 00 01 00", "52 FF FF 01 02 03 04 05",
                            "00 00 00 00 00 00 00 00", "F0 01 02 03 04 05 06 07"})
    CHECK(meter.page(other).empty());
}
