#include "emulator/chronojump_model.hpp"

#include <algorithm>
#include <cstdlib>

#include "support/catch.hpp"

using namespace patella::emulator;

namespace {

constexpr int64_t kSecond = 1'000'000;

struct Line {
  int64_t t_us;
  std::string text;
};

/// The host's end: an opened port and what came over it.
struct Host {
  explicit Host(const ChronojumpModel::Options& options) : sensor(options) {}
  void open() { sensor.opened(now); }
  void run(int64_t for_us) {
    const int64_t end = now + for_us;
    while (sensor.deadline_us() <= end) {
      now = std::max(now, sensor.deadline_us());
      take(sensor.take_output(now));
    }
    now = end;
    take(sensor.take_output(now));
  }
  void take(const Bytes& bytes) {
    for (const uint8_t byte : bytes) {
      rest.push_back(static_cast<char>(byte));
      if (byte != '\n') continue;
      lines.push_back({now, rest.substr(0, rest.size() - 2)});
      CHECK(rest.substr(rest.size() - 2) == "\r\n");
      rest.clear();
    }
  }
  std::string ask(const std::string& command, int64_t wait_us = 3 * kSecond) {
    lines.clear();
    sensor.received({reinterpret_cast<const uint8_t*>(command.data()), command.size()}, now);
    run(wait_us);
    return lines.empty() ? "" : lines.front().text;
  }
  ChronojumpModel sensor;
  int64_t now = 50 * kSecond;
  std::string rest;
  std::vector<Line> lines;
};

struct Point {
  uint32_t t_us;
  double force_n;
};
std::vector<Point> points(const std::vector<Line>& lines) {
  std::vector<Point> out;
  for (const Line& line : lines) {
    const std::size_t semicolon = line.text.find(';');
    if (semicolon == std::string::npos) continue;
    out.push_back({static_cast<uint32_t>(std::strtoul(line.text.c_str(), nullptr, 10)),
                   std::strtod(line.text.c_str() + semicolon + 1, nullptr)});
  }
  return out;
}

Host ready_host(bool automatic = false) {
  Host host({.automatic = automatic});
  host.open();
  host.run(3 * kSecond);
  return host;
}

}  // namespace

TEST_CASE("opening resets the board: what is sent in the first seconds is lost") {
  Host host({});
  host.open();
  host.run(2 * kSecond);
  CHECK(host.lines.size() == 1);  // boot text
  CHECK(host.ask("get_version:", 900'000).empty());
  const std::string version = host.ask("get_version:");
  CHECK(version.find("Force_Sensor-0.6") == 2);  // junk before it
  host.sensor.closed(host.now);
  host.open();
  CHECK(host.ask("get_version:", kSecond).find("Force") == std::string::npos);
}

TEST_CASE("every command has its reply line") {
  Host host = ready_host();
  CHECK(host.ask("start_capture:") == "Starting capture...");
  CHECK(host.ask("end_capture:").find("Capture ended") != std::string::npos);
  CHECK(host.ask("get_tare:") == "10000");
  CHECK(host.ask("set_tare:10000;") == "Tare set");
  CHECK(host.ask("tare:").find("Taring OK:") == 0);
  CHECK(host.ask("get_calibration_factor:") == "915.00");
  CHECK(host.ask("set_calibration_factor:915.0;") == "Calibration factor set");
  CHECK(host.ask("calibrate:5.0;").find("Calibrating OK") == 0);
  CHECK(host.ask("get_transmission_format:") == "text");
  CHECK(host.ask("set_bps:230400;").find("setting to: ") == 0);
  CHECK(host.ask("make_coffee:") == "Not a valid command");
}

TEST_CASE("data lines: 88.2 Hz, short intervals at first, newtons with a point") {
  Host host = ready_host();
  host.ask("start_capture:", 12 * kSecond);
  const auto data = points(host.lines);
  REQUIRE(data.size() > 900);
  CHECK(data[0].t_us == 0);
  CHECK(data[1].t_us == 968);
  CHECK(data[2].t_us == Approx(3324).margin(1));
  CHECK(data[3].t_us - data[2].t_us == Approx(11338).margin(1));
  const double hz = static_cast<double>(data.size() - 3) * 1e6 / (data.back().t_us - data[2].t_us);
  CHECK(hz == Approx(88.2).epsilon(0.001));
  for (const Point& point : data) CHECK(std::abs(point.force_n) < 1);
  CHECK(host.lines[1].text.find("0;") == 0);
}

TEST_CASE("the time rolls over at 32 bits") {
  Host host({.automatic = false, .first_stamp_us = 0xFFFFFFFFu - 100'000});
  host.open();
  host.run(3 * kSecond);
  host.ask("start_capture:");
  const auto data = points(host.lines);
  CHECK(std::any_of(data.begin(), data.end(), [](const Point& p) { return p.t_us > 0xFFFF0000u; }));
  CHECK(data.back().t_us < 3'000'000);
}

TEST_CASE("a tare takes its time and makes the load zero") {
  Host host = ready_host();
  host.sensor.act({Gesture::load, 20, 0, 0}, host.now);
  host.run(kSecond);
  const int64_t asked = host.now;
  CHECK(host.ask("tare:").find("Taring OK:") == 0);
  REQUIRE_FALSE(host.lines.empty());
  CHECK(host.lines[0].t_us - asked == 1'600'000);  // the wait for more of the command, then 50 readings
  host.ask("start_capture:");
  for (const Point& point : points(host.lines)) CHECK(std::abs(point.force_n) < 1.5);
}

TEST_CASE("a command during capture stops the samples for a second") {
  Host host = ready_host();
  host.ask("start_capture:", 5 * kSecond);
  host.ask("get_tare:", 3 * kSecond);
  const auto data = points(host.lines);
  const int64_t asked = host.now - 3 * kSecond;
  const auto silent = std::count_if(host.lines.begin(), host.lines.end(),
                                    [&](const Line& l) { return l.t_us > asked && l.t_us < asked + 990'000; });
  CHECK(silent == 0);
  CHECK(data.size() > 150);
}

TEST_CASE("a board that boots at once, and a person in a hurry, are options") {
  Host host({.script = {.unloaded_us = 500'000, .pace = 4}, .boot_us = 100'000, .command_wait_us = 50'000});
  host.open();
  host.run(100'000);
  CHECK(host.ask("get_version:", 100'000).find("Force_Sensor-0.6") == 2);
  host.ask("start_capture:", 16 * kSecond);
  int reps = 0;
  bool up = false;
  for (const Point& point : points(host.lines)) {
    if (point.t_us < 500'000) CHECK(point.force_n < 3);
    if (!up && point.force_n > 45) ++reps;
    if (point.force_n > 45 || point.force_n < 12) up = point.force_n > 45;
  }
  CHECK(reps >= 9);  // 1.5 s each
  CHECK(reps <= 11);
}

TEST_CASE("the default script: unloaded, then rep after rep around 60 N") {
  Host host = ready_host(true);
  host.ask("start_capture:", 66 * kSecond);
  const auto data = points(host.lines);
  int reps = 0;
  bool up = false;
  double peak = 0;
  for (const Point& point : data) {
    if (point.t_us < 4'000'000) CHECK(point.force_n < 3);
    peak = std::max(peak, point.force_n);
    if (!up && point.force_n > 45) {
      up = true;
      ++reps;
    }
    if (up && point.force_n < 12) up = false;
  }
  CHECK(reps >= 9);
  CHECK(reps <= 11);
  CHECK(peak > 60);
  CHECK(peak < 72);
}

TEST_CASE("heavy pulls move the zero, by 4.4 N at most") {
  Host host = ready_host();
  host.ask("start_capture:", 2 * kSecond);
  host.sensor.act({Gesture::pull, 92, 1, 8}, host.now);
  host.run(40 * kSecond);
  CHECK(host.sensor.drift_n() == Approx(-4.4));
  const auto data = points(host.lines);
  CHECK(data.back().force_n == Approx(-4.4).margin(1));
  const auto highest = std::max_element(data.begin(), data.end(), [](auto& a, auto& b) { return a.force_n < b.force_n; });
  CHECK(highest->force_n == Approx(92).margin(8));
}

TEST_CASE("faults of the line: silence, noise, short lines, bursts, a slow line") {
  Host host = ready_host();
  host.ask("start_capture:", 2 * kSecond);
  host.lines.clear();
  host.sensor.fault().silent = true;
  host.run(kSecond);
  CHECK(host.lines.empty());
  host.sensor.fault() = {};
  host.sensor.fault().wrong_checksums = 5;
  host.run(kSecond);
  const auto spoilt = std::count_if(host.lines.begin(), host.lines.end(), [](const Line& line) {
    return std::any_of(line.text.begin(), line.text.end(), [](char c) { return (c & 0x80) != 0; });
  });
  CHECK(spoilt >= 3);
  host.lines.clear();
  host.sensor.fault().burst = 40;
  const int64_t from = host.now;
  host.run(kSecond);
  REQUIRE(host.lines.size() > 60);
  CHECK(host.lines[0].t_us - from > 400'000);
  CHECK(host.lines[39].t_us == host.lines[0].t_us);
}
