// The decoders of serial devices against frames that others published, with their meaning in words. They
// belong to others and are not part of the project: PATELLA_CAPTURES names a folder with
//   vectors_linescale3.txt  20 bytes in hex, the same as text in quotes, [where it is from], its meaning;
//   then commands
//   vectors_serial_bikes.txt  among others status lines of real Kettler bikes, TAB separated
// Without it each test says that it was skipped.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "kettler/status.hpp"
#include "linescale3/frames.hpp"
#include "support/catch.hpp"

namespace {

// The lines of a file, or none after saying that the test is skipped.
std::vector<std::string> lines_of(const char* name) {
  const char* folder = std::getenv("PATELLA_CAPTURES");
  if (!folder) {
    std::cout << "skipped: PATELLA_CAPTURES names no folder with " << name << "\n";
    return {};
  }
  std::ifstream file(std::string(folder) + "/" + name);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  REQUIRE(lines.size() > 1);
  return lines;
}

// The hexadecimal bytes that a text begins with.
std::vector<uint8_t> leading_bytes(const std::string& text) {
  std::istringstream words(text);
  std::vector<uint8_t> bytes;
  for (std::string word; words >> word && word.size() == 2;) {
    std::size_t used = 0;
    unsigned long value = 0;
    try {
      value = std::stoul(word, &used, 16);
    } catch (const std::exception&) {
      break;
    }
    if (used != 2) break;
    bytes.push_back(static_cast<uint8_t>(value));
  }
  return bytes;
}

double number_before(const std::string& text, const std::string& unit) {
  const std::size_t end = text.find(" " + unit);
  if (end == std::string::npos) return -1e9;
  const std::size_t begin = text.find_last_not_of("-.0123456789", end - 1);
  return std::strtod(text.c_str() + (begin == std::string::npos ? 0 : begin + 1), nullptr);
}

}  // namespace

TEST_CASE("published LineScale 3 frames read as they are described, published commands are ours") {
  using namespace patella::linescale3;
  const auto lines = lines_of("vectors_linescale3.txt");
  int frames = 0, commands = 0;
  for (const std::string& line : lines) {
    INFO(line);
    const auto bytes = leading_bytes(line);
    if (bytes.size() == kFrameBytes) {
      FrameFinder finder;
      std::vector<Frame> found;
      finder.feed(bytes, [&](const Frame& frame, uint64_t) { found.push_back(frame); });
      REQUIRE(found.size() == 1);
      const std::string meaning = line.substr(line.find(']') + 1);
      CHECK(found[0].force_n == Approx(number_before(meaning, "kN") * 1000));
      CHECK(found[0].relative == (meaning.find("relative") != std::string::npos));
      CHECK((found[0].mode == Frame::overload) == (meaning.find("overload") != std::string::npos));
      if (const double hz = number_before(meaning, "Hz"); hz > 0) CHECK(found[0].set_rate_hz == Approx(hz));
      if (const std::size_t at = meaning.find("battery "); at != std::string::npos)
        CHECK(found[0].battery_percent == std::atoi(meaning.c_str() + at + 8));
      ++frames;
      continue;
    }
    if (line.empty() || line[0] == '#' || !bytes.empty()) continue;
    std::istringstream entries(line);
    for (std::string entry; std::getline(entries, entry, '|');) {
      const std::size_t end = entry.find(" 0D 0A ");
      REQUIRE(end != std::string::npos);
      if (entry.find("read log") != std::string::npos) continue;
      const auto four = leading_bytes(entry.substr(end - 2));
      REQUIRE(four.size() == 4);
      const auto ours = command(static_cast<char>(four[0]));
      CHECK(std::vector<uint8_t>(ours.begin(), ours.end()) == four);
      ++commands;
    }
  }
  if (!lines.empty()) {
    CHECK(frames == 5);
    CHECK(commands == 16);
  }
}

TEST_CASE("published status lines of Kettler bikes are read, and no other bike's lines are taken for one") {
  const auto lines = lines_of("vectors_serial_bikes.txt");
  int read = 0;
  for (const std::string& line : lines) {
    INFO(line);
    const auto status = patella::kettler::read_status(line);
    CHECK(status.has_value() == (line.find('\t') != std::string::npos));
    if (!status) continue;
    ++read;
    int bpm = 0, rpm = 0, speed = 0, distance = 0, target = 0, energy = 0, minutes = 0, seconds = 0, watts = 0;
    REQUIRE(std::sscanf(line.c_str(), "%d %d %d %d %d %d %d:%d %d", &bpm, &rpm, &speed, &distance, &target, &energy, &minutes,
                        &seconds, &watts) == 9);
    CHECK(status->heart_rate_bpm == bpm);
    CHECK(status->cadence_rpm == rpm);
    CHECK(status->speed_m_s * 36 == Approx(speed));
    CHECK(status->distance_m == distance * 100);
    CHECK(status->target_w == target);
    CHECK(status->energy_kj == energy);
    CHECK(status->time_s == minutes * 60 + seconds);
    CHECK(status->power_w == watts);
  }
  if (!lines.empty()) CHECK(read == 3);
}
