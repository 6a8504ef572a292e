#include "transport/hid_descriptor.hpp"

#include <cstdlib>
#include <random>
#include <vector>

#include "support/catch.hpp"

using namespace patella::transport;

namespace {

// A weighing device: page 8D, report 3 in: status, unit, exponent (8 bits each), weight (16 bits).
const std::vector<uint8_t> kScale = {0x05, 0x8D, 0x09, 0x20, 0xA1, 0x01, 0x85, 0x03, 0x75, 0x08, 0x95, 0x03, 0x81, 0x02, 0x75,
                                     0x10, 0x95, 0x01, 0x81, 0x02, 0x85, 0x02, 0x75, 0x08, 0x95, 0x01, 0x91, 0x02, 0xC0};

// A rowing monitor: reports 1 (20 bytes), 2 (120) and 4 (62), both ways.
const std::vector<uint8_t> kMonitor = {0x06, 0xF3, 0xFF, 0x09, 0x01, 0xA1, 0x01, 0x75, 0x08, 0x85, 0x01, 0x95, 0x14, 0x81,
                                       0x02, 0x95, 0x14, 0x91, 0x02, 0x85, 0x02, 0x95, 0x78, 0x81, 0x02, 0x95, 0x78, 0x91,
                                       0x02, 0x85, 0x04, 0x95, 0x3E, 0x81, 0x02, 0x95, 0x3E, 0x91, 0x02, 0xC0};

int fuzz_rounds() {
  const char* rounds = std::getenv("PATELLA_FUZZ_ROUNDS");
  return rounds ? std::atoi(rounds) : 200'000;
}

}  // namespace

TEST_CASE("usage page and longest input report of a scale") {
  const HidFacts facts = read_report_descriptor(kScale);
  CHECK(facts.usage_pages == std::vector<int>{0x8D});
  CHECK(facts.longest_input_bytes == 6);
}

TEST_CASE("the longest input report counts its id; output reports do not count") {
  const HidFacts facts = read_report_descriptor(kMonitor);
  CHECK(facts.usage_pages == std::vector<int>{0xFFF3});
  CHECK(facts.longest_input_bytes == 121);
}

TEST_CASE("without report ids there is no id byte") {
  const std::vector<uint8_t> plain = {0x06, 0x00, 0xFF, 0x75, 0x08, 0x95, 0x40, 0x81, 0x02};
  CHECK(read_report_descriptor(plain).longest_input_bytes == 64);
}

TEST_CASE("push and pop restore size and count; a four-byte usage names its page; long items are skipped") {
  const std::vector<uint8_t> nested = {0x05, 0x01, 0x75, 0x08, 0x95, 0x02, 0xA4, 0x95, 0x10, 0xB4, 0x81,
                                       0x02, 0xFE, 0x02, 0x99, 0x05, 0x8D, 0x0B, 0x01, 0x00, 0x8D, 0x00};
  const HidFacts facts = read_report_descriptor(nested);
  CHECK(facts.longest_input_bytes == 2);
  CHECK(facts.usage_pages == std::vector<int>{0x01, 0x8D});
}

TEST_CASE("a descriptor cut off anywhere gives what came before the cut") {
  for (std::size_t length = 0; length <= kScale.size(); ++length) {
    const HidFacts facts = read_report_descriptor(std::span(kScale).first(length));
    CHECK(facts.usage_pages.size() == (length >= 2 ? 1u : 0u));
    CHECK(facts.longest_input_bytes <= 6);
  }
}

TEST_CASE("any bytes are survived and bounded") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < fuzz_rounds(); ++round) {
    std::vector<uint8_t> bytes = round % 2 ? kMonitor : kScale;
    for (unsigned i = 0; i < 1 + random() % 4; ++i) bytes[random() % bytes.size()] = static_cast<uint8_t>(random());
    bytes.resize(random() % (bytes.size() + 1));
    const HidFacts facts = read_report_descriptor(bytes);
    if (facts.longest_input_bytes > 65536 || facts.usage_pages.size() > bytes.size()) FAIL("out of bounds");
  }
}
