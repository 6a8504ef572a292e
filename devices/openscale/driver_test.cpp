#include "driver.hpp"

#include <patella/testing.hpp>

#include <random>

#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::openscale;
using patella::testing::ScriptedDriverHost;

namespace {

constexpr int64_t kMs = 1000, kS = 1'000'000;

struct Scale {
  ScriptedDriverHost rig{patella::sdk::DeviceGlue<Driver>::kTable};
  uint32_t device_ms = 2400;
  void measure(int readings, const char* value = "6.12") {
    for (int i = 0; i < readings; ++i) {
      rig.run_for(500 * kMs);
      rig.receive(std::to_string(device_ms += 500) + "," + value + ",kg,24.56,0.00,\r\n");
    }
  }
  void start() {
    rig.connect();
    rig.run_for(2 * kS);
    rig.receive("\r\nSerial Load Cell Converter version 1.2\r\nBy SparkFun Electronics\r\nReadings:\r\n");
    measure(3);
  }
};

}  // namespace

TEST_CASE("it is found by what it says: nothing is written to it") {
  Scale scale;
  scale.start();
  CHECK(scale.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(scale.rig.last(0) == Approx(6.12 * 9.80665));
  CHECK(scale.rig.samples.size() == 3);
  scale.measure(100);
  CHECK(scale.rig.writes.empty());
  CHECK(scale.rig.violations.empty());
}

TEST_CASE("a board that was not reset is found by two readings") {
  Scale scale;
  scale.rig.connect();
  scale.rig.receive("12,kg,24.56,0.00,\r\n");
  CHECK(scale.rig.state() == PATELLA_DEVICE_STARTING);
  CHECK(scale.rig.samples.empty());
  scale.measure(1);
  CHECK(scale.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("a board that is not calibrated is known, told as that, and nothing is written to it") {
  const char* value = GENERATE("inf", "nan", "-164148.00");
  const bool boots = GENERATE(true, false);
  INFO(value << (boots ? ", booting" : ", running"));
  Scale scale;
  scale.rig.connect();
  scale.rig.run_for(1 * kS);
  if (boots) scale.rig.receive("Serial Load Cell Converter version 1.0\r\nBy SparkFun Electronics\r\nReadings:\r\n");
  scale.measure(20, value);
  CHECK(scale.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(scale.rig.text().find("not calibrated") != std::string::npos);
  CHECK_FALSE(scale.rig.was(PATELLA_DEVICE_NOT_MINE));
  CHECK_FALSE(scale.rig.was(PATELLA_DEVICE_SILENT));
  CHECK(scale.rig.writes.empty());
  CHECK(scale.rig.samples.empty());
  CHECK_FALSE((scale.rig.command("tare") && scale.rig.done.back().ok));
  CHECK(scale.rig.writes.empty());
  scale.measure(2);
  CHECK(scale.rig.state() == PATELLA_DEVICE_LIVE);
  scale.measure(10, value);
  CHECK(scale.rig.state() == PATELLA_DEVICE_NOTICE);
  scale.rig.run_for(30 * kS);  // pulled off its bridge
  CHECK(scale.rig.state() == PATELLA_DEVICE_SILENT);
  CHECK(scale.rig.writes.empty());
}

TEST_CASE("nothing comes: SILENT and nothing is written; plugged in half a minute later it is found") {
  Scale scale;
  scale.rig.connect();
  scale.rig.run_for(4'600 * kMs);
  CHECK(scale.rig.state() == PATELLA_DEVICE_SILENT);
  scale.rig.run_for(25 * kS);
  CHECK(scale.rig.writes.empty());
  scale.rig.receive("By SparkFun Electronics\r\nReadings:\r\n");
  scale.measure(3);
  CHECK(scale.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK_FALSE(scale.rig.was(PATELLA_DEVICE_NOT_MINE));
}

TEST_CASE("a board in trigger mode goes on being triggered after readings that are no weight; its menu stays closed") {
  Scale scale;
  scale.rig.connect();
  scale.rig.receive("By SparkFun Electronics\r\nReadings:\r\n");
  scale.rig.run_for(4'100 * kMs);
  std::string value = "1.00";
  const auto run = [&](int64_t for_us) {
    for (const int64_t end_us = scale.rig.now_us + for_us; scale.rig.now_us < end_us;) {
      const auto before = scale.rig.writes.size();
      scale.rig.run_for(50 * kMs);
      if (scale.rig.writes.size() > before && !value.empty()) scale.rig.receive(value + ",kg,\r\n");
    }
  };
  scale.rig.receive("1.00,kg,\r\n");
  run(3 * kS);
  value = GENERATE("ovf", "nan", "-164148.00", "\xFE\xFE");
  INFO(value);
  run(5 * kS);
  CHECK(scale.rig.state() == PATELLA_DEVICE_NOTICE);
  if (value != "\xFE\xFE") {
    value.clear();
    run(10 * kS);
    CHECK(scale.rig.state() == PATELLA_DEVICE_SILENT);
  }
  value = "1.00";
  run(5 * kS);
  CHECK(scale.rig.state() == PATELLA_DEVICE_LIVE);
  for (std::size_t i = 0; i < scale.rig.writes.size(); ++i)
    if (scale.rig.written(i) != "!") FAIL(scale.rig.written(i));
}

TEST_CASE("lines of a known scale that cannot be read are no silence: nothing is written, and it is told") {
  Scale scale;
  scale.start();
  for (int i = 0; i < 60; ++i) {
    scale.rig.run_for(500 * kMs);
    scale.rig.receive("\xFE\xFF,\xFE\r\n");
  }
  CHECK(scale.rig.writes.empty());
  CHECK(scale.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(scale.rig.text().find("cannot be read") != std::string::npos);
  scale.measure(1);
  CHECK(scale.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("spikes that add up over hours are no other product") {
  Scale scale;
  scale.rig.connect();
  for (int i = 0; i < 100; ++i) {
    scale.rig.receive("\xFF\r\n");
    scale.rig.run_for(20 * kS);
  }
  CHECK(scale.rig.state() == PATELLA_DEVICE_SILENT);
  scale.measure(3);
  CHECK(scale.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("what says nothing of the kind is given back after 5 s, and nothing was written to it") {
  Scale scale;
  scale.rig.connect();
  for (int i = 0; i < 50; ++i) {
    scale.rig.receive("Force_Sensor-0.6\r\n128340;52.77\r\n> \r\n");
    scale.rig.run_for(100 * kMs);
  }
  CHECK(scale.rig.state() == PATELLA_DEVICE_NOT_MINE);
  scale.measure(10);
  CHECK(scale.rig.samples.empty());
  CHECK(scale.rig.writes.empty());
}

TEST_CASE("times are the board's, not those of the port") {
  Scale scale;
  scale.start();
  scale.measure(20);
  const auto before = scale.rig.samples.size();
  scale.rig.run_for(1'500 * kMs);
  for (int i = 0; i < 3; ++i) scale.rig.receive(std::to_string(scale.device_ms += 500) + ",6.12,kg,\r\n");
  REQUIRE(scale.rig.samples.size() == before + 3);
  for (std::size_t i = before; i < before + 3; ++i)
    CHECK(scale.rig.samples[i].t_us - scale.rig.samples[i - 1].t_us == Approx(500'000).margin(10'000));
}

TEST_CASE("the roll-over of the board's milliseconds after 49.7 days leaves no gap") {
  Scale scale;
  scale.device_ms = 0xFFFFFFFFu - 3'000u;
  scale.start();
  scale.measure(20);
  REQUIRE(scale.rig.samples.size() == 23);
  for (std::size_t i = 1; i < 23; ++i)
    CHECK(scale.rig.samples[i].t_us - scale.rig.samples[i - 1].t_us == Approx(500'000).margin(10'000));
}

TEST_CASE("without milliseconds a reading has the time of its arrival") {
  Scale scale;
  scale.start();
  scale.rig.run_for(500 * kMs);
  scale.rig.receive("1.00,lbs,\r\n");
  CHECK(scale.rig.samples.back().t_us == scale.rig.now_us);
  CHECK(scale.rig.last(0) == Approx(4.448222));
}

TEST_CASE("a board that waits for a trigger is triggered ten times a second") {
  Scale scale;
  scale.rig.connect();
  scale.rig.run_for(2 * kS);
  scale.rig.receive("By SparkFun Electronics\r\nReadings:\r\n");
  scale.rig.run_for(3'900 * kMs);
  CHECK(scale.rig.writes.empty());
  scale.rig.run_for(200 * kMs);
  CHECK(scale.rig.last_written() == "!");
  scale.rig.receive("1.00,kg,\r\n");
  CHECK(scale.rig.state() == PATELLA_DEVICE_LIVE);
  scale.rig.run_for(1'100 * kMs);
  CHECK(scale.rig.writes.size() == 1);  // would a reading come without?
  scale.rig.run_for(100 * kMs);
  CHECK(scale.rig.writes.size() == 2);
  scale.rig.receive("1.00,kg,\r\n");
  for (int i = 0; i < 10; ++i) {
    const auto before = scale.rig.writes.size();
    scale.rig.run_for(100 * kMs);
    REQUIRE(scale.rig.writes.size() == before + 1);
    CHECK(scale.rig.last_written() == "!");
    scale.rig.receive("1.00,kg,\r\n");
  }
}

TEST_CASE("a board that was led out of its menu, or only paused, measures by itself: it is not triggered") {
  Scale scale;
  scale.start();
  scale.rig.run_for(3'100 * kMs);
  REQUIRE(scale.rig.last_written() == "!");
  if (GENERATE(true, false)) {
    scale.rig.receive("\r\nx) Exit\r\n>");  // the trigger made the menu come again
    REQUIRE(scale.rig.last_written() == "x");
    scale.rig.receive("\r\nExiting\r\n");
    scale.measure(1);
    scale.rig.run_for(1'500 * kMs);  // not even to find out
    CHECK(scale.rig.last_written() == "x");
  }
  const auto before = scale.rig.writes.size();
  scale.measure(40);
  CHECK(scale.rig.writes.size() == before);
  CHECK(scale.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("a board that was set to measure by itself is not triggered any more") {
  Scale scale;
  scale.rig.connect();
  scale.rig.receive("By SparkFun Electronics\r\nReadings:\r\n");
  scale.rig.run_for(4'100 * kMs);
  scale.rig.receive("1.00,kg,\r\n");
  scale.rig.run_for(1'250 * kMs);
  REQUIRE(scale.rig.writes.size() == 2);
  scale.rig.receive("1.00,kg,\r\n1.00,kg,\r\n");
  scale.measure(10);
  CHECK(scale.rig.writes.size() == 2);
}

TEST_CASE("tare is refused with the reason, and the menu stays closed, while the scale is loaded or moves") {
  Scale scale;
  scale.start();
  REQUIRE(scale.rig.command("tare"));
  REQUIRE(scale.rig.done.size() == 1);
  CHECK(scale.rig.done[0].text.find("is loaded") != std::string::npos);
  scale.measure(1, "0.50");
  REQUIRE(scale.rig.command("tare"));
  CHECK(scale.rig.done.at(1).text.find("not still") != std::string::npos);
  CHECK_FALSE(scale.rig.done[1].ok);
  CHECK(scale.rig.writes.empty());
}

TEST_CASE("tare: through the menu and out of it, one answer") {
  Scale scale;
  scale.start();
  scale.measure(4, "0.50");
  REQUIRE(scale.rig.command("tare"));
  CHECK(scale.rig.last_written() == "x");
  CHECK_FALSE(scale.rig.command("tare"));
  SECTION("all goes well") {
    scale.rig.run_for(100 * kMs);
    scale.rig.receive("1) Tare scale to zero\r\nx) Exit\r\n>");
    CHECK(scale.rig.last_written() == "1");
    scale.rig.run_for(2 * kS);
    scale.rig.receive("\r\nTare point 1: [130978]\r\nx) Exit\r\n>");
    CHECK(scale.rig.last_written() == "x");
    CHECK(scale.rig.done.empty());
    scale.measure(2, "0.00");
    REQUIRE(scale.rig.done.size() == 1);
    CHECK(scale.rig.done[0].ok);
    CHECK(scale.rig.state() == PATELLA_DEVICE_LIVE);
    CHECK(scale.rig.writes.size() == 3);
  }
  SECTION("the menu does not open") {
    scale.rig.run_for(3'100 * kMs);
    REQUIRE(scale.rig.done.size() == 1);
    CHECK_FALSE(scale.rig.done[0].ok);
    scale.measure(2);
    CHECK(scale.rig.state() == PATELLA_DEVICE_LIVE);
  }
  SECTION("it hangs in the menu and is led out of it") {
    scale.rig.receive(">");
    scale.rig.run_for(10'100 * kMs);
    REQUIRE(scale.rig.done.size() == 1);
    CHECK_FALSE(scale.rig.done[0].ok);
    CHECK(scale.rig.last_written() == "!");
    scale.rig.receive("\r\nx) Exit\r\n>");
    CHECK(scale.rig.last_written() == "x");
    scale.measure(2);
    CHECK(scale.rig.state() == PATELLA_DEVICE_LIVE);
  }
  SECTION("closed in the menu: it is left") {
    scale.rig.receive(">");
    scale.rig.disconnect(PATELLA_DISCONNECT_CLOSED);
    CHECK(scale.rig.last_written() == "x");
    CHECK(scale.rig.done.size() == 1);
  }
}

TEST_CASE("tare is refused before it measures; other commands always") {
  Scale scale;
  CHECK_FALSE(scale.rig.command("tare"));
  scale.rig.connect();
  CHECK_FALSE(scale.rig.command("tare"));
  scale.measure(4);
  CHECK_FALSE(scale.rig.command("identify"));
}

TEST_CASE("3 s of silence: it is woken; still nothing: SILENT; it comes back by itself") {
  Scale scale;
  scale.start();
  scale.rig.run_for(2'900 * kMs);
  CHECK(scale.rig.writes.empty());
  scale.rig.run_for(200 * kMs);
  CHECK(scale.rig.last_written() == "!");
  scale.rig.run_for(5 * kS);
  CHECK(scale.rig.state() == PATELLA_DEVICE_SILENT);
  CHECK_FALSE(scale.rig.text().empty());
  scale.rig.receive("By SparkFun Electronics\r\n");
  scale.device_ms = 0;
  scale.measure(3);
  CHECK(scale.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(scale.rig.violations.empty());
}

TEST_CASE("any bytes at any time are survived, and the rules of the host are kept") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Scale scale;
  scale.start();
  const std::vector<std::string> words = {
      "12,6.12,kg,\r\n", "6.12,lbs,24.56,\r\n", ">", "By SparkFun Electronics\r\n", ",,", "\r\n", "\xFF"};
  int accepted = 0;
  for (int round = 0; round < patella::test::fuzz_rounds(); ++round) {
    std::string text = words[random() % words.size()];
    if (random() % 4 == 0) text[random() % text.size()] = static_cast<char>(random());
    scale.rig.receive(text);
    if (random() % 20 == 0) accepted += scale.rig.command("tare");
    scale.rig.run_for(random() % (300 * kMs));
    if (!scale.rig.violations.empty()) FAIL(scale.rig.violations.front());
    scale.rig.samples.clear();
    scale.rig.writes.clear();
    scale.rig.states.clear();
  }
  scale.rig.disconnect(PATELLA_DISCONNECT_UNPLUGGED);
  CHECK(accepted > 0);
  CHECK(static_cast<int>(scale.rig.done.size()) == accepted);
}
