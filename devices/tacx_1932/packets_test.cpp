#include "packets.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "cadence.hpp"
#include "support/catch.hpp"
#include "support/fuzz_rounds.hpp"

using namespace patella::tacx_1932;

namespace {

using Packet = std::vector<uint8_t>;

void put16(Packet& packet, std::size_t at, unsigned value) {
  packet[at] = static_cast<uint8_t>(value);
  packet[at + 1] = static_cast<uint8_t>(value >> 8);
}

/// As a real one begins, with a data header.
Packet data_packet(std::size_t size) {
  Packet packet = {0x20, 0x9F, 0x00, 0x00, 0x08, 0x01, 0x00, 0x00, 0x07, 0x00, 0x50, 0xBD};
  packet.resize(size, 0);
  packet[24] = 0x03;
  packet[25] = 0x13;
  packet[26] = 0x02;
  return packet;
}

std::vector<double> guarded(std::initializer_list<double> values) {
  CadenceGuard guard;
  std::vector<double> passed;
  for (const double value : values)
    if (const auto rpm = guard.take(value)) passed.push_back(*rpm);
  return passed;
}

}  // namespace

TEST_CASE("version: the serial number 0x1877C4BA is type 41, year 05, number 02330") {
  Packet packet(40, 0);
  const Packet from_24 = {0x03, 0x0C, 0x00, 0x00, 0x01, 0x02, 0x00, 0x00, 0xBA, 0xC4, 0x77, 0x18, 0x34, 0x12};
  std::copy(from_24.begin(), from_24.end(), packet.begin() + 24);
  const Reply reply = read_reply(packet);
  CHECK(reply.kind == Reply::version);
  CHECK(reply.serial_number == 410502330u);
  CHECK(reply.firmware == 0x201u);
}

TEST_CASE("data of both head units: 48 and 64 bytes") {
  const std::size_t size = GENERATE(48u, 64u);
  Packet packet = data_packet(size);
  packet[12] = 121;
  put16(packet, 32, 8693);
  put16(packet, 38, 137 * 15);
  packet[42] = 1;
  packet[44] = 88;
  const Reply reply = read_reply(packet);
  REQUIRE(reply.kind == Reply::data);
  CHECK(reply.heart_rate_bpm == 121);
  CHECK(reply.speed_m_s == Approx(8693 / 289.75 / 3.6));
  CHECK(reply.speed_m_s * 3.6 == Approx(30).margin(0.01));
  CHECK(reply.brake_force_n == Approx(15));
  CHECK(reply.pedal_event);
  CHECK(reply.cadence_rpm == 88);
  put16(packet, 38, 65536 - 137 * 3);
  packet[42] = 2;
  CHECK(read_reply(packet).brake_force_n == Approx(-3));
  CHECK_FALSE(read_reply(packet).pedal_event);
}

TEST_CASE("nothing new, short, long, without a header") {
  CHECK(read_reply(Packet(24, 0)).kind == Reply::nothing_new);
  CHECK(read_reply(Packet(23, 0)).kind == Reply::unknown);
  CHECK(read_reply(Packet()).kind == Reply::unknown);
  CHECK(read_reply(Packet(64, 0)).kind == Reply::unknown);
  CHECK(read_reply(data_packet(47)).kind == Reply::unknown);
}

TEST_CASE("commands: ask for the version; ask for data with the brake off, echoing the pedal") {
  CHECK(kAskVersion == std::array<uint8_t, 4>{0x02, 0x00, 0x00, 0x00});
  CHECK(ask_data(false) == std::array<uint8_t, 12>{0x01, 0x08, 0x01, 0, 0, 0, 0, 0, 0, 0x52, 0x10, 0x04});
  CHECK(ask_data(true) == std::array<uint8_t, 12>{0x01, 0x08, 0x01, 0, 0, 0, 1, 0, 0, 0x52, 0x10, 0x04});
}

TEST_CASE("a cadence that leaps counts only when the next one bears it out") {
  CHECK(guarded({0, 0, 137, 78, 80, 81}) == std::vector<double>{0, 0, 80, 81});
  CHECK(guarded({0, 41, 68, 70}) == std::vector<double>{0, 68, 70});
  CHECK(guarded({0, 25, 50, 75}) == std::vector<double>{0, 25, 50, 75});
  CHECK(guarded({0, 80, 82, 137, 81, 80}) == std::vector<double>{0, 82, 81, 80});
  CHECK(guarded({0, 80, 82, 0, 0, 0}) == std::vector<double>{0, 82, 0, 0});
}

TEST_CASE("any packet is survived; what it says is finite") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  int data = 0;
  for (int round = 0; round < patella::test::fuzz_rounds(); ++round) {
    Packet packet = data_packet(27 + random() % 64);
    for (unsigned i = random() % 8; i > 0; --i) packet[random() % packet.size()] = static_cast<uint8_t>(random());
    const Reply reply = read_reply(packet);
    data += reply.kind == Reply::data;
    if (!std::isfinite(reply.brake_force_n) || std::abs(reply.brake_force_n) > 240 || reply.speed_m_s > 63) FAIL("bounds");
  }
  CHECK(data > 0);
}
