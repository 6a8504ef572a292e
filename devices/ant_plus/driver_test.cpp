// The driver against single bytes: a stick that is played by hand. (model_test.cpp has the whole one.)
#include "driver.hpp"

#include <patella/testing.hpp>

#include <fstream>
#include <map>
#include <random>
#include <sstream>

#include "hex.hpp"
#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::ant_plus;
using patella::testing::ScriptedDriverHost;

namespace {

constexpr int64_t kMs = 1000, kS = 1'000'000;
constexpr const char* kZeroKey = "0000000000000000";
const patella_device& kTable = patella::sdk::DeviceGlue<Driver>::kTable;

std::vector<patella_value> values(const char* key, const std::map<const char*, double>& sensors) {
  std::vector<patella_value> all = {{"network_key", -1, 0, key}};
  for (const auto& [name, number] : sensors) all.push_back({name, -1, number, nullptr});
  return all;
}

/// Answers every command 2 ms later, as a stick does that can do everything.
struct PlayedStick {
  explicit PlayedStick(const std::map<const char*, double>& sensors = {{"speed_cadence", 0}}, const char* key = kZeroKey)
      : rig(kTable, values(key, sensors)) {}

  Bytes answer(const Bytes& frame) {
    const uint8_t id = frame[2], first = frame[3];
    if (silent_to == id) return {};
    if (id == 0x4A) return encode(Id::start_up, std::array<uint8_t, 1>{0x20});
    if (id == 0x4D && frame[4] == 0x54) return encode(Id::capabilities, std::array<uint8_t, 3>{channels, 3, 0});
    if (id == 0x4D)
      return encode(Id::channel_id, std::array<uint8_t, 5>{first, static_cast<uint8_t>(sender & 0xFF),
                                                           static_cast<uint8_t>(sender >> 8), 0x79, 1});
    const uint8_t code = refused == id ? refusal : uint8_t{0};
    Bytes bytes = encode(Id::response, std::array{first, id, code});
    if (id == 0x4C && code == 0) {
      const Bytes closed = encode(Id::response, std::array<uint8_t, 3>{first, 1, 7});
      bytes.insert(bytes.end(), closed.begin(), closed.end());
    }
    return bytes;
  }
  void run_for(int64_t us) {
    const int64_t end_us = rig.now_us + us;
    while (rig.now_us < end_us) {
      if (answered < rig.writes.size()) {
        const Bytes bytes = answer(rig.writes[answered++].bytes);
        rig.run_for(2 * kMs);
        if (!bytes.empty()) rig.receive(bytes);
      } else {
        rig.run_to(std::min(end_us, rig.now_us + 5 * kMs));
      }
    }
  }
  void start() {
    rig.connect();
    run_for(2 * kS);
  }
  void event(uint8_t channel, uint8_t code) { rig.receive(encode(Id::response, std::array<uint8_t, 3>{channel, 1, code})); }
  /// A page of a speed and cadence sensor on that channel, after 250 ms.
  void turns(int time, int count, uint8_t channel = 0) {
    run_for(250 * kMs);
    const auto low = static_cast<uint8_t>(time & 0xFF), high = static_cast<uint8_t>(time >> 8 & 0xFF);
    rig.receive(
        encode(Id::broadcast, std::array<uint8_t, 9>{channel, low, high, static_cast<uint8_t>(count & 0xFF), 0, 0, 0, 0, 0}));
  }
  std::vector<Bytes> written(std::size_t from = 0) const {
    std::vector<Bytes> all;
    for (std::size_t i = from; i < rig.writes.size(); ++i) all.push_back(rig.writes[i].bytes);
    return all;
  }

  ScriptedDriverHost rig;
  std::size_t answered = 0;
  uint8_t channels = 8, refused = 0, refusal = 0x28;
  int silent_to = -1;
  uint16_t sender = 12345;  ///< told when it is asked for
};

}  // namespace

TEST_CASE("plugin.toml gives the number of each kind of sensor to the parameter of that kind") {
  std::ostringstream text;
  text << std::ifstream(PATELLA_SOURCE_DIR "/devices/ant_plus/plugin.toml").rdbuf();
  for (const Profile& profile : kProfiles) {
    const std::string entry = "{ kind = " + std::to_string(profile.type) + ", param = \"" + profile.key + "\" }";
    INFO(entry);
    CHECK(text.str().find(entry) != std::string::npos);
  }
}

TEST_CASE("the set-up is the known sequence, byte for byte, with the pause after the reset") {
  PlayedStick stick;
  stick.start();
  CHECK(stick.written() == std::vector<Bytes>{hex("A4 01 4A 00 EF"), hex("A4 02 4D 00 54 BF"),
                                              hex("A4 09 46 00 00 00 00 00 00 00 00 00 EB"), hex("A4 02 6E 00 E0 28"),
                                              hex("A4 03 42 00 00 00 E5"), hex("A4 05 51 00 00 00 79 00 89"),
                                              hex("A4 02 45 00 39 DA"), hex("A4 03 43 00 96 1F 6D"), hex("A4 02 44 00 0C EE"),
                                              hex("A4 01 4B 00 EE")});
  CHECK(stick.rig.writes[1].t_us - stick.rig.writes[0].t_us >= 500 * kMs);
  CHECK(stick.rig.was(PATELLA_DEVICE_STARTING));
  CHECK(stick.rig.state() == PATELLA_DEVICE_SILENT);
  CHECK(stick.rig.text() == "No speed and cadence sensor is heard: turn the cranks");
  CHECK(stick.rig.violations.empty());
}

TEST_CASE("each sensor that is named gets a channel of its own, with its number, type and period") {
  PlayedStick stick({{"cadence", 4660}, {"speed_cadence", 0}, {"power", 486}, {"trainer", 57481}, {"heart_rate", 65535}});
  stick.start();
  const auto all = stick.written();
  REQUIRE(all.size() == 4 + 5 * 6);
  CHECK(all[5] == hex("A4 05 51 00 34 12 7A 00 AC"));
  CHECK(all[7] == set_period(0, 8102));
  CHECK(all[11] == set_channel_id(1, 0, 0x79));
  CHECK(all[13] == set_period(1, 8086));
  CHECK(all[17] == set_channel_id(2, 486, 0x0B));
  CHECK(all[19] == set_period(2, 8182));
  CHECK(all[23] == set_channel_id(3, 57481, 0x11));
  CHECK(all[25] == set_period(3, 8192));
  CHECK(all[29] == set_channel_id(4, 65535, 0x78));
  CHECK(all[31] == set_period(4, 8070));
  CHECK(all[33] == open_channel(4));
}

TEST_CASE("without a network key nothing is sent, and staff are told where it goes") {
  for (const char* key : {static_cast<const char*>(nullptr), "", "12345", "not a key at all"}) {
    PlayedStick stick({{"speed_cadence", 0}}, key);
    stick.start();
    CHECK(stick.rig.writes.empty());
    CHECK(stick.rig.state() == PATELLA_DEVICE_FAILED);
    CHECK(stick.rig.text().find("network") != std::string::npos);
    CHECK(stick.rig.text().find("kiosk.toml, [drivers.ant_plus]") != std::string::npos);
    if (key && *key) CHECK(stick.rig.text().find(key) == std::string::npos);  // it may be nearly the real one
    CHECK_FALSE(stick.rig.command("identify"));
  }
}

TEST_CASE("the key that is set is the one that is sent, and it is in no log") {
  PlayedStick stick({{"speed_cadence", 0}}, "01 23 45 67 89 AB CD EF");
  stick.refused = 0x46;
  stick.refusal = 0x29;
  stick.start();
  CHECK(stick.written()[2] == set_network_key({0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF}));
  CHECK(stick.rig.state() == PATELLA_DEVICE_SILENT);
  CHECK(stick.rig.text().find("network_key") != std::string::npos);
  for (const std::string& line : stick.rig.logs) CHECK(line.find("89") == std::string::npos);
}

TEST_CASE(
    "a number of more than 16 bits from a phone app: its low 16 bits are meant, and which number that is is "
    "told") {
  PlayedStick stick({{"speed_cadence", 91234}});
  stick.start();
  CHECK(std::any_of(stick.rig.logs.begin(), stick.rig.logs.end(), [](const std::string& log) {
    return log == "speed_cadence = 91234: ANT+ device number 25698 (low 16 bits)";
  }));
  CHECK(stick.rig.text() ==
        "Speed and cadence sensor {91234} is not heard: turn the cranks\n"
        "{91234} stands for the ANT+ device number {25698}, its low 16 bits");
  bool set = false;
  for (const Bytes& bytes : stick.written()) set |= bytes.size() > 5 && bytes[2] == 0x51 && bytes[4] == 0x62 && bytes[5] == 0x64;
  CHECK(set);  // 25698 = 0x6462
}

TEST_CASE("a number whose low 16 bits are 0 is refused: it would take the first sensor heard") {
  PlayedStick stick({{"speed_cadence", 131072}});
  stick.start();
  CHECK(stick.rig.state() == PATELLA_DEVICE_FAILED);
  CHECK(stick.rig.text().find("low 16 bits are 0") != std::string::npos);
  CHECK(stick.rig.writes.empty());
}

TEST_CASE("no sensor named: said, not guessed") {
  PlayedStick stick({{"speed_cadence", -1}});
  stick.start();
  CHECK(stick.rig.state() == PATELLA_DEVICE_FAILED);
  CHECK(stick.rig.text().find("[bind.params]") != std::string::npos);
  CHECK(stick.rig.writes.empty());
}

TEST_CASE(
    "no start-up message: three resets, a second apart; then staff are asked to plug it again, and it goes "
    "on") {
  PlayedStick stick;
  stick.silent_to = 0x4A;
  stick.rig.connect();
  stick.run_for(2900 * kMs);
  CHECK(stick.written() == std::vector<Bytes>(3, reset_stick()));
  CHECK(stick.rig.state() == PATELLA_DEVICE_STARTING);
  stick.run_for(300 * kMs);
  CHECK(stick.rig.state() == PATELLA_DEVICE_SILENT);
  CHECK(stick.rig.text() == "The ANT stick does not answer. Pull it out and plug it in again");
  stick.silent_to = -1;
  stick.run_for(10 * kS);
  CHECK(stick.rig.text() == "No speed and cadence sensor is heard: turn the cranks");
  CHECK(stick.rig.writes.back().bytes == open_channel(0));
}

TEST_CASE("a command without an answer is sent three times, then everything starts again") {
  PlayedStick stick;
  stick.silent_to = 0x51;
  stick.rig.connect();
  stick.run_for(4 * kS);
  const auto all = stick.written();
  REQUIRE(all.size() == 9);
  CHECK(all[5] == all[6]);
  CHECK(all[5] == all[7]);
  CHECK(all[8] == reset_stick());
  stick.silent_to = -1;
  stick.run_for(3 * kS);
  CHECK(stick.rig.writes.back().bytes == open_channel(0));
  stick.silent_to = 0x4A;
  stick.run_for(60 * kS);
  CHECK(stick.rig.state() == PATELLA_DEVICE_SILENT);
  CHECK(stick.rig.text() == "The ANT stick does not answer. Pull it out and plug it in again");
}

TEST_CASE("old firmware without extensions, and one with fewer channels than needed") {
  PlayedStick old;
  old.refused = 0x6E;
  old.start();
  CHECK(old.rig.writes.back().bytes == open_channel(0));
  PlayedStick small({{"speed_cadence", 0}, {"heart_rate", 0}});
  small.channels = 1;
  small.start();
  CHECK(small.rig.state() == PATELLA_DEVICE_FAILED);
  CHECK(small.rig.text().find("channels") != std::string::npos);
}

TEST_CASE("cadence comes through; who sends is asked for when the page does not say") {
  PlayedStick stick;
  stick.start();
  stick.turns(0xFF00, 0xFF);
  CHECK(stick.rig.values(0).empty());
  stick.turns(0x0200, 0x00);  // the counter in one byte here: FF → 00 is no single turn of 16 bits
  stick.turns(0x0500, 0x01);
  CHECK(stick.rig.last(0) == Approx(80.0));
  CHECK(stick.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(stick.rig.text() == "Took the first speed and cadence sensor that was heard: {12345}");
  CHECK(stick.rig.last(Driver::kSensorHeard) == 0x79 * 65536 + 12345);
  CHECK(stick.rig.violations.empty());
}

TEST_CASE("missed messages are counted and blank nothing; back to search is told; heard again is live again") {
  PlayedStick stick({{"speed_cadence", 12345}});
  stick.start();
  stick.turns(0, 0);
  stick.turns(1024, 1);
  REQUIRE(stick.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(stick.rig.text() == "");  // it is the one that was wanted
  const auto states = stick.rig.states.size();
  for (int i = 0; i < 3; ++i) stick.event(0, 2);
  stick.turns(2048, 2);
  CHECK(stick.rig.states.size() == states);
  CHECK(stick.rig.last(0) == Approx(60));
  for (int i = 0; i < 8; ++i) {
    stick.run_for(250 * kMs);
    stick.event(0, 2);
  }
  stick.event(0, 8);
  CHECK(stick.rig.state() == PATELLA_DEVICE_SILENT);
  CHECK(stick.rig.text() == "Speed and cadence sensor {12345} is not heard: turn the cranks");
  CHECK(stick.rig.logs.back().find("3 messages came, 11 did not") != std::string::npos);
  stick.turns(9000, 9);
  CHECK(stick.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(stick.rig.values(0).size() == 2);  // the first one after it only sets the base
}

TEST_CASE("pages that do not say who sends: after a silence the first one waits for the answer") {
  PlayedStick stick;
  stick.start();
  stick.turns(0, 0);
  stick.turns(1024, 1);
  stick.turns(2048, 2);
  stick.event(0, 8);
  stick.turns(3072, 3);  // may be anybody's
  CHECK(stick.rig.values(0) == std::vector<double>{60, 60});
  stick.turns(4096, 4);
  CHECK(stick.rig.values(0) == std::vector<double>{60, 60, 60});  // the same one: goes on where it was
  stick.event(0, 8);
  stick.sender = 700;
  stick.turns(4608, 5);
  stick.turns(5120, 6);  // the first one that is known to be of the other sensor: a base
  CHECK(stick.rig.values(0).size() == 3);
  stick.turns(5632, 7);
  CHECK(stick.rig.last(0) == Approx(120));
  CHECK(stick.rig.text() == "Took the first speed and cadence sensor that was heard: {700}");
}

TEST_CASE("after a search time-out the channel is closed by the stick, and set up again") {
  PlayedStick stick;
  stick.start();
  const std::size_t before = stick.rig.writes.size();
  stick.event(0, 1);
  stick.event(0, 7);
  stick.run_for(kS);
  CHECK(stick.written(before) == std::vector<Bytes>{unassign_channel(0), assign_channel(0), set_channel_id(0, 0, 0x79),
                                                    set_frequency(0), set_period(0, 8086), set_search_timeout(0),
                                                    open_channel(0)});
  CHECK(stick.rig.state() == PATELLA_DEVICE_SILENT);
}

TEST_CASE("a stick that tells of the same end again and again is set up once, not once each time") {
  PlayedStick stick;
  stick.start();
  const std::size_t before = stick.rig.writes.size();
  for (int i = 0; i < 1000; ++i) stick.event(0, 7);
  stick.run_for(20 * kS);
  CHECK(stick.rig.writes.size() - before == 7);
}

TEST_CASE("one of two sensors is missing: works, and which one is told") {
  PlayedStick stick({{"cadence", 0}, {"heart_rate", 7}});
  stick.start();
  stick.turns(0, 0);
  stick.turns(0, 0);
  CHECK(stick.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(stick.rig.text() == "Heart rate strap {7} is not heard: put it on, moist");
}

TEST_CASE("30 s without a word from a sensor, even without an event: lost") {
  PlayedStick stick;
  stick.start();
  stick.turns(0, 0);
  stick.turns(0, 0);
  CHECK(stick.rig.state() == PATELLA_DEVICE_NOTICE);
  stick.run_for(29 * kS);
  CHECK(stick.rig.state() == PATELLA_DEVICE_NOTICE);
  stick.run_for(2 * kS);
  CHECK(stick.rig.state() == PATELLA_DEVICE_SILENT);
}

TEST_CASE("a stick that says nothing at all for 40 s is reset; one that restarts is set up again") {
  PlayedStick stick;
  stick.start();
  const std::size_t before = stick.rig.writes.size();
  stick.run_for(45 * kS);
  CHECK(stick.written(before)[0] == reset_stick());
  CHECK(stick.rig.writes.back().bytes == open_channel(0));
  const std::size_t again = stick.rig.writes.size();
  stick.turns(0, 0);
  stick.turns(1024, 1);
  CHECK(stick.rig.state() == PATELLA_DEVICE_NOTICE);
  stick.rig.receive(hex("A4 01 6F 00 CA"));
  CHECK(stick.rig.state() == PATELLA_DEVICE_STARTING);
  stick.run_for(2 * kS);
  CHECK(stick.rig.state() == PATELLA_DEVICE_SILENT);  // nothing is heard yet
  CHECK(stick.written(again)[0] == ask(0, Id::channel_id));
  CHECK(stick.written(again)[1] == ask(0, Id::capabilities));
  CHECK(stick.rig.writes.back().bytes == open_channel(0));
}

TEST_CASE("another sensor on the same channel is another one: told, and no step between the two") {
  PlayedStick stick;
  stick.start();
  const auto page = [&](uint16_t number, int time, uint8_t count) {
    stick.run_for(250 * kMs);
    stick.rig.receive(encode(
        Id::broadcast,
        std::array<uint8_t, 14>{0, static_cast<uint8_t>(time & 0xFF), static_cast<uint8_t>(time >> 8), count, 0, 0, 0, 0, 0, 0x80,
                                static_cast<uint8_t>(number & 0xFF), static_cast<uint8_t>(number >> 8), 0x79, 1}));
  };
  page(500, 0, 0);
  page(500, 1024, 1);
  page(700, 2048, 3);
  page(700, 2560, 4);
  CHECK(stick.rig.values(0) == std::vector<double>{60, 120});
  CHECK(stick.rig.values(Driver::kSensorHeard) == std::vector<double>{0x79 * 65536 + 500, 0x79 * 65536 + 700});
  CHECK(stick.rig.text() == "Took the first speed and cadence sensor that was heard: {700}");
}

TEST_CASE("two sensors that know the same thing: once the one made for it measures it feeds the channel, alone") {
  PlayedStick stick({{"cadence", 0}, {"speed_cadence", 0}});
  stick.start();
  const auto cadence_page = [&](int time, uint8_t count) {
    const auto low = static_cast<uint8_t>(time & 0xFF), high = static_cast<uint8_t>(time >> 8);
    stick.rig.receive(encode(Id::broadcast, std::array<uint8_t, 9>{0, 0, 0, 0, 0, low, high, count, 0}));
  };
  cadence_page(0, 0);
  stick.turns(0, 0, 1);
  stick.turns(512, 1, 1);  // 120 rpm on the other sensor
  cadence_page(1024, 1);
  stick.turns(1024, 2, 1);
  cadence_page(2048, 2);
  stick.turns(1536, 3, 1);
  CHECK(stick.rig.values(0) == std::vector<double>{120, 60, 60});
}

namespace {

/// A stick that hears a sensor on each of its first two channels, at four messages a second.
struct TwoSensors {
  TwoSensors(const char* first, const char* second) : stick({{first, 0}, {second, 0}}) { stick.start(); }
  void pages(const Payload& first, const Payload& second) {
    stick.run_for(250 * kMs);
    for (uint8_t channel = 0; channel < 2; ++channel) {
      const Payload& page = channel == 0 ? first : second;
      std::array<uint8_t, 9> body{channel};
      std::copy(page.begin(), page.end(), body.begin() + 1);
      stick.rig.receive(encode(Id::broadcast, body));
    }
  }
  std::vector<double> told(Quantity quantity) { return stick.rig.values(static_cast<uint32_t>(quantity)); }
  PlayedStick stick;
};

/// A speed and cadence sensor: turns of the crank and of the wheel, each of 1 s.
Payload sensor_page(int crank, int wheel) {
  return {0, static_cast<uint8_t>(crank * 4), static_cast<uint8_t>(crank), 0,
          0, static_cast<uint8_t>(wheel * 4), static_cast<uint8_t>(wheel), 0};
}

}  // namespace

TEST_CASE("a sensor without a wheel magnet does not keep out a trainer that knows the speed") {
  TwoSensors bike("speed_cadence", "trainer");
  for (int i = 0; i < 40; ++i) {
    const auto way_m = static_cast<uint8_t>(i * 2);
    bike.pages(sensor_page(i / 4, 0), {0x10, 25, 0, way_m, 0x40, 0x1F, 0xFF, 0x34});  // 8 m/s
  }
  const auto speeds = bike.told(Quantity::speed_mps);
  CHECK(speeds.size() >= 38);
  CHECK(std::count(speeds.begin(), speeds.end(), 8.0) == static_cast<std::ptrdiff_t>(speeds.size()));
  CHECK(bike.told(Quantity::distance_m).back() == 78);
  CHECK(bike.told(Quantity::cadence_rpm).back() == Approx(60));
  // It is one with a magnet after all: made for it, so it takes over, and the way goes on from where it was.
  for (int i = 0; i < 40; ++i)
    bike.pages(sensor_page(10 + i / 4, i / 4), {0x10, 25, 0, static_cast<uint8_t>(78 + i * 2), 0x40, 0x1F, 0xFF, 0x34});
  CHECK(bike.told(Quantity::speed_mps).back() == Approx(2.096));
  const auto ways_m = bike.told(Quantity::distance_m);
  CHECK(std::is_sorted(ways_m.begin(), ways_m.end()));
  CHECK(ways_m.back() < 78 + 8 + 9 * 2.096 + 0.1);
}

TEST_CASE("a sensor without a crank magnet does not keep out a power meter that knows the cadence") {
  TwoSensors bike("speed_cadence", "power");
  for (int i = 0; i < 40; ++i) {
    const auto n = static_cast<uint8_t>(i / 4);
    const auto sum = static_cast<uint16_t>(n * 150);
    bike.pages(sensor_page(0, i / 4),
               {0x10, n, 0xFF, 85, static_cast<uint8_t>(sum & 0xFF), static_cast<uint8_t>(sum >> 8), 150, 0});
  }
  const auto cadences = bike.told(Quantity::cadence_rpm);
  REQUIRE(cadences.size() >= 8);
  CHECK(cadences.back() == 85);
  CHECK(bike.told(Quantity::speed_mps).back() == Approx(2.096));
}

TEST_CASE(
    "a strap that is not worn leaves the heart rate to the trainer; a sensor that is lost gives its place "
    "up") {
  TwoSensors bike("trainer", "heart_rate");
  for (int i = 0; i < 8; ++i)
    bike.pages({0x10, 25, 0, 0, 0, 0, 91, 0x34},
               {0, 0xFF, 0xFF, 0xFF, 0, static_cast<uint8_t>(i * 4), static_cast<uint8_t>(i), 0});
  REQUIRE(bike.told(Quantity::heart_rate_bpm).size() > 0);
  CHECK(bike.told(Quantity::heart_rate_bpm).back() == 91);
  for (int i = 8; i < 12; ++i)
    bike.pages({0x10, 25, 0, 0, 0, 0, 91, 0x34},
               {0, 0xFF, 0xFF, 0xFF, 0, static_cast<uint8_t>(i * 4), static_cast<uint8_t>(i), 72});
  CHECK(bike.told(Quantity::heart_rate_bpm).back() == 72);
  bike.stick.event(1, 8);  // the strap is not heard any more
  bike.stick.run_for(kS);
  std::array<uint8_t, 9> body{0, 0x10, 25, 0, 0, 0, 0, 91, 0x34};
  bike.stick.rig.receive(encode(Id::broadcast, body));
  CHECK(bike.told(Quantity::heart_rate_bpm).back() == 91);
}

TEST_CASE("what a stick kept while nobody read is not shown as now") {
  PlayedStick stick;
  stick.start();
  stick.turns(0, 0);
  stick.turns(1024, 1);
  REQUIRE(stick.rig.values(0).size() == 1);
  const auto page = [](int n, uint16_t stamp) {
    const auto time = static_cast<uint16_t>(n * 512), count = static_cast<uint16_t>(n);
    return encode(Id::broadcast,
                  std::array<uint8_t, 16>{0, static_cast<uint8_t>(time & 0xFF), static_cast<uint8_t>(time >> 8),
                                          static_cast<uint8_t>(count & 0xFF), 0, 0, 0, 0, 0, 0xA0, 0x39, 0x30, 0x79, 1,
                                          static_cast<uint8_t>(stamp & 0xFF), static_cast<uint8_t>(stamp >> 8)});
  };
  stick.rig.receive(page(3, 0));
  const std::size_t before = stick.rig.values(0).size();
  stick.run_for(5 * kS);
  for (int n = 4; n < 14; ++n) stick.rig.receive(page(n, static_cast<uint16_t>((n - 3) * 8192)));
  CHECK(stick.rig.values(0).size() == before);
  for (int n = 14; n < 20; ++n) {
    stick.run_for(250 * kMs);
    stick.rig.receive(page(n, static_cast<uint16_t>((n - 3) * 8192)));
  }
  CHECK(stick.rig.values(0).size() >= before + 4);
  CHECK(stick.rig.last(0) == Approx(120));
}

TEST_CASE("identify closes the channels, hears everything, says what moves, and opens them again") {
  PlayedStick stick({{"speed_cadence", 0}, {"heart_rate", 0}});
  stick.start();
  const std::size_t before = stick.rig.writes.size();
  REQUIRE(stick.rig.command("identify"));
  CHECK_FALSE(stick.rig.command("identify"));
  stick.run_for(kS);
  CHECK(stick.written(before) == std::vector<Bytes>{close_channel(0), unassign_channel(0), close_channel(1), unassign_channel(1),
                                                    assign_channel(0), set_channel_id(0, 0, 0), set_frequency(0), open_scan()});
  CHECK(stick.rig.state() == PATELLA_DEVICE_NOTICE);
  const auto page = [&](uint16_t number, uint8_t type, int n) {
    const auto time = static_cast<uint16_t>(n * 512);
    stick.rig.receive(encode(
        Id::broadcast, std::array<uint8_t, 14>{0, static_cast<uint8_t>(time & 0xFF), static_cast<uint8_t>(time >> 8),
                                               static_cast<uint8_t>(n), 0, 0, 0, 0, 0, 0x80, static_cast<uint8_t>(number & 0xFF),
                                               static_cast<uint8_t>(number >> 8), type, 1}));
  };
  for (int n = 0; n < 10; ++n) {
    stick.run_for(250 * kMs);
    page(501, 0x79, n == 0 ? 4 : 5);  // one step is a sensor that has just begun
    page(500, 0x79, n);
    page(9, 0x1F, n);
  }
  CHECK(stick.rig.text() ==
        "Speed and cadence sensor {500} moves\nSpeed and cadence sensor {501} does not move\n"
        "A sensor of type {'1f'} is heard: {9}");
  CHECK(stick.rig.values(Driver::kSensorHeard) == std::vector<double>{0x79 * 65536 + 501, 0x79 * 65536 + 500, 0x1F * 65536 + 9});
  const auto moving = stick.rig.values(Driver::kSensorMoving);
  REQUIRE(moving.size() >= 7);
  for (const double code : moving) CHECK(code == 0x79 * 65536 + 500);
  CHECK(stick.rig.values(0).empty());  // nobody's cadence meanwhile
  CHECK(stick.rig.done.empty());
  stick.run_for(15 * kS);
  REQUIRE(stick.rig.done.size() == 1);
  CHECK(stick.rig.done[0].ok);
  CHECK(stick.rig.done[0].text.find("Speed and cadence sensor {500} moves\n") == 0);
  CHECK(stick.rig.state() == PATELLA_DEVICE_SILENT);  // what was heard before has to be heard again
  CHECK(stick.rig.writes.back().bytes == open_channel(1));
  stick.turns(0, 0);
  stick.turns(1024, 1);
  CHECK(stick.rig.last(0) == Approx(60));
}

TEST_CASE("identify on a stick that cannot, and on one that is pulled out, is done once, with words") {
  PlayedStick stick;
  stick.start();
  stick.refused = 0x5B;
  REQUIRE(stick.rig.command("identify"));
  stick.run_for(2 * kS);
  REQUIRE(stick.rig.done.size() == 1);
  CHECK_FALSE(stick.rig.done[0].ok);
  CHECK(stick.rig.done[0].text == "This stick cannot hear all sensors at once");
  CHECK(stick.rig.writes.back().bytes == open_channel(0));
  for (std::size_t i = 1; i < stick.rig.writes.size(); ++i) CHECK(stick.rig.writes[i].bytes != reset_stick());
  stick.refused = 0;
  REQUIRE(stick.rig.command("identify"));
  stick.run_for(kS);
  stick.rig.disconnect(PATELLA_DISCONNECT_UNPLUGGED);
  REQUIRE(stick.rig.done.size() == 2);
  CHECK_FALSE(stick.rig.done[1].ok);
  CHECK(stick.rig.violations.empty());
}

TEST_CASE("identify on a stick that does not say who sends is refused with words, and takes nothing away") {
  PlayedStick stick;
  const bool without_answer = GENERATE(false, true);
  if (without_answer)
    stick.silent_to = 0x6E;
  else
    stick.refused = 0x6E;
  stick.start();
  stick.run_for(4 * kS);
  stick.turns(0, 0);
  const std::size_t before = stick.rig.writes.size();
  REQUIRE(stick.rig.command("identify"));
  REQUIRE(stick.rig.done.size() == 1);
  CHECK_FALSE(stick.rig.done[0].ok);
  CHECK(stick.rig.done[0].text.find("does not say who sends") != std::string::npos);
  stick.run_for(20 * kS);
  stick.turns(1024, 1);
  CHECK(stick.rig.done.size() == 1);
  CHECK(stick.written(before).empty());
}

TEST_CASE("closed in good order the stick is reset, so that its radio is off; pulled out, nothing is sent") {
  for (const uint32_t reason : {PATELLA_DISCONNECT_CLOSED, PATELLA_DISCONNECT_UNPLUGGED}) {
    PlayedStick stick;
    stick.start();
    const std::size_t before = stick.rig.writes.size();
    stick.rig.disconnect(reason);
    const std::vector<Bytes> last = {reset_stick()};
    CHECK(stick.written(before) == (reason == PATELLA_DISCONNECT_CLOSED ? last : std::vector<Bytes>{}));
    CHECK(stick.rig.violations.empty());
  }
}

TEST_CASE("any bytes at any time are survived, and the rules of the host are kept") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  PlayedStick stick({{"speed_cadence", 0}, {"cadence", 0}, {"power", 0}, {"trainer", 0}, {"heart_rate", 0}});
  stick.start();
  const uint8_t ids[] = {0x4E, 0x4E, 0x4E, 0x4E, 0x4F, 0x50, 0x40, 0x40, 0x51, 0x54, 0x6F, 0xAE};
  for (int round = 0; round < patella::test::fuzz_rounds(20'000); ++round) {
    Bytes payload(1 + random() % 21);
    for (uint8_t& byte : payload) byte = static_cast<uint8_t>(random() % 4 ? random() % 32 : random());
    Bytes bytes = encode(static_cast<Id>(ids[random() % std::size(ids)]), payload);
    if (random() % 8 == 0) bytes[random() % bytes.size()] = static_cast<uint8_t>(random());
    if (random() % 8 == 0) bytes.resize(1 + random() % bytes.size());
    stick.rig.receive(bytes);
    if (random() % 50 == 0) stick.rig.command("identify");
    stick.run_for(random() % 2 ? 0 : static_cast<int64_t>(random() % (300 * kMs)));
    if (!stick.rig.violations.empty()) FAIL(stick.rig.violations.front());
    stick.rig.samples.clear();
    stick.rig.states.clear();
    stick.rig.logs.clear();
    if (stick.rig.writes.size() > 1000) stick.rig.writes.clear(), stick.answered = 0;
  }
}
