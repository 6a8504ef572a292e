#include "driver.hpp"

#include <patella/testing.hpp>

#include <random>

#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::hid_scale;
using patella::testing::ScriptedDriverHost;
using Bytes = std::vector<uint8_t>;

namespace {

constexpr int64_t kMs = 1000;

struct Scale {
  ScriptedDriverHost rig{patella::sdk::DeviceGlue<Driver>::kTable};
  /// A report in grams, 200 ms after the one before.
  void weigh(int grams, uint8_t status = 4, uint8_t unit = 2) {
    rig.run_for(200 * kMs);
    rig.receive(Bytes{0x03, status, unit, 0x00, static_cast<uint8_t>(grams & 0xFF), static_cast<uint8_t>(grams >> 8)});
  }
  void start() {
    rig.connect();
    weigh(0);
    weigh(1000);
  }
};

}  // namespace

TEST_CASE("the first report is the stale one of before: dropped") {
  Scale scale;
  scale.rig.connect();
  scale.weigh(878);
  CHECK(scale.rig.samples.empty());
  CHECK(scale.rig.state() == PATELLA_DEVICE_STARTING);
  scale.weigh(1000);
  CHECK(scale.rig.state() == PATELLA_DEVICE_LIVE);
  CHECK(scale.rig.values(0).size() == 1);
  CHECK(scale.rig.last(0) == Approx(9.80665));
  CHECK(scale.rig.samples[0].t_us == scale.rig.now_us);
  CHECK(scale.rig.writes.empty());
}

TEST_CASE("moving and negative weights are samples too") {
  Scale scale;
  scale.start();
  scale.weigh(2000, 3);
  CHECK(scale.rig.last(0) == Approx(19.6133));
  scale.weigh(500, 5);
  CHECK(scale.rig.last(0) == Approx(-4.903325));
  CHECK(scale.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("what the scale does not vouch for is told and makes no sample") {
  for (const int status : {1, 6, 7, 8}) {
    Scale scale;
    scale.start();
    const auto before = scale.rig.samples.size();
    scale.weigh(3000, static_cast<uint8_t>(status));
    INFO("status " << status);
    CHECK(scale.rig.state() == PATELLA_DEVICE_NOTICE);
    CHECK(scale.rig.text().size() > 10);
    CHECK(scale.rig.samples.size() == before);
    scale.weigh(3000);
    CHECK(scale.rig.state() == PATELLA_DEVICE_LIVE);
    CHECK(scale.rig.text().empty());
    CHECK(scale.rig.samples.size() == before + 1);
  }
}

TEST_CASE("an unknown unit is told and makes no sample") {
  Scale scale;
  scale.start();
  const auto before = scale.rig.samples.size();
  scale.weigh(56, 4, 0);
  CHECK(scale.rig.state() == PATELLA_DEVICE_NOTICE);
  CHECK(scale.rig.text().find("unit") != std::string::npos);
  scale.weigh(56, 4, 5);
  CHECK(scale.rig.text().find("tael") != std::string::npos);
  CHECK(scale.rig.samples.size() == before);
}

TEST_CASE("tare takes what rested for half a second as zero") {
  Scale scale;
  scale.start();
  const auto rest = [&](int grams) {
    for (int i = 0; i < 6; ++i) scale.weigh(grams);
  };
  rest(1500);
  REQUIRE(scale.rig.command("tare"));
  REQUIRE(scale.rig.done.size() == 1);
  CHECK(scale.rig.done[0].ok);
  scale.weigh(1500);
  CHECK(scale.rig.last(0) == Approx(0).margin(1e-9));
  scale.weigh(2500);
  CHECK(scale.rig.last(0) == Approx(9.80665));
  SECTION("the scale's own zero key makes the kiosk's zero void") {
    rest(1500);
    scale.weigh(0, 2);
    CHECK(scale.rig.last(0) == 0);
    scale.weigh(1000);
    CHECK(scale.rig.last(0) == Approx(9.80665));
    CHECK(scale.rig.logs.back().find("zero was set at the scale") != std::string::npos);
    CHECK(scale.rig.state() == PATELLA_DEVICE_NOTICE);
    CHECK(scale.rig.text() == "The zero was set at the scale: take the load off and set the zero again");
    if (GENERATE(true, false)) {
      rest(0);
      REQUIRE(scale.rig.command("tare"));
      CHECK(scale.rig.done.back().ok);
    } else {
      for (int i = 0; i < 290; ++i) scale.weigh(1000);
      CHECK(scale.rig.state() == PATELLA_DEVICE_NOTICE);
      for (int i = 0; i < 10; ++i) scale.weigh(1000);
    }
    scale.weigh(1000);
    CHECK(scale.rig.state() == PATELLA_DEVICE_LIVE);
  }
  SECTION("taking the tared weight off is a motion, and no zero key") {
    rest(1500);
    scale.weigh(700, 3);
    scale.weigh(0, 2);
    CHECK(scale.rig.last(0) == Approx(-1.5 * 9.80665));
  }
  SECTION("from there up to 20 N are unloaded") {
    rest(3400);
    REQUIRE(scale.rig.command("tare"));
    CHECK(scale.rig.done.back().ok);
  }
  SECTION("a loaded scale is not tared") {
    rest(3600);
    REQUIRE(scale.rig.command("tare"));
    CHECK_FALSE(scale.rig.done.back().ok);
    CHECK(scale.rig.done.back().text.find("loaded") != std::string::npos);
    CHECK(scale.rig.last(0) == Approx(2.1 * 9.80665));
  }
  SECTION("nor one that says that it moves, however little") {
    rest(1500);
    scale.weigh(1501, 3);
    REQUIRE(scale.rig.command("tare"));
    CHECK_FALSE(scale.rig.done.back().ok);
    scale.weigh(1501);
    CHECK(scale.rig.last(0) == Approx(0.001 * 9.80665));
  }
  CHECK(scale.rig.violations.empty());
}

TEST_CASE("tare is refused without a live weight") {
  Scale scale;
  CHECK_FALSE(scale.rig.command("tare"));
  scale.rig.connect();
  CHECK_FALSE(scale.rig.command("tare"));
  scale.weigh(0);
  scale.weigh(1000);
  CHECK_FALSE(scale.rig.command("identify"));
}

TEST_CASE("3 s without a report: SILENT, and LIVE with the next one") {
  Scale scale;
  scale.start();
  scale.rig.run_for(2'900 * kMs);
  CHECK(scale.rig.state() == PATELLA_DEVICE_LIVE);
  scale.rig.run_for(200 * kMs);
  CHECK(scale.rig.state() == PATELLA_DEVICE_SILENT);
  scale.weigh(10);
  CHECK(scale.rig.state() == PATELLA_DEVICE_LIVE);
}

TEST_CASE("unreadable reports are counted in the log, not one line each") {
  Scale scale;
  scale.start();
  for (int i = 0; i < 99; ++i) scale.rig.receive(Bytes{0x09, 0x01});
  CHECK(scale.rig.logs.size() == 2);
  CHECK(scale.rig.violations.empty());
}

TEST_CASE("any reports at any time are survived, and the rules of the host are kept") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Scale scale;
  scale.start();
  int accepted = scale.rig.command("tare");
  for (int round = 0; round < patella::test::fuzz_rounds(); ++round) {
    Bytes report = {0x03, static_cast<uint8_t>(1 + random() % 8), 0x02, 0x00, 0x6E, 0x03};
    for (unsigned i = 0; i < random() % 3; ++i) report[random() % 6] = static_cast<uint8_t>(random());
    if (random() % 8 == 0) report.resize(1 + random() % 12);
    scale.rig.receive(report);
    if (random() % 50 == 0) accepted += scale.rig.command("tare");
    scale.rig.run_for(random() % (300 * kMs));
    if (!scale.rig.violations.empty()) FAIL(scale.rig.violations.front());
    scale.rig.samples.clear();
    scale.rig.states.clear();
  }
  scale.rig.disconnect(PATELLA_DISCONNECT_CLOSED);
  CHECK(accepted > 0);
  CHECK(static_cast<int>(scale.rig.done.size()) == accepted);
}
