#include "emulator/linescale3_model.hpp"

#include <algorithm>

#include "support/catch.hpp"

using namespace patella::emulator;

namespace {

constexpr int64_t kSecond = 1'000'000;

/// The host's end: an opened port and what came over it.
struct Host {
  explicit Host(const LineScale3Model::Options& options) : cell(options) { cell.opened(now); }
  void run(int64_t for_us) {
    const int64_t end = now + for_us;
    while (cell.deadline_us() <= end) {
      now = std::max(now, cell.deadline_us());
      take();
    }
    now = end;
    take();
  }
  void take() {
    for (const uint8_t byte : cell.take_output(now)) {
      rest.push_back(static_cast<char>(byte));
      if (byte != '\r') continue;
      frames.push_back(rest);
      rest.clear();
    }
  }
  void ask(char letter) {
    const auto sum = static_cast<uint8_t>(static_cast<uint8_t>(letter) + 0x17);
    const Bytes bytes = {static_cast<uint8_t>(letter), '\r', '\n', sum};
    cell.received(bytes, now);
  }
  LineScale3Model cell;
  int64_t now = 50 * kSecond;
  std::string rest;
  std::vector<std::string> frames;
};

LineScale3Model::Options resting() {
  LineScale3Model::Options options;
  options.automatic = false;
  return options;
}

}  // namespace

TEST_CASE("says nothing until it is started; then 40 Hz by its own slow clock, whole frames with good sums") {
  Host host(resting());
  host.run(3 * kSecond);
  CHECK(host.frames.empty());
  host.ask('A');
  host.run(10 * kSecond);
  CHECK(host.frames.size() == Approx(359).margin(2));
  for (const std::string& frame : host.frames) {
    REQUIRE(frame.size() == 20);
    unsigned sum = 0;
    for (std::size_t i = 0; i < 17; ++i) sum += static_cast<uint8_t>(frame[i]);
    REQUIRE(std::stoul(frame.substr(17, 2)) == sum % 100);
  }
  host.ask('E');
  host.frames.clear();
  host.run(kSecond);
  CHECK(host.frames.empty());
}

TEST_CASE("its frames read as the maker describes them") {
  LineScale3Model::Options options = resting();
  options.battery_percent = 64;
  Host host(options);
  host.ask('A');
  host.cell.act({Gesture::load, 1520, 0, 0}, host.now);
  host.run(2 * kSecond);
  CHECK(host.frames.back().substr(0, 17) == "R001.52N000.00@NF");
  host.ask('X');
  host.cell.act({Gesture::load, 2020, 0, 0}, host.now);
  host.run(2 * kSecond);
  CHECK(host.frames.back().substr(0, 17) == "R000.50Z001.52@NF");
  host.ask('Y');
  host.ask('G');
  host.ask('S');
  host.run(2 * kSecond);
  CHECK(host.frames.back().substr(0, 3) == "R20");
  CHECK(host.frames.back().substr(14, 3) == "@GS");
  host.cell.act({Gesture::load, 31'500, 0, 0}, host.now);
  host.run(2 * kSecond);
  CHECK(host.frames.back()[0] == 'O');
}

TEST_CASE("while the screen is locked it obeys start and stop only, in a menu power and zero only") {
  LineScale3Model::Options options = resting();
  options.locked = true;
  Host locked(options);
  locked.ask('A');
  locked.ask('M');
  locked.ask('G');
  CHECK(locked.cell.is_streaming());
  CHECK(locked.cell.set_rate_hz() == 40);
  CHECK(locked.cell.unit() == LineScale3Model::Unit::kilonewton);
  options.locked = false;
  options.menu = true;
  Host menu(options);
  menu.ask('A');
  CHECK_FALSE(menu.cell.is_streaming());
  menu.ask('O');
  CHECK_FALSE(menu.cell.is_on());
}

TEST_CASE("a command with a wrong sum is not obeyed, and the next one is found") {
  Host host(resting());
  const Bytes bytes = {'A', '\r', '\n', 0x57, 0xFF, 'A', 'M', '\r', '\n', 0x64};
  host.cell.received(bytes, host.now);
  CHECK_FALSE(host.cell.is_streaming());
  CHECK(host.cell.set_rate_hz() == 640);
}

TEST_CASE("it goes on streaming through a close; the next port begins with half a frame") {
  Host host(resting());
  host.ask('A');
  host.run(kSecond);
  host.cell.closed(host.now);
  host.frames.clear();
  host.rest.clear();
  host.cell.opened(host.now);
  host.run(kSecond);
  REQUIRE(host.frames.size() > 10);
  CHECK(host.frames[0].size() == 13);
  CHECK(host.frames[1].size() == 20);
}
