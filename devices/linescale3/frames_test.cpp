#include "frames.hpp"

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::linescale3;

namespace {

std::span<const uint8_t> bytes_of(std::string_view text) { return {reinterpret_cast<const uint8_t*>(text.data()), text.size()}; }

struct Found {
  Frame frame;
  uint64_t skipped;
};

std::vector<Found> find(FrameFinder& finder, std::string_view text) {
  std::vector<Found> found;
  finder.feed(bytes_of(text), [&](const Frame& frame, uint64_t skipped) { found.push_back({frame, skipped}); });
  return found;
}

std::vector<Found> find(std::string_view text) {
  FrameFinder finder;
  return find(finder, text);
}

/// The 17 bytes that are summed, with the right checksum and end.
std::string whole(const std::string& contents) {
  unsigned sum = 0;
  for (const char c : contents) sum += static_cast<uint8_t>(c);
  return contents + static_cast<char>('0' + sum % 100 / 10) + static_cast<char>('0' + sum % 10) + "\r";
}

}  // namespace

TEST_CASE("the maker's own example: 0.63 kN over a zero of -32.84 kN, full battery, 10 Hz") {
  const auto found = find("R000.63Z-32.84RNS10\r");
  REQUIRE(found.size() == 1);
  const Frame& frame = found[0].frame;
  CHECK(frame.mode == Frame::live);
  CHECK(frame.unit == Frame::kilonewton);
  CHECK(frame.force_n == Approx(630));
  CHECK(frame.relative);
  CHECK(frame.battery_percent == 100);
  CHECK(frame.set_rate_hz == 10);
}

TEST_CASE("absolute, negative, half a battery, overload") {
  const auto found = find(
      "R000.00N000.00RNF62\r"
      "R001.52N000.00@NF52\r"
      "R-00.02N000.00RNF61\r"
      "O031.50N000.00RNQ79\r");
  REQUIRE(found.size() == 4);
  CHECK(found[0].frame.force_n == 0);
  CHECK_FALSE(found[0].frame.relative);
  CHECK(found[0].frame.set_rate_hz == 40);
  CHECK(found[1].frame.force_n == Approx(1520));
  CHECK(found[1].frame.battery_percent == 64);
  CHECK(found[2].frame.force_n == Approx(-20));
  CHECK(found[3].frame.mode == Frame::overload);
  CHECK(found[3].frame.force_n == Approx(31'500));
  CHECK(found[3].frame.set_rate_hz == 1280);
}

TEST_CASE("kilogram-force and pound-force become newtons; other decimals, too") {
  CHECK(find(whole("R0064.2N000.00RGM"))[0].frame.force_n == Approx(64.2 * 9.80665));
  CHECK(find(whole("R0064.2N000.00RGM"))[0].frame.set_rate_hz == 640);
  CHECK(find(whole("R012.50N000.00RBS"))[0].frame.force_n == Approx(12.5 * 4.448222));
  CHECK(find(whole("C003000N000.00RGS"))[0].frame.mode == Frame::capacity);
  CHECK(find(whole("C003000N000.00RGS"))[0].frame.force_n == Approx(3000 * 9.80665));
}

TEST_CASE("bytes in any other form are not a frame, whatever their checksum") {
  for (const char* contents : {"X000.63N000.00RNS", "R000.63Q000.00RNS", "R000.63N000.00RXS", "R000.63N000.00RNX",
                               "R000.63Z000.00RN0", "0000.63N000.00RNS"}) {
    INFO(contents);
    CHECK(find(whole(contents)).empty());
  }
  CHECK(find("R000.63Z-32.84RNS11\r").empty());
  CHECK(find("R000.63Z-32.84RNS1:\r").empty());
  CHECK(find("R000.63Z-32.84RNS10\n").empty());
}

TEST_CASE("a frame whose value is no number is a frame without a force; an impossible battery level is left out") {
  for (const char* contents : {"R00a.63N000.00RNS", "R0.0.63N000.00RNS", "R00000.N000.00RNS", "R.00000N000.00RNS",
                               "R--0.63N000.00RNS", "R000-63N000.00RNS", "R 00.63N000.00RNS", "R000.63N00..00RNS",
                               "R-.0000N000.00RNS", "R------N000.00RNS", "R   infN000.00RNS"}) {
    INFO(contents);
    const auto found = find(whole(contents));
    REQUIRE(found.size() == 1);
    CHECK(found[0].frame.mode == Frame::unreadable);
    CHECK(found[0].frame.force_n == 0);
  }
  for (const char* contents : {"R000.63N000.00\x1fNS", "R000.63N000.00SNS"}) {
    const auto found = find(whole(contents));
    REQUIRE(found.size() == 1);
    CHECK(found[0].frame.force_n == Approx(630));
    CHECK_FALSE(found[0].frame.battery_percent);
  }
}

TEST_CASE("a frame is found again after half of one and after noise, and what was skipped is told") {
  const std::string frame = "R000.00N000.00RNF62\r";
  const auto found = find(frame.substr(7) + frame + "\xFF\x80" + frame + frame);
  REQUIRE(found.size() == 3);
  CHECK(found[0].skipped == 13);
  CHECK(found[1].skipped == 2);
  CHECK(found[2].skipped == 0);
  std::string spoilt = frame;
  spoilt[9] = '7';
  const auto after = find(frame + spoilt + frame);
  REQUIRE(after.size() == 2);
  CHECK(after[1].skipped == kFrameBytes);
}

TEST_CASE("frames are found the same however the bytes are sliced") {
  const std::string text = "0N000.00RNF62\rR001.52N000.00@NF52\rR-00.02N000.00RNF61\rxxO031.50N000.00RNQ79\rR00";
  for (std::size_t slice = 1; slice < text.size(); ++slice) {
    FrameFinder finder;
    std::vector<double> forces;
    for (std::size_t at = 0; at < text.size(); at += slice)
      for (const Found& one : find(finder, std::string_view(text).substr(at, slice))) forces.push_back(one.frame.force_n);
    REQUIRE(forces.size() == 3);
    CHECK(forces[2] == Approx(31'500));
  }
}

TEST_CASE("commands end in the low byte of their sum") {
  const auto is = [](char letter, std::initializer_list<int> bytes) {
    const auto got = command(letter);
    return std::equal(got.begin(), got.end(), bytes.begin(), bytes.end());
  };
  CHECK(is(kStart, {0x41, 0x0D, 0x0A, 0x58}));
  CHECK(is(kStop, {0x45, 0x0D, 0x0A, 0x5C}));
  CHECK(is(kZero, {0x5A, 0x0D, 0x0A, 0x71}));
  CHECK(is(unit_letter(Frame::kilonewton), {0x4E, 0x0D, 0x0A, 0x65}));
  CHECK(is(unit_letter(Frame::kilogram_force), {0x47, 0x0D, 0x0A, 0x5E}));
  CHECK(is(unit_letter(Frame::pound_force), {0x42, 0x0D, 0x0A, 0x59}));
  CHECK(is(rate_letter(10), {0x53, 0x0D, 0x0A, 0x6A}));
  CHECK(is(rate_letter(40), {0x46, 0x0D, 0x0A, 0x5D}));
  CHECK(is(rate_letter(640), {0x4D, 0x0D, 0x0A, 0x64}));
  CHECK(is(rate_letter(1280), {0x51, 0x0D, 0x0A, 0x68}));
}

TEST_CASE("any bytes are survived; what counts as a frame is finite") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  FrameFinder finder;
  int frames = 0;
  for (int round = 0; round < patella::test::fuzz_rounds(); ++round) {
    std::string contents = "R000.63Z-32.84RNS";
    for (unsigned i = random() % 4; i > 0; --i)
      contents[random() % contents.size()] = static_cast<char>(random() % 2 ? random() : '-' + random() % 14);
    for (const Found& found : find(finder, whole(contents))) {
      ++frames;
      if (!std::isfinite(found.frame.force_n) || std::abs(found.frame.force_n) > 1e9) FAIL("not a force: " << contents);
    }
  }
  CHECK(frames > 0);
}
