#include "emulator/openscale_model.hpp"

#include <algorithm>
#include <vector>

#include "support/catch.hpp"

using namespace patella::emulator;

namespace {

constexpr int64_t kSecond = 1'000'000;

struct Host {
  explicit Host(const OpenScaleModel::Options& options) : scale(options) { scale.opened(now); }
  void run(int64_t for_us) {
    const int64_t end = now + for_us;
    while (scale.deadline_us() <= end) {
      now = std::max(now, scale.deadline_us());
      take();
    }
    now = end;
    take();
  }
  void take() {
    for (const uint8_t byte : scale.take_output(now)) text += static_cast<char>(byte);
  }
  std::string ask(char letter, int64_t for_us) {
    text.clear();
    const Bytes bytes = {static_cast<uint8_t>(letter)};
    scale.received(bytes, now);
    run(for_us);
    return text;
  }
  bool says(const std::string& words) const { return text.find(words) != std::string::npos; }
  OpenScaleModel scale;
  int64_t now = 50 * kSecond;
  std::string text;
};

OpenScaleModel::Options resting() {
  OpenScaleModel::Options options;
  options.automatic = false;
  return options;
}

}  // namespace

TEST_CASE("boot text, then two lines a second with the preset fields") {
  Host host(resting());
  host.run(1 * kSecond);
  CHECK(host.text.empty());
  host.run(1 * kSecond);
  CHECK(host.says("Serial Load Cell Converter version 1.2\r\nBy SparkFun Electronics\r\n"));
  CHECK(host.says("Readings:\r\n"));
  host.scale.act({Gesture::load, 40 * 0.453592 * 9.80665, 0, 0}, host.now);
  host.run(5 * kSecond);
  host.text.clear();
  host.run(10 * kSecond);
  CHECK(std::count(host.text.begin(), host.text.end(), '\n') == 20);
  CHECK(host.says(",40.0"));
  CHECK(host.says(",lbs,24.56,0.00,\r\n"));
}

TEST_CASE("the menu stops the readings; a tare makes the load zero; leaving goes on") {
  Host host(resting());
  host.scale.act({Gesture::drift, 20, 0, 0}, host.now);
  host.run(4 * kSecond);
  CHECK(host.ask('a', kSecond).find("lbs") != std::string::npos);
  CHECK(host.ask('x', 3 * kSecond).find("lbs,") == std::string::npos);
  CHECK(host.text.back() == '>');
  CHECK(host.scale.is_in_menu());
  CHECK(host.ask('1', 3 * kSecond).find("Tare point 1") != std::string::npos);
  CHECK(host.text.back() == '>');
  host.ask('6', 10'000);
  host.ask('x', 3 * kSecond);
  CHECK_FALSE(host.scale.is_in_menu());
  CHECK((host.says(",0.00,kg,") || host.says(",0.01,kg,") || host.says(",-0.01,kg,")));
}

TEST_CASE("in trigger mode there is one reading for each trigger") {
  OpenScaleModel::Options options = resting();
  options.trigger = true;
  Host host(options);
  host.run(10 * kSecond);
  CHECK_FALSE(host.says("lbs,"));
  for (int i = 0; i < 3; ++i) {
    host.ask('!', kSecond);
    CHECK(std::count(host.text.begin(), host.text.end(), '\n') == 1);
  }
}

TEST_CASE("which fields there are is a setting") {
  OpenScaleModel::Options options = resting();
  options.timestamp = options.temperature = false;
  options.pounds = false;
  Host host(options);
  host.run(3 * kSecond);
  CHECK(host.says("\r\n0.0"));
  CHECK(host.says(",kg,\r\n"));
}
