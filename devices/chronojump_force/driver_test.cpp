#include "driver.hpp"

#include <patella/testing.hpp>

#include <random>

#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::chronojump_force;
using patella::testing::ScriptedDriverHost;

namespace {

constexpr int64_t kMs = 1000, kS = 1'000'000;

struct Sensor {
  ScriptedDriverHost rig{patella::sdk::DeviceGlue<Driver>::kTable};
  uint32_t device_us = 0;

  void measure(double seconds, const char* force = "52.77") {
    for (int64_t end_us = rig.now_us + static_cast<int64_t>(seconds * 1e6); rig.now_us < end_us;) {
      rig.run_for(11'333);
      rig.receive(std::to_string(device_us += 11'333) + ";" + force + "\r\n");
    }
  }
  void start() {
    rig.connect();
    rig.run_for(3 * kS);
    rig.run_for(1'100 * kMs);
    rig.receive("Force_Sensor-0.6\r\n");
    rig.run_for(1'100 * kMs);
    device_us = 0;
    rig.receive("Starting capture...\r\n0;52.52\r\n");
  }
};

}  // namespace

TEST_CASE("start: 3 s for the board to boot, version, capture, live") {
  Sensor sensor;
  sensor.rig.connect();
  CHECK(sensor.rig.state() == PATELLA_DEVICE_STARTING);
  sensor.rig.receive("\x01\xFF boot text \r\n");
  sensor.rig.run_for(3 * kS - 1);
  CHECK(sensor.rig.writes.empty());
  sensor.rig.run_for(1);
  CHECK(sensor.rig.last_written() == "get_version:");
  sensor.rig.receive(std::string("\0;Force_Sens", 12));
  sensor.rig.receive("or-0.3\r\n");
  CHECK(sensor.rig.last_written() == "start_capture:");
  CHECK(sensor.rig.state() == PATELLA_DEVICE_STARTING);
  sensor.rig.run_for(1 * kS);
  sensor.rig.receive("Starting capture...\r\n0;52.52\r\n968;52.77\r\n3324;52.87\r\n");
  CHECK(sensor.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(sensor.rig.values(0) == std::vector<double>{52.52, 52.77, 52.87});
  CHECK(sensor.rig.violations.empty());
}

TEST_CASE("a board that its port does not reset is asked as soon as the station says") {
  ScriptedDriverHost rig{patella::sdk::DeviceGlue<Driver>::kTable, {{"boot", -1, 0.2, nullptr}}};
  rig.connect();
  rig.run_for(200 * kMs - 1);
  CHECK(rig.writes.empty());
  rig.run_for(1);
  CHECK(rig.last_written() == "get_version:");
}

TEST_CASE("samples carry the device's spacing, not that of the port") {
  Sensor sensor;
  sensor.start();
  sensor.measure(1.0);
  const auto before = sensor.rig.samples.size();
  sensor.rig.run_for(4 * 11'333);
  std::string lump;
  for (int i = 0; i < 4; ++i) lump += std::to_string(sensor.device_us += 11'333) + ";60.0\r\n";
  sensor.rig.receive(lump);
  REQUIRE(sensor.rig.samples.size() == before + 4);
  for (std::size_t i = before + 1; i < before + 4; ++i) {
    const int64_t step_us = sensor.rig.samples[i].t_us - sensor.rig.samples[i - 1].t_us;
    CHECK(step_us > 11'333 - 500);
    CHECK(step_us < 11'333 + 500);
  }
}

TEST_CASE("a sensor that is not calibrated: there, told as that, and nothing is sent because of it") {
  const char* force = GENERATE("nan", "inf", "8388607");
  INFO(force);
  Sensor sensor;
  sensor.start();
  const std::size_t writes = sensor.rig.writes.size();
  sensor.measure(10, force);
  CHECK(sensor.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(sensor.rig.text().find("not calibrated") != std::string::npos);
  CHECK(sensor.rig.writes.size() == writes);
  sensor.measure(1);
  CHECK(sensor.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("a sensor that is plugged into its bridge long after the kiosk began is found; until then asked gently") {
  Sensor sensor;
  sensor.rig.connect();
  sensor.rig.run_for(4'700 * kMs);
  CHECK(sensor.rig.state() == PATELLA_DEVICE_SILENT);
  sensor.rig.run_for(25 * kS);
  CHECK(sensor.rig.writes.size() <= 5);
  CHECK_FALSE(sensor.rig.was(PATELLA_DEVICE_NOT_MINE));
  const std::size_t asked = sensor.rig.writes.size();
  while (sensor.rig.writes.size() == asked) sensor.rig.run_for(100 * kMs);
  sensor.rig.run_for(1'100 * kMs);
  sensor.rig.receive("Force_Sensor-0.6\r\n");
  CHECK(sensor.rig.last_written() == "start_capture:");
  sensor.rig.receive("Starting capture...\r\n");
  sensor.measure(1);
  CHECK(sensor.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("lines of a known sensor that cannot be read are no silence: nothing is sent, and it is told") {
  Sensor sensor;
  sensor.start();
  sensor.measure(1);
  const std::size_t writes = sensor.rig.writes.size();
  sensor.measure(30, "\xFE\xFF");
  CHECK(sensor.rig.writes.size() == writes);
  CHECK(sensor.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(sensor.rig.text().find("cannot be read") != std::string::npos);
  sensor.measure(1);
  CHECK(sensor.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("spikes that add up over hours are no other product") {
  Sensor sensor;
  sensor.rig.connect();
  for (int i = 0; i < 100; ++i) {
    sensor.rig.receive("\xFF\r\n");
    sensor.rig.run_for(20 * kS);
  }
  CHECK(sensor.rig.state() == PATELLA_DEVICE_SILENT);
}

TEST_CASE("what does not answer like the sensor is given back within 8 s") {
  Sensor sensor;
  sensor.rig.connect();
  for (int i = 0; i < 78; ++i) {
    sensor.rig.receive("ok\r\n");
    sensor.rig.run_for(100 * kMs);
  }
  CHECK(sensor.rig.state() == PATELLA_DEVICE_NOT_MINE);
  CHECK(sensor.rig.writes.size() == 3);
  sensor.rig.receive("Force_Sensor-0.6\r\n");
  sensor.rig.run_for(60 * kS);
  CHECK(sensor.rig.state() == PATELLA_DEVICE_NOT_MINE);
  CHECK(sensor.rig.writes.size() == 3);
}

TEST_CASE("a board that kept capturing is stopped first") {
  Sensor sensor;
  sensor.rig.connect();
  sensor.measure(3.001);
  CHECK(sensor.rig.last_written() == "end_capture:");
  CHECK(sensor.rig.samples.empty());
  sensor.rig.receive("Capture ended:\r\n");
  CHECK(sensor.rig.last_written() == "get_version:");
}

TEST_CASE("triggers and unreadable lines make no sample; unreadable ones are counted") {
  Sensor sensor;
  sensor.start();
  const auto before = sensor.rig.samples.size();
  const auto logs = sensor.rig.logs.size();
  sensor.rig.run_for(20 * kMs);
  sensor.rig.receive("11333;R\r\n");
  CHECK(sensor.rig.logs.size() == logs);
  sensor.rig.receive("11340;r\r\n12000;52,77\r\n1\xFE;3.0\r\n13000;9999.0\r\n14000;-1001\r\n");
  CHECK(sensor.rig.samples.size() == before);
  CHECK(sensor.rig.logs.size() == logs + 1);
  sensor.rig.receive("15000;12.5\r\n");
  CHECK(sensor.rig.last(0) == 12.5);
}

TEST_CASE("tare: stop, tare, start again, one answer") {
  Sensor sensor;
  sensor.start();
  sensor.measure(1.5, "-4.40");
  CHECK(sensor.rig.command("tare"));
  CHECK(sensor.rig.last_written() == "end_capture:");
  CHECK_FALSE(sensor.rig.command("tare"));
  sensor.measure(0.2, "-4.40");
  CHECK(sensor.rig.last(0) == -4.40);
  sensor.rig.receive("Capture ended\r\n");
  CHECK(sensor.rig.last_written() == "tare:");
  CHECK_FALSE(sensor.rig.command("tare"));
  sensor.rig.run_for(1'700 * kMs);
  sensor.rig.receive("Taring OK:84213\r\n");
  REQUIRE(sensor.rig.done.size() == 1);
  CHECK(sensor.rig.done[0].command == "tare");
  CHECK(sensor.rig.done[0].ok);
  CHECK(sensor.rig.last_written() == "start_capture:");
  sensor.rig.run_for(1 * kS);
  sensor.device_us = 0;
  sensor.rig.receive("Starting capture...\r\n");
  sensor.measure(0.5, "0.0");
  CHECK(sensor.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(sensor.rig.last(0) == 0);
  CHECK(sensor.rig.done.size() == 1);
  CHECK(sensor.rig.violations.empty());
}

TEST_CASE("tare is refused before the sensor measures; other commands always") {
  Sensor sensor;
  CHECK_FALSE(sensor.rig.command("tare"));
  sensor.rig.connect();
  CHECK_FALSE(sensor.rig.command("tare"));
  CHECK_FALSE(sensor.rig.command("identify"));
}

TEST_CASE("tare is refused with the reason while the sensor is loaded, moves, or has not measured yet") {
  Sensor sensor;
  sensor.start();
  const auto refused = [&] {
    const auto before = sensor.rig.done.size();
    const std::string written = sensor.rig.last_written();
    REQUIRE(sensor.rig.command("tare"));
    REQUIRE(sensor.rig.done.size() == before + 1);
    CHECK_FALSE(sensor.rig.done.back().ok);
    CHECK(sensor.rig.last_written() == written);
    return sensor.rig.done.back().text;
  };
  CHECK(refused().find("not still") != std::string::npos);
  sensor.measure(1.5, "52.00");
  CHECK(refused().find("is loaded") != std::string::npos);
  for (int i = 0; i < 10; ++i) sensor.measure(0.1, i % 2 == 0 ? "1.00" : "6.00");
  CHECK(refused().find("not still") != std::string::npos);
  sensor.measure(1.5, "-4.40");
  CHECK(sensor.rig.command("tare"));
  CHECK(sensor.rig.last_written() == "end_capture:");
  CHECK(sensor.rig.state() == PATELLA_DEVICE_STARTING);
}

TEST_CASE("a tare that is not confirmed fails in words, and the capture goes on") {
  Sensor sensor;
  sensor.start();
  sensor.measure(1.5, "3.00");
  SECTION("it does not stop") {
    sensor.rig.command("tare");
    sensor.rig.run_for(3 * kS);
  }
  SECTION("it does not tare") {
    sensor.rig.command("tare");
    sensor.rig.receive("Capture ended\r\n");
    sensor.rig.run_for(4 * kS);
  }
  REQUIRE(sensor.rig.done.size() == 1);
  CHECK_FALSE(sensor.rig.done[0].ok);
  CHECK(sensor.rig.last_written() == "start_capture:");
  sensor.measure(0.5);
  CHECK(sensor.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("unplugged while being tared: the command is answered once") {
  Sensor sensor;
  sensor.start();
  sensor.measure(1.5, "3.00");
  sensor.rig.command("tare");
  sensor.rig.disconnect(PATELLA_DISCONNECT_UNPLUGGED);
  REQUIRE(sensor.rig.done.size() == 1);
  CHECK_FALSE(sensor.rig.done[0].ok);
}

TEST_CASE("closed in good order: the capture is ended") {
  Sensor sensor;
  sensor.start();
  sensor.rig.disconnect(PATELLA_DISCONNECT_CLOSED);
  CHECK(sensor.rig.last_written() == "end_capture:");
}

TEST_CASE("1 s of silence: ask; still nothing: SILENT; it comes back by itself or by a new start") {
  Sensor sensor;
  sensor.start();
  sensor.measure(1.0);
  const auto before = sensor.rig.writes.size();
  sensor.rig.run_for(900 * kMs);
  CHECK(sensor.rig.writes.size() == before);
  sensor.rig.run_for(200 * kMs);
  CHECK(sensor.rig.last_written() == "get_version:");
  CHECK(sensor.rig.state() == PATELLA_DEVICE_LIVE);
  SECTION("samples again") {
    sensor.device_us += 1'200'000;
    sensor.measure(0.1);
    CHECK(sensor.rig.state() == PATELLA_DEVICE_LIVE);
    CHECK(sensor.rig.writes.size() == before + 1);
  }
  SECTION("it had restarted: the version answers, the capture is started") {
    sensor.rig.run_for(1 * kS);
    sensor.rig.receive("Force_Sensor-0.6\r\n");
    CHECK(sensor.rig.last_written() == "start_capture:");
    sensor.rig.receive("Starting capture...\r\n");
    sensor.device_us = 0;
    sensor.measure(0.1);
    CHECK(sensor.rig.state() == PATELLA_DEVICE_LIVE);
  }
  SECTION("nothing") {
    sensor.rig.run_for(2'500 * kMs);
    CHECK(sensor.rig.state() == PATELLA_DEVICE_SILENT);
    CHECK_FALSE(sensor.rig.text().empty());
    sensor.rig.run_for(10 * kS);
    CHECK(sensor.rig.writes.size() <= before + 7);
    sensor.rig.receive("Force_Sensor-0.6\r\n");
    CHECK(sensor.rig.last_written() == "start_capture:");
  }
}

TEST_CASE("a capture that does not start is asked for again, and SILENT is told after three times") {
  Sensor sensor;
  sensor.rig.connect();
  sensor.rig.run_for(3 * kS);
  sensor.rig.receive("Force_Sensor-0.6\r\n");
  sensor.rig.run_for(8'900 * kMs);
  CHECK(sensor.rig.state() == PATELLA_DEVICE_STARTING);
  sensor.rig.run_for(200 * kMs);
  CHECK(sensor.rig.state() == PATELLA_DEVICE_SILENT);
  CHECK(sensor.rig.last_written() == "start_capture:");
}

TEST_CASE("any bytes at any time are survived, and the rules of the host are kept") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Sensor sensor;
  sensor.start();
  const std::vector<std::string> words = {"Force_Sensor-0.6\r\n",
                                          "Starting capture...\r\n",
                                          "Capture ended\r\n",
                                          "Taring OK\r\n",
                                          "12;5.0\r\n",
                                          "4294967295;3.5\r\n",
                                          ";",
                                          "\r\n",
                                          "9;R\n",
                                          "\xFF\xFF"};
  int accepted = sensor.rig.command("tare");
  for (int round = 0; round < patella::test::fuzz_rounds(); ++round) {
    std::string text = random() % 3 ? words[random() % words.size()]
                                    : std::to_string(random()) + ";" + std::to_string(random() % 100) + ".5\r\n";
    if (random() % 4 == 0) text[random() % text.size()] = static_cast<char>(random());
    sensor.rig.receive(text);
    if (random() % 50 == 0) accepted += sensor.rig.command("tare");
    sensor.rig.run_for(random() % (20 * kMs));
    if (!sensor.rig.violations.empty()) FAIL(sensor.rig.violations.front());
    sensor.rig.samples.clear();
    sensor.rig.writes.clear();
    sensor.rig.states.clear();
  }
  sensor.rig.disconnect(PATELLA_DISCONNECT_UNPLUGGED);
  CHECK(accepted > 0);
  CHECK(static_cast<int>(sensor.rig.done.size()) == accepted);
}
