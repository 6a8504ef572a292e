#include "emulator/kettler_model.hpp"

#include <algorithm>

#include "support/catch.hpp"

using namespace patella::emulator;

namespace {

constexpr int64_t kSecond = 1'000'000;

struct Host {
  explicit Host(const KettlerModel::Options& options) : bike(options) { bike.opened(now); }
  std::string ask(const std::string& command) {
    std::string text;
    const std::string line = command + "\r\n";
    bike.received({reinterpret_cast<const uint8_t*>(line.data()), line.size()}, now);
    for (int i = 0; i < 15; ++i)
      for (const uint8_t byte : bike.take_output(now += 10'000)) text += static_cast<char>(byte);
    return text;
  }
  KettlerModel bike;
  int64_t now = 50 * kSecond;
};

}  // namespace

TEST_CASE("it says nothing unasked, and answers as bikes do") {
  Host host({.automatic = false});
  CHECK(host.bike.take_output(host.now += 10 * kSecond).empty());
  CHECK(host.ask("ID") == "SF1B1706\r\n");
  CHECK(host.ask("ve") == "117\r\n");
  CHECK(host.ask("ST").empty());
  CHECK(host.ask("CM") == "ACK\r\n");
  CHECK(host.ask("CD") == "RUN\r\n");
  CHECK(host.ask("ST") == "078\t000\t000\t000\t025\t0000\t00:00\t000\r\n");
  CHECK(host.ask("PW150").substr(16, 3) == "150");
  CHECK(host.ask("XX") == "ERROR\r\n");
}

TEST_CASE("letters, separators, and a bike that leaves PC mode") {
  Host capitals({.letters = KettlerModel::Letters::capitals});
  CHECK(capitals.ask("id") == "ERROR\r\n");
  CHECK(capitals.ask("ID") == "SF1B1706\r\n");
  Host small({.letters = KettlerModel::Letters::small, .spaces = true, .leaves_after_s = 5});
  CHECK(small.ask("ID") == "ERROR\r\n");
  CHECK(small.ask("cm") == "ACK\r\n");
  CHECK(small.ask("st").find('\t') == std::string::npos);
  CHECK(small.ask("st").size() == 36);
  small.now += 6 * kSecond;
  CHECK(small.ask("st").empty());
}

TEST_CASE("its rider's cadence, power and way") {
  Host host({});
  host.ask("CM");
  for (int i = 0; i < 60; ++i) host.bike.tick(host.now += kSecond);
  const std::string status = host.ask("ST");
  CHECK(std::stoi(status.substr(4, 3)) == Approx(80).margin(5));
  CHECK(std::stoi(status.substr(12, 3)) >= 3);
  CHECK(std::stoi(status.substr(31, 3)) == Approx(109).margin(15));
}
