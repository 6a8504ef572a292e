#include "emulator/cadence_board_model.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "support/catch.hpp"

using namespace patella::emulator;

namespace {

constexpr int64_t kSecond = 1'000'000;

struct Host {
  explicit Host(const CadenceBoardModel::Options& options) : board(options) { board.opened(now); }
  void run(int64_t for_us) {
    const int64_t end = now + for_us;
    while (board.deadline_us() <= end) {
      now = std::max(now, board.deadline_us());
      take();
    }
    now = end;
  }
  void take() {
    for (const uint8_t byte : board.take_output(now)) {
      if (byte != '\n') {
        rest += static_cast<char>(byte);
        continue;
      }
      lines.push_back(rest);
      rest.clear();
    }
  }
  std::vector<std::string> revolutions() const {
    std::vector<std::string> found;
    for (const std::string& line : lines)
      if (line.find(';') != std::string::npos && line.back() != '=') found.push_back(line);
    return found;
  }
  CadenceBoardModel board;
  int64_t now = 50 * kSecond;
  std::string rest;
  std::vector<std::string> lines;
};

}  // namespace

TEST_CASE("opening resets it: boot text, then two heartbeats a second") {
  Host host({.automatic = false});
  host.run(1'690'000);
  CHECK(host.lines.empty());
  host.run(10 * kSecond);
  CHECK(host.lines[0] == "\xFEoot\r");
  CHECK(host.lines[1] == "500000;=");
  CHECK(host.lines[2] == "1000000;=");
  CHECK(host.lines.size() == 20);
}

TEST_CASE("a line a revolution with its own time and count") {
  Host host({});
  host.run(60 * kSecond);
  const auto lines = host.revolutions();
  REQUIRE(lines.size() > 60);
  for (std::size_t i = 20; i < lines.size(); ++i) {
    const auto before = std::strtoul(lines[i - 1].c_str(), nullptr, 10), at = std::strtoul(lines[i].c_str(), nullptr, 10);
    REQUIRE(60e6 / static_cast<double>(at - before) == Approx(80).margin(6));
    REQUIRE(lines[i].substr(lines[i].find(';') + 1) == std::to_string(i + 1));
  }
}

TEST_CASE("a lost line leaves its number out, a bounce is a line of its own") {
  Host host({});
  host.run(20 * kSecond);
  const auto before = host.revolutions().size();
  host.board.act({Gesture::miss, 0, 0, 0}, host.now);
  host.run(kSecond);
  CHECK(host.revolutions().size() <= before + 1);
  host.board.act({Gesture::spike, 0, 0, 0}, host.now);
  host.run(kSecond);
  const auto lines = host.revolutions();
  bool doubled = false;
  for (std::size_t i = before; i < lines.size(); ++i)
    doubled |= std::strtoul(lines[i].c_str(), nullptr, 10) - std::strtoul(lines[i - 1].c_str(), nullptr, 10) == 18'000;
  CHECK(doubled);
}

TEST_CASE("it tells its version when asked, whatever else is said to it") {
  Host host({.automatic = false});
  host.run(3 * kSecond);
  host.lines.clear();
  const std::string ask = "get_tare:version:";
  host.board.received({reinterpret_cast<const uint8_t*>(ask.data()), ask.size()}, host.now);
  host.run(100'000);
  CHECK(std::count(host.lines.begin(), host.lines.end(), "Cadence_Sensor-1.0") == 1);
}
