#include "driver.hpp"

#include <patella/testing.hpp>

#include <algorithm>
#include <random>

#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::linescale3;
using patella::testing::ScriptedDriverHost;

namespace {

constexpr int64_t kMs = 1000, kS = 1'000'000;

std::string asked(char letter) {
  const auto bytes = command(letter);
  return {bytes.begin(), bytes.end()};
}

/// The first 17 characters with their checksum and end.
std::string whole(std::string contents) {
  unsigned sum = 0;
  for (const char c : contents) sum += static_cast<uint8_t>(c);
  return contents + static_cast<char>('0' + sum % 100 / 10) + static_cast<char>('0' + sum % 10) + "\r";
}

bool logged(const ScriptedDriverHost& rig, const char* words) {
  return std::any_of(rig.logs.begin(), rig.logs.end(),
                     [&](const std::string& log) { return log.find(words) != std::string::npos; });
}

struct Cell {
  ScriptedDriverHost rig{patella::sdk::DeviceGlue<Driver>::kTable};
  void send(double seconds, const std::string& contents, int64_t every_us = 27'840) {
    for (const int64_t end_us = rig.now_us + static_cast<int64_t>(seconds * 1e6); rig.now_us < end_us;) {
      rig.run_for(every_us);
      rig.receive(whole(contents));
    }
  }
  void start() {
    rig.connect();
    rig.run_for(600 * kMs);
    send(0.3, "R000.00N000.00RNF");
  }
  std::size_t count(char letter) const {
    std::size_t times = 0;
    for (std::size_t i = 0; i < rig.writes.size(); ++i) times += rig.written(i) == asked(letter);
    return times;
  }
};

}  // namespace

TEST_CASE("nothing is written for half a second; then it is started, and two good frames make it live") {
  Cell cell;
  cell.rig.connect();
  cell.rig.run_for(500 * kMs - 1);
  CHECK(cell.rig.writes.empty());
  CHECK(cell.rig.state() == PATELLA_DEVICE_STARTING);
  cell.rig.run_for(1);
  CHECK(cell.rig.last_written() == asked('A'));
  cell.rig.receive("R001.52N000.00@NF52\r");
  CHECK(cell.rig.state() == PATELLA_DEVICE_STARTING);
  cell.rig.receive("R001.52N000.00@NF52\r");
  CHECK(cell.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(cell.rig.last(0) == Approx(1520));
  CHECK(cell.rig.last(1) == 64);
  CHECK(cell.rig.writes.size() == 1);
  CHECK(cell.rig.violations.empty());
}

TEST_CASE("a cell that streams already is taken without a word") {
  Cell cell;
  cell.rig.connect();
  cell.send(10, "R000.06N000.00RNF");
  CHECK(cell.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(cell.rig.writes.empty());
  CHECK(cell.rig.last(0) == Approx(60));
}

TEST_CASE("a load cell that is switched on long after the kiosk is found; until then it is asked gently") {
  Cell cell;
  cell.rig.connect();
  cell.rig.run_for(4 * kS);
  CHECK(cell.rig.state() == PATELLA_DEVICE_SILENT);
  CHECK(cell.rig.text().find("switched on") != std::string::npos);
  cell.rig.run_for(26 * kS);
  CHECK(cell.rig.writes.size() <= 18);
  CHECK(cell.count('A') == cell.rig.writes.size());
  CHECK_FALSE(cell.rig.was(PATELLA_DEVICE_NOT_MINE));
  cell.send(1, "R000.06N000.00RNF");
  CHECK(cell.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("a zero that is changed at the cell is told until it is set again; another unit changes no force") {
  Cell cell;
  cell.start();
  cell.send(1, "R000.06N000.00RNF");
  CHECK(cell.rig.state() == PATELLA_DEVICE_LIVE);
  cell.send(1, "R0006.1N000.00RGF");
  CHECK(cell.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(cell.rig.last(0) == Approx(6.1 * 9.80665));
  CHECK(logged(cell.rig, "another unit"));
  cell.send(1, "R000.00N000.00RNF");
  SECTION("made relative") { cell.send(1, "R000.00Z000.06RNF"); }
  SECTION("relative, and zeroed once more") {
    cell.send(1, "R000.00Z000.06RNF");
    cell.send(70, "R000.02Z000.06RNF");
    CHECK(cell.rig.state() == PATELLA_DEVICE_LIVE);
    cell.send(1, "R000.00Z000.08RNF");
  }
  CHECK(cell.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(cell.rig.text() == "The zero was changed at the load cell: take the load off and set the zero again");
  CHECK(logged(cell.rig, "zero was changed"));
  REQUIRE(cell.rig.command("tare"));
  cell.send(1, "R000.00Z000.09RNF");
  REQUIRE(cell.rig.done.size() == 1);
  CHECK(cell.rig.done[0].ok);
  CHECK(cell.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("frames whose value is no number: it is there, nothing is sent because of it, and it is told") {
  Cell cell;
  cell.start();
  const std::size_t samples = cell.rig.samples.size(), writes = cell.rig.writes.size();
  cell.send(20, "R------N000.00RNF");
  CHECK(cell.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(cell.rig.text().find("readings cannot be read") != std::string::npos);
  CHECK(cell.rig.writes.size() == writes);
  CHECK(cell.rig.values(0).size() <= samples);
  cell.send(1, "R000.06N000.00RNF");
  CHECK(cell.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("bytes of a known cell that make no frame are no silence: nothing is sent, and it is told") {
  Cell cell;
  cell.start();
  cell.send(1, "R000.00N000.00RNF");
  REQUIRE(cell.rig.command("tare"));
  const std::size_t writes = cell.rig.writes.size();
  for (int i = 0; i < 1000; ++i) {
    cell.rig.run_for(27'840);
    cell.rig.receive("R000.00N000.00RNF\xFE\xFE\r");
  }
  CHECK(cell.rig.writes.size() == writes);
  CHECK(cell.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(cell.rig.text().find("readings cannot be read") != std::string::npos);
  REQUIRE(cell.rig.done.size() == 1);
  CHECK_FALSE(cell.rig.done[0].ok);
  cell.send(1, "R000.06N000.00RNF");
  CHECK(cell.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("spikes that add up over hours are no other product") {
  Cell cell;
  cell.rig.connect();
  for (int i = 0; i < 100; ++i) {
    cell.rig.receive("\xFF");
    cell.rig.run_for(20 * kS);
  }
  CHECK(cell.rig.state() == PATELLA_DEVICE_SILENT);
  cell.send(1, "R000.06N000.00RNF");
  CHECK(cell.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("what sends no frame within 5.5 s is given back, and nothing but start was written to it") {
  Cell cell;
  cell.rig.connect();
  for (int i = 0; i < 56; ++i) {
    cell.rig.receive("Force_Sensor-0.6\r\n128340;52.77\r\nR000.63Z-32.84RNS11\r");
    cell.rig.run_for(100 * kMs);
  }
  CHECK(cell.rig.state() == PATELLA_DEVICE_NOT_MINE);
  CHECK(cell.rig.writes.size() == 5);
  CHECK(cell.count('A') == 5);
  cell.send(60, "R000.06N000.00RNF");
  CHECK(cell.rig.samples.empty());
  CHECK(cell.rig.state() == PATELLA_DEVICE_NOT_MINE);
  CHECK(cell.rig.writes.size() == 5);
}

TEST_CASE("the wanted rate is asked for three times, then left as the cell has it") {
  Cell cell;
  cell.rig.connect();
  cell.send(10, "R000.06N000.00RNS", 111'360);
  CHECK(cell.count('F') == 3);
  CHECK(cell.rig.writes.size() == 3);
  CHECK(cell.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("rate and unit as parameters") {
  const std::vector<patella_value> values = {{"rate", -1, 2, nullptr}, {"unit", -1, 2, nullptr}};
  patella::testing::DeviceBench<Driver> bench(values);
  const auto times_asked = [&](char what) {
    int times = 0;
    for (std::size_t i = 0; i < bench.writes.size(); ++i) times += bench.written(i) == asked(what) ? 1 : 0;
    return times;
  };
  bench.connect();
  bench.advance_s(0.6);
  for (int i = 0; i < 40; ++i) {
    bench.advance_s(0.1);
    const bool rate_set = times_asked('M') > 0;
    bench.receive(whole(std::string("R000.06N000.00RN") + (rate_set ? 'M' : 'F')));
  }
  CHECK(bench.writes.size() == 4);
  CHECK(times_asked('M') == 1);
  CHECK(times_asked('G') == 2);
}

TEST_CASE(
    "overload is told and makes no sample; an empty battery is told while samples go on; capacity is no "
    "force") {
  Cell cell;
  cell.start();
  const auto before_overload = cell.rig.values(0).size();
  cell.rig.receive("O031.50N000.00RNQ79\r");
  CHECK(cell.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(cell.rig.values(0).size() == before_overload);
  cell.rig.receive(whole("R000.10N000.00RNF"));
  CHECK(cell.rig.state() == PATELLA_DEVICE_LIVE);
  cell.rig.receive(whole("R000.10N000.00%NF"));
  CHECK(cell.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(cell.rig.text().find("battery") != std::string::npos);
  const auto before = cell.rig.samples.size();
  cell.rig.receive(whole("C003000N000.00RGF"));
  CHECK(cell.rig.samples.size() == before);
  CHECK(cell.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(cell.rig.text() == "The load cell shows its maximum capacity: leave that mode");
  cell.rig.receive(whole("R000.10N000.00RNF"));
  CHECK(cell.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("samples are evenly spaced, although they come in lumps") {
  Cell cell;
  cell.start();
  cell.send(10, "R000.06N000.00RNF");
  const auto before = cell.rig.samples.size();
  cell.rig.run_for(4 * 27'840);
  std::string lump;
  for (int i = 0; i < 4; ++i) lump += whole("R000.06N000.00RNF");
  cell.rig.receive(lump);
  REQUIRE(cell.rig.samples.size() >= before + 4);
  int64_t last_us = 0;
  for (std::size_t i = before - 1; i < cell.rig.samples.size(); ++i) {
    const auto& sample = cell.rig.samples[i];
    if (sample.channel != 0) continue;
    if (last_us) CHECK(sample.t_us - last_us == Approx(27'840).margin(500));
    last_us = sample.t_us;
  }
}

TEST_CASE("tare: the zero is confirmed by what the cell shows") {
  Cell cell;
  cell.start();
  cell.send(2, "R000.02N000.00RNF");
  REQUIRE(cell.rig.command("tare"));
  CHECK(cell.rig.last_written() == asked('Z'));
  CHECK_FALSE(cell.rig.command("tare"));
  SECTION("it takes it") {
    cell.send(0.15, "R000.02N000.00RNF");
    CHECK(cell.rig.done.empty());
    cell.send(0.2, "R000.00Z000.02RNF");
    CHECK(cell.rig.done.empty());  // one frame proves nothing
    cell.send(0.3, "R000.00Z000.02RNF");
    REQUIRE(cell.rig.done.size() == 1);
    CHECK(cell.rig.done[0].ok);
  }
  SECTION("a frame that was under way is no answer") {
    cell.rig.run_for(20 * kMs);
    cell.rig.receive(whole("R000.00N000.00RNF"));
    CHECK(cell.rig.done.empty());
    cell.send(3.1, "R000.02N000.00RNF");
    CHECK_FALSE(cell.rig.done.at(0).ok);
  }
  SECTION("its screen is locked") {
    cell.send(3.1, "R000.02N000.00RNF");
    REQUIRE(cell.rig.done.size() == 1);
    CHECK_FALSE(cell.rig.done[0].ok);
    CHECK(cell.rig.state() == PATELLA_DEVICE_LIVE);
  }
  SECTION("one step of the display is left: that may be all there was") {
    cell.send(3.1, "R000.01N000.00RNF");
    REQUIRE(cell.rig.done.size() == 1);
    CHECK_FALSE(cell.rig.done[0].ok);
  }
  SECTION("it falls silent") {
    cell.rig.run_for(2'500 * kMs);
    REQUIRE(cell.rig.done.size() == 1);
    CHECK_FALSE(cell.rig.done[0].ok);
  }
  SECTION("it is unplugged") {
    cell.rig.disconnect(PATELLA_DISCONNECT_UNPLUGGED);
    REQUIRE(cell.rig.done.size() == 1);
    CHECK_FALSE(cell.rig.done[0].ok);
  }
  CHECK(cell.rig.violations.empty());
}

TEST_CASE("tare is refused with the reason while the cell is loaded or moves") {
  Cell cell;
  cell.start();
  cell.send(2, "R000.06N000.00RNF");
  REQUIRE(cell.rig.command("tare"));
  CHECK(cell.rig.done.at(0).text.find("is loaded") != std::string::npos);
  for (int i = 0; i < 20; ++i) cell.send(0.05, i % 2 ? "R000.00N000.00RNF" : "R000.02N000.00RNF");
  REQUIRE(cell.rig.command("tare"));
  CHECK(cell.rig.done.at(1).text.find("not still") != std::string::npos);
  for (int i = 0; i < 20; ++i) cell.send(0.05, i % 2 ? "R000.01N000.00RNF" : "R000.02N000.00RNF");
  CHECK(cell.count('Z') == 0);
  REQUIRE(cell.rig.command("tare"));  // one step of its display is no motion
  CHECK(cell.count('Z') == 1);
}

TEST_CASE("tare is refused before it streams; other commands always") {
  Cell cell;
  CHECK_FALSE(cell.rig.command("tare"));
  cell.rig.connect();
  CHECK_FALSE(cell.rig.command("tare"));
  cell.send(1, "R000.63N000.00RNF");
  CHECK_FALSE(cell.rig.command("identify"));
}

TEST_CASE("1 s of silence: start again; still nothing: SILENT; then it comes back") {
  Cell cell;
  cell.start();
  const auto before = cell.rig.writes.size();
  cell.rig.run_for(990 * kMs);
  CHECK(cell.rig.writes.size() == before);
  cell.rig.run_for(20 * kMs);
  CHECK(cell.rig.last_written() == asked('A'));
  CHECK(cell.rig.writes.size() == before + 1);
  CHECK(cell.rig.state() == PATELLA_DEVICE_LIVE);
  cell.rig.run_for(2 * kS);
  CHECK(cell.rig.state() == PATELLA_DEVICE_SILENT);
  CHECK_FALSE(cell.rig.text().empty());
  cell.rig.run_for(600 * kS);
  cell.send(1, "R000.06N000.00RNF");
  CHECK(cell.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("closed in good order it is stopped; one that never spoke is left alone") {
  Cell cell;
  SECTION("ours") {
    cell.start();
    cell.rig.disconnect(PATELLA_DISCONNECT_CLOSED);
    CHECK(cell.rig.last_written() == asked('E'));
  }
  SECTION("not ours") {
    cell.rig.connect();
    cell.rig.disconnect(PATELLA_DISCONNECT_CLOSED);
    CHECK(cell.rig.writes.empty());
  }
}

TEST_CASE("any bytes at any time are survived, and the rules of the host are kept") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Cell cell;
  cell.start();
  const std::vector<std::string> words = {
      "R000.63Z-32.84RNS10\r",   "R001.52N000.00@NF52\r", "O031.50N000.00RNQ79\r", "R", "\r", "\xFF\xFF",
      whole("R9999.9N000.00RNM")};
  int accepted = cell.rig.command("tare");
  for (int round = 0; round < patella::test::fuzz_rounds(); ++round) {
    std::string text = words[random() % words.size()];
    if (random() % 4 == 0) text[random() % text.size()] = static_cast<char>(random());
    cell.rig.receive(text);
    if (random() % 50 == 0) accepted += cell.rig.command("tare");
    cell.rig.run_for(random() % (20 * kMs));
    if (!cell.rig.violations.empty()) FAIL(cell.rig.violations.front());
    cell.rig.samples.clear();
    cell.rig.writes.clear();
    cell.rig.states.clear();
  }
  cell.rig.disconnect(PATELLA_DISCONNECT_UNPLUGGED);
  CHECK(accepted > 0);
  CHECK(static_cast<int>(cell.rig.done.size()) == accepted);
}
