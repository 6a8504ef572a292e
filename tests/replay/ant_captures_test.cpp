// The ANT+ driver against recordings of real sticks (PATELLA_CAPTURES, see captures_test.cpp):
//   vectors_ant_frames.txt        one frame a line behind RX or TX; BAD = with a wrong checksum
//   antgo_123.cap, antgo_456.cap  raw messages: a speed and cadence sensor and a power meter
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <tuple>

#include "ant_plus/message.hpp"
#include "cycling/cycling.hpp"
#include "emulated_harness.hpp"
#include "emulator/ant_model.hpp"
#include "emulator/direct_bench.hpp"
#include "support/catch.hpp"
#include "support/module_rig.hpp"

using namespace patella;
using ant_plus::Framer;
using namespace faults_test;

namespace {

constexpr int64_t kS = 1'000'000;
constexpr uint8_t kBike = 0x79, kPower = 0x0B;

// The path of a recording, or "" after saying that the test is skipped.
std::string recording(const std::string& name) {
  const char* folder = std::getenv("PATELLA_CAPTURES");
  if (folder) return std::string(folder) + "/" + name;
  std::cout << "skipped: PATELLA_CAPTURES names no folder with " << name << "\n";
  return "";
}

struct Capture {
  std::vector<emulator::AntPage> bike, power;
  uint16_t number = 0;
};

Capture read_capture(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<uint8_t> raw{std::istreambuf_iterator<char>(file), {}};
  REQUIRE(raw.size() > 1000);
  Framer framer;
  framer.add(raw);
  Capture capture;
  while (const auto message = framer.next()) {
    const auto heard = ant_plus::heard(*message);
    REQUIRE(heard);
    REQUIRE(heard->from);
    capture.number = heard->from->number;
    (heard->from->type == kBike ? capture.bike : capture.power).push_back(heard->page);
  }
  CHECK(framer.skipped() == 0);
  return capture;
}

struct Point {
  int64_t t_us;
  double value;
};

uint16_t word(const emulator::AntPage& page, std::size_t at) { return static_cast<uint16_t>(page[at] | page[at + 1] << 8); }

/// The cadence of the pages as the documents give it, apart from the driver: 61440 · turns / ticks modulo
/// 65536; without an event nothing, until that lasts longer than the sensor's own gaps: then 0 with each page.
std::vector<Point> cadence_of(const std::vector<emulator::AntPage>& pages, int64_t period_us) {
  std::vector<Point> points;
  int64_t event_us = 0;
  bool counted = false;
  std::vector<int64_t> gaps;
  const auto stands_after = [&]() -> int64_t {
    if (gaps.size() < 2) return 4'500'000;
    std::vector<int64_t> recent(gaps.size() > 8 ? gaps.end() - 8 : gaps.begin(), gaps.end());
    std::sort(recent.begin(), recent.end());
    const int64_t gap = recent[recent.size() - 2];  // the second longest
    return std::max({int64_t{3'000'000}, std::min(gap * 22 / 10, int64_t{4'500'000}), gap * 13 / 10});
  };
  for (std::size_t i = 1; i < pages.size(); ++i) {
    const int64_t t_us = static_cast<int64_t>(i) * period_us;
    const auto ticks = static_cast<uint16_t>(word(pages[i], 0) - word(pages[i - 1], 0));
    const auto turns = static_cast<uint16_t>(word(pages[i], 2) - word(pages[i - 1], 2));
    if (turns > 0 && ticks > 0) {
      if (counted && t_us - event_us <= 16 * kS) gaps.push_back(t_us - event_us);
      counted = true;
      event_us = t_us;
      points.push_back({t_us, 61440.0 * turns / ticks});
      continue;
    }
    if (t_us - event_us >= stands_after()) points.push_back({t_us, 0});
  }
  return points;
}

/// Mean power of each new event of page 10.
std::vector<double> power_of(const std::vector<emulator::AntPage>& pages) {
  std::vector<double> watts;
  const emulator::AntPage* last = nullptr;
  for (const emulator::AntPage& page : pages) {
    if (page[0] != 0x10) continue;
    const auto events = static_cast<uint8_t>(last ? page[1] - (*last)[1] : 0);
    if (events > 0) watts.push_back(static_cast<double>(static_cast<uint16_t>(word(page, 4) - word(*last, 4))) / events);
    last = &page;
  }
  return watts;
}

/// The recording in the air around an emulated stick, through the driver as it is shipped.
struct Through {
  std::vector<Point> cadence;
  std::vector<double> power;
  int64_t period_us = 0;
};

emulator::AntSensor::Options sensor(uint8_t type, uint16_t number) {
  emulator::AntSensor::Options options;
  options.type = type;
  options.number = number;
  return options;
}

std::unique_ptr<emulator::AntModel> stick_beside(const Capture& capture, const std::string& serial) {
  emulator::AntModel::Options options;
  options.serial = serial;
  options.sensors.clear();
  options.missed_share = 0;
  auto model = std::make_unique<emulator::AntModel>(options);
  model->add_tape(sensor(kBike, capture.number), capture.bike);
  model->add_tape(sensor(kPower, capture.number), capture.power);
  return model;
}

Through through_driver(const Capture& capture) {
  const auto driver = emulator::load_driver(std::string(PATELLA_BUILD_DIR) + "/plugins/ant_plus/ant_plus.so");
  REQUIRE(driver);
  const auto number = static_cast<double>(capture.number);
  emulator::DirectBench bench(
      *driver->table, stick_beside(capture, "A"),
      {{"network_key", -1, 0, "0000000000000000"}, {"speed_cadence", -1, number, nullptr}, {"power", -1, number, nullptr}});
  const auto seconds = static_cast<int64_t>(std::max(capture.bike.size(), capture.power.size()) / 4);
  bench.run_for_us((seconds + 20) * kS);
  CHECK(bench.violations() == std::vector<std::string>{});
  Through through;
  for (const auto& sample : bench.samples_of("cadence")) through.cadence.push_back({sample.t_us, sample.value});
  for (const auto& sample : bench.samples_of("power")) through.power.push_back(sample.value);
  through.period_us = emulator::AntSensor(sensor(kBike, capture.number), nullptr).period_us();
  return through;
}

/// What the exercise module makes of it, the first value at 1 s.
test::Said ride(const std::vector<Point>& points) {
  test::Values values{std::span(cycling::kParams)};
  values.clear_rows("phases")
      .set("countdown_s", 0)
      .cell("phases.name", 0, 0, "Ride")
      .cell("phases.duration_s", 0, 7200)
      .cell("phases.cadence_low_rpm", 0, 60)
      .cell("phases.cadence_high_rpm", 0, 90);
  test::Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  for (const Point& point : points) stream.sample(cycling::Cycling::kCadence, point.t_us - points.front().t_us + kS, point.value);
  test::Rig rig(sdk::ExerciseGlue<cycling::Cycling>::kTable, values, 1);
  rig.play(stream.with_ticks(points.back().t_us - points.front().t_us + 2 * kS));
  return rig.said();
}

}  // namespace

TEST_CASE("every frame of the list is read, and made again byte for byte; the bad one is refused") {
  const std::string path = recording("vectors_ant_frames.txt");
  if (path.empty()) return;
  std::ifstream file(path);
  int good = 0, bad = 0;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string word;
    words >> word;
    if (word != "RX" && word != "TX") continue;
    ant_plus::Bytes bytes;
    while (words >> word && word.size() == 2) bytes.push_back(static_cast<uint8_t>(std::stoul(word, nullptr, 16)));
    Framer framer;
    framer.add(bytes);
    const auto message = framer.next();
    INFO(line);
    if (line.find("BAD") != std::string::npos) {
      ++bad;
      CHECK_FALSE(message);
      continue;
    }
    ++good;
    REQUIRE(message);
    CHECK(framer.skipped() == 0);
    CHECK(ant_plus::encode(static_cast<ant_plus::Id>(message->id), message->payload) == bytes);
    CHECK(emulator::build_ant(message->id, message->payload) == bytes);
    const auto heard = ant_plus::heard(*message);
    if (!heard) continue;
    CHECK(heard->from.has_value() == (bytes.size() >= 18));
    CHECK(heard->stamp.has_value() == (bytes.size() == 24));
  }
  std::cout << good << " frames, " << bad << " with a wrong checksum\n";
  CHECK(good >= 30);
  CHECK(bad == 1);
}

TEST_CASE("recorded messages through stick, driver and module give the same ride as fed directly") {
  for (const char* name : {"antgo_123.cap", "antgo_456.cap"}) {
    const std::string path = recording(name);
    if (path.empty()) return;
    const Capture capture = read_capture(path);
    REQUIRE(capture.bike.size() > 100);
    Through through = through_driver(capture);
    const std::vector<Point> direct = cadence_of(capture.bike, through.period_us);
    INFO(name);
    REQUIRE(direct.size() > 20);
    // Until the sensor at the crank has counted its first turn the power meter's cadence serves: two values at most.
    REQUIRE(through.cadence.size() >= direct.size());
    const std::size_t before_it_counted = through.cadence.size() - direct.size();
    CHECK(before_it_counted <= 2);
    through.cadence.erase(through.cadence.begin(), through.cadence.begin() + static_cast<std::ptrdiff_t>(before_it_counted));
    for (std::size_t i = 0; i < direct.size(); ++i) {
      CHECK(through.cadence[i].value == Approx(direct[i].value).epsilon(1e-9));
      CHECK(through.cadence[i].t_us - through.cadence[0].t_us == direct[i].t_us - direct[0].t_us);
    }
    const std::vector<double> watts = power_of(capture.power);
    REQUIRE(watts.size() > 20);
    for (std::size_t i = 0; i < watts.size(); ++i) CHECK(through.power.at(i) == Approx(watts[i]));
    for (std::size_t i = watts.size(); i < through.power.size(); ++i) CHECK(through.power[i] == 0);  // stood at last
    const test::Said by_hand = ride(direct), by_driver = ride(through.cadence);
    CHECK(test::same_said(by_hand, by_driver));
    std::cout << name << ": " << direct.size() << " cadence values of " << capture.bike.size() << " messages, " << watts.size()
              << " of power; " << by_driver.metrics.at("revolutions") << " revolutions in " << by_driver.metrics.at("pedalling_s")
              << " s\n";
  }
}

namespace {

/// A stick on the emulated bus, its driver in a confined child, read through libusb in real time.
struct Listening {
  struct Sink final : DriverSink {
    std::vector<Point> cadence;
    std::string trouble;
    void samples(std::span<const LinkSample> list) override {
      for (const LinkSample& sample : list)
        if (sample.channel == 0) cadence.push_back({sample.t_us, sample.value});
    }
    void state(LinkState state, const Messages& text) override {
      if (state == LinkState::down || state == LinkState::quarantined) trouble = english(text);
    }
    void notice(const Messages&) override {}
    void identity(const std::string&, const std::string&, const std::string&) override {}
    void command_done(const std::string&, bool, const Messages&) override {}
    void lost_samples(uint64_t n) override { trouble = std::to_string(n) + " samples lost"; }
  } sink;
  Capture capture;
  std::vector<Point> direct;
  std::unique_ptr<DriverLink> link;

  Listening(EmulatedSetup& setup, const std::string& name) : capture(read_capture(recording(name))) {
    const int64_t period_us = emulator::AntSensor(sensor(kBike, capture.number), nullptr).period_us();
    direct = cadence_of(capture.bike, period_us);
    REQUIRE(the_bus().add(name, stick_beside(capture, name)).ok());
    REQUIRE(the_bus().plug(name).ok());
    DriverLink::Binding binding{{name, ""}, {}, {}};
    binding.params = {{"network_key", -1, 0, "0000000000000000"}, {"speed_cadence", -1, static_cast<double>(capture.number), {}}};
    link = DriverLink::make(setup.options, real("ant_plus"), std::move(binding), setup.clock, setup.log, sink);
  }
};

}  // namespace

TEST_CASE("recorded messages through stick, libusb, driver and module, in their own time, give the same ride") {
  if (recording("antgo_123.cap").empty()) return;
  EmulatedSetup setup;
  Listening one(setup, "antgo_123.cap"), other(setup, "antgo_456.cap");
  const auto done = [&] {
    return one.sink.cadence.size() >= one.direct.size() && other.sink.cadence.size() >= other.direct.size();
  };
  for (int half_minutes = 0; half_minutes < 8 && !done(); ++half_minutes) run_until(done, *one.link, *other.link);
  for (const Listening* each : {&one, &other}) {
    const auto& [came, direct] = std::tie(each->sink.cadence, each->direct);
    INFO(each->sink.trouble << ", " << came.size() << " of " << direct.size());
    CHECK(each->sink.trouble == "");
    REQUIRE(came.size() >= direct.size());
    int64_t worst_us = 0;
    for (std::size_t i = 0; i < direct.size(); ++i) {
      // A cadence that falls for want of a turn depends on when the message came.
      CHECK(came[i].value == Approx(direct[i].value).epsilon(0.02));
      worst_us = std::max(worst_us, std::abs(came[i].t_us - came[0].t_us - (direct[i].t_us - direct[0].t_us)));
    }
    const std::vector<Point> whole(came.begin(), came.begin() + static_cast<std::ptrdiff_t>(direct.size()));
    const test::Said by_hand = ride(direct), by_usb = ride(whole);
    for (const char* key : {"revolutions", "pedalling_s"})
      CHECK(by_usb.metrics.at(key) == Approx(by_hand.metrics.at(key)).epsilon(0.02));
    CHECK(by_usb.of_kind(PATELLA_EVENT_PAUSED).size() == by_hand.of_kind(PATELLA_EVENT_PAUSED).size());
    std::cout << direct.size() << " cadence values through libusb, times at most " << worst_us << " us off; "
              << by_usb.metrics.at("revolutions") << " revolutions (directly " << by_hand.metrics.at("revolutions") << ")\n";
  }
}
