#include "emulator/pm5_model.hpp"

#include <cerrno>

#include "support/catch.hpp"

using namespace patella::emulator;

namespace {

constexpr int64_t kSecond = 1'000'000;

Bytes report(uint8_t id, const Bytes& contents) {
  Bytes out = build_csafe({false, 0, 0, contents});
  out.insert(out.begin(), id);
  out.resize(id == 1 ? 21 : id == 4 ? 63 : 121, 0);
  return out;
}

/// Writes a report and reads what comes within a second; empty when nothing does.
Bytes exchange(Pm5Model& pm5, const Bytes& out, int64_t& now_us) {
  static uint64_t id = 100;
  pm5.submit({++id, TransferType::interrupt, Pm5Model::kOut, {}, 0, out}, now_us);
  const uint64_t read = ++id;
  pm5.submit({read, TransferType::interrupt, Pm5Model::kIn, {}, 512, {}}, now_us);
  Bytes in;
  for (const int64_t end_us = now_us + kSecond; in.empty() && pm5.deadline_us() <= end_us;) {
    now_us = std::max(now_us, pm5.deadline_us());
    pm5.tick(now_us);
    for (const Completion& done : pm5.take_done())
      if (done.id == read && done.status == 0) in = done.in;
  }
  if (in.empty()) pm5.cancel(read, -ENOENT);
  pm5.take_done();
  return in;
}

std::vector<CsafeCommand> blocks(const Bytes& contents) {
  std::vector<CsafeCommand> out;
  for (std::size_t at = 1; at + 1 < contents.size(); at += 2u + contents[at + 1]) {
    const auto data = contents.begin() + static_cast<std::ptrdiff_t>(at) + 2;
    out.push_back({contents[at], Bytes(data, data + contents[at + 1])});
  }
  return out;
}

uint32_t little(const Bytes& data, std::size_t count) {
  uint32_t value = 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8 | data[i];
  return value;
}

}  // namespace

TEST_CASE("the monitor answers a recorded exchange byte for byte") {
  Pm5Model pm5("430228525");
  int64_t now = 0;
  // 01 F1 81 94 09 "430228525" 21 F2, padded: a reply of a real PM5 on report 1.
  Bytes expected = {0x01, 0xF1, 0x81, 0x94, 0x09, '4', '3', '0', '2', '2', '8', '5', '2', '5', 0x21, 0xF2};
  expected.resize(21, 0);
  CHECK(exchange(pm5, report(1, {0x94}), now) == expected);
  // The toggle bit is off in the second reply: odometer 2 172 148 m.
  expected = {0x01, 0xF1, 0x01, 0x9B, 0x05, 0xF4, 0x24, 0x21, 0x00, 0x24, 0x4A, 0xF2};
  expected.resize(21, 0);
  CHECK(exchange(pm5, report(1, {0x9B}), now) == expected);
}

TEST_CASE("start-up commands of public tools") {
  Pm5Model pm5;
  int64_t now = 0;
  const auto version = parse_csafe(exchange(pm5, report(2, {0x91}), now));
  REQUIRE(version);
  CHECK(blocks(version->contents).at(0).data.size() == 7);
  CHECK(blocks(version->contents).at(0).data.at(0) == 22);
  CHECK(blocks(version->contents).at(0).data.at(2) == 5);
  const auto machine = parse_csafe(exchange(pm5, {0x02, 0xF1, 0x7E, 0x01, 0xED, 0x92, 0xF2}, now));
  REQUIRE(machine);
  CHECK(machine->contents == Bytes{0x01, 0x7E, 0x03, 0xED, 0x01, 0xC0});
  const auto status = parse_csafe(exchange(pm5, report(1, {0x80}), now));
  REQUIRE(status);
  CHECK(status->contents == Bytes{0x81});
}

TEST_CASE("the reply goes out on the asked report, or on a larger one when it does not fit") {
  Pm5Model pm5;
  int64_t now = 0;
  CHECK(exchange(pm5, report(1, {0x80}), now).size() == 21);
  CHECK(exchange(pm5, report(2, {0x80}), now).size() == 121);
  CHECK(exchange(pm5, report(1, {0x94, 0x91, 0xA0}), now).size() == 63);
  CHECK(exchange(pm5, report(1, {0x1A, 0x03, 0x6B, 0x01, 0x20}), now).size() == 63);
}

TEST_CASE("a bad frame gets no answer, and the next reply says so") {
  Pm5Model pm5;
  int64_t now = 0;
  CHECK(exchange(pm5, {0x02, 0xF1, 0x91, 0x90, 0xF2}, now).empty());
  CHECK(exchange(pm5, {0x09, 0xF1, 0x91, 0x91, 0xF2}, now).empty());  // no such report
  const auto status = parse_csafe(exchange(pm5, report(1, {0x80}), now));
  REQUIRE(status);
  CHECK((status->contents[0] & 0x30) == 0x20);
  exchange(pm5, report(1, {0xEE}), now);  // no such command
  const auto after = parse_csafe(exchange(pm5, report(1, {0x80}), now));
  CHECK((after->contents[0] & 0x30) == 0x10);
}

TEST_CASE("the poll of a bike: values are those of the rider, units as published") {
  Pm5Model pm5;
  int64_t now = 0;
  pm5.tick(now);
  now = 63 * kSecond;
  const Bytes poll = {0xA0, 0xA1, 0xA7, 0xB4, 0xB0, 0x1A, 0x06, 0x8D, 0xA0, 0xA3, 0xBF, 0x89, 0x8E};
  const auto frame = parse_csafe(exchange(pm5, report(2, poll), now));
  REQUIRE(frame);
  CHECK((frame->contents[0] & 0x0F) == 5);
  const auto all = blocks(frame->contents);
  REQUIRE(all.size() == 6);
  const uint32_t time_s = all[0].data[1] * 60u + all[0].data[2];
  CHECK(time_s >= 57);
  CHECK(time_s <= 60);
  CHECK(all[1].data[2] == 0x24);
  CHECK(all[2].data[2] == 0x54);
  CHECK(little(all[2].data, 2) == Approx(80).margin(6));
  CHECK(all[3].data[2] == 0x58);
  CHECK(little(all[3].data, 2) == Approx(109).margin(25));
  CHECK(all[4].data[0] > 90);
  const Bytes& block = all[5].data;
  CHECK(block[0] == 0x8D);
  CHECK(block[2] == 1);
  CHECK(little(Bytes(block.begin() + 5, block.end()), 4) / 100 == time_s);
  CHECK(little(Bytes(block.begin() + 12, block.end()), 4) / 10 == little(all[1].data, 2));
}

TEST_CASE("riding, stopping and state changes move the state as the monitor does") {
  Pm5Model pm5;
  pm5.act({Gesture::pedal, 0, 0, 0}, 0);
  pm5.tick(5 * kSecond);
  CHECK(pm5.state() == Pm5Model::State::ready);
  pm5.act({Gesture::pedal, 90, 0, 0}, 5 * kSecond);
  pm5.tick(15 * kSecond);
  CHECK(pm5.state() == Pm5Model::State::in_use);
  CHECK(pm5.rider().measured_rpm() == Approx(90).margin(6));
  pm5.act({Gesture::pedal, 0, 0, 0}, 20 * kSecond);
  pm5.tick(23 * kSecond);
  CHECK(pm5.state() == Pm5Model::State::in_use);
  CHECK(pm5.rider().measured_rpm() > 0);  // kept for a while after the last revolution
  pm5.tick(31 * kSecond);
  CHECK(pm5.state() == Pm5Model::State::pause);
  CHECK(pm5.rider().measured_rpm() == 0);
  pm5.tick(260 * kSecond);
  CHECK(pm5.state() == Pm5Model::State::ready);
  pm5.answer(Bytes{0x83}, 261 * kSecond);
  CHECK(pm5.state() == Pm5Model::State::have_id);
  pm5.tick(272 * kSecond);
  CHECK(pm5.state() == Pm5Model::State::idle);
  pm5.answer(Bytes{0x86}, 273 * kSecond);
  CHECK(pm5.state() == Pm5Model::State::finished);
}

TEST_CASE("a spike and a missed revolution show in one measured value") {
  Pm5Model pm5;
  int64_t now = 20 * kSecond;
  pm5.tick(0);
  pm5.tick(now);
  pm5.act({Gesture::spike, 0, 0, 0}, now);
  double highest = 0, lowest = 999;
  for (const int64_t end = now + 2 * kSecond; now < end; now += 50'000) {
    pm5.tick(now);
    highest = std::max(highest, pm5.rider().measured_rpm());
  }
  CHECK(highest == Approx(230.77));
  pm5.act({Gesture::miss, 0, 0, 0}, now);
  for (const int64_t end = now + 2 * kSecond; now < end; now += 50'000) {
    pm5.tick(now);
    lowest = std::min(lowest, pm5.rider().measured_rpm());
  }
  CHECK(lowest == Approx(40).margin(4));
  CHECK(pm5.rider().measured_rpm() == Approx(80).margin(6));
}

TEST_CASE("a wrong checksum is one that a parser refuses") {
  Pm5Model pm5;
  int64_t now = 0;
  pm5.fault(Pm5Model::kIn).wrong_checksums = 1;
  const Bytes spoilt = exchange(pm5, report(1, {0x94}), now);
  REQUIRE(spoilt.size() == 21);
  CHECK_FALSE(parse_csafe(std::span(spoilt).subspan(1)));
  CHECK(parse_csafe(exchange(pm5, report(1, {0x94}), now)));
}
