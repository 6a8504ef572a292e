#include "emulator/go_direct_model.hpp"

#include <cstring>

#include "support/catch.hpp"

using namespace patella::emulator;

namespace {

constexpr int64_t kSecond = 1'000'000;

struct Host {
  explicit Host(const GoDirectModel::Options& options = {}) : model(options) {}
  GoDirectModel model;
  int64_t now = 10 * kSecond;
  uint64_t id = 1;
  uint8_t counter = 0xFF;
  struct Report {
    int64_t at_us;
    Bytes bytes;
  };
  std::vector<Report> reports;

  void send(Bytes command) {
    Bytes frame = {0x58, static_cast<uint8_t>(4 + command.size()), --counter, 0};
    frame.insert(frame.end(), command.begin(), command.end());
    unsigned sum = 0;
    for (const uint8_t byte : frame) sum += byte;
    frame[3] = static_cast<uint8_t>(sum);
    Bytes report = {static_cast<uint8_t>(frame.size())};
    report.insert(report.end(), frame.begin(), frame.end());
    report.resize(64, 0);
    model.submit({++id, TransferType::interrupt, GoDirectModel::kOut, {}, 64, report}, now);
    model.take_done();
  }
  void read_for(int64_t us) {
    const int64_t end = now + us;
    model.submit({++id, TransferType::interrupt, GoDirectModel::kIn, {}, 64, {}}, now);
    uint64_t waiting = id;
    for (;;) {
      for (auto done = model.take_done(); !done.empty(); done = model.take_done())
        for (const Completion& one : done) {
          if (one.id != waiting || one.status) continue;
          reports.push_back({now, one.in});
          waiting = ++id;
          model.submit({waiting, TransferType::interrupt, GoDirectModel::kIn, {}, 64, {}}, now);
        }
      if (model.deadline_us() > end) break;
      now = std::max(now, model.deadline_us());
      model.tick(now);
    }
    model.cancel(waiting, -2);
    model.take_done();
    now = end;
  }
  void start_at(uint32_t period_us) {
    send({0x1B, 0xFF, 0, static_cast<uint8_t>(period_us), static_cast<uint8_t>(period_us >> 8),
          static_cast<uint8_t>(period_us >> 16), 0, 0, 0, 0, 0});
    read_for(10'000);
    send({0x18, 0xFF, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    read_for(5'000);
    reports.clear();
  }
};

float value_of(const Bytes& report) {
  float value = 0;
  std::memcpy(&value, report.data() + 10, 4);
  return value;
}

}  // namespace

TEST_CASE("each command is answered with its number and counter, long answers in several reports") {
  Host host;
  host.send({0x1A, 0xA5, 0x4A});
  host.read_for(10'000);
  REQUIRE(host.reports.size() == 1);
  CHECK(host.reports[0].bytes.size() == 64);
  CHECK(host.reports[0].bytes[0] == host.reports[0].bytes[2]);
  CHECK(host.reports[0].bytes[5] == 0x1A);
  CHECK(host.reports[0].bytes[6] == 0xFE);
  host.send({0x50, 1});
  host.read_for(10'000);
  REQUIRE(host.reports.size() == 4);
  CHECK(host.reports[1].bytes[0] == 63);
  CHECK(host.reports[3].bytes[0] == 154 - 126);
  CHECK(std::string(reinterpret_cast<const char*>(host.reports[1].bytes.data()) + 1 + 14) == "Force");
}

TEST_CASE("a command with a wrong checksum is not answered") {
  Host host;
  Bytes report = {5, 0x58, 5, 0xFD, 0x6B, 0x10};
  report.resize(64, 0);
  host.model.submit({1, TransferType::interrupt, GoDirectModel::kOut, {}, 64, report}, host.now);
  host.read_for(kSecond);
  CHECK(host.reports.empty());
  CHECK(host.model.commands().empty());
}

TEST_CASE("at 100 ms the first five samples come 7 to 13 ms apart, then one each 100 ms") {
  Host host;
  host.start_at(100'000);
  host.read_for(3 * kSecond);
  REQUIRE(host.reports.size() >= 29);
  for (std::size_t i = 1; i < 5; ++i) {
    CHECK(host.reports[i].at_us - host.reports[i - 1].at_us >= 7'000);
    CHECK(host.reports[i].at_us - host.reports[i - 1].at_us <= 13'000);
  }
  for (std::size_t i = 7; i < 25; ++i) CHECK(host.reports[i].at_us - host.reports[i - 1].at_us == Approx(100'000).margin(1'000));
}

TEST_CASE("a stall: five samples are kept, the loss is told, then all goes on") {
  Host host;
  host.start_at(100'000);
  host.read_for(2 * kSecond);
  host.model.stall_for(GoDirectModel::kStallUs);
  host.reports.clear();
  const int64_t stalled_us = host.now;
  host.read_for(3 * kSecond);
  CHECK(host.reports[0].at_us - stalled_us >= GoDirectModel::kStallUs - 100'000);  // the model's time is its last event's
  CHECK(host.reports[0].bytes[5] == 0x0D);
  CHECK(host.model.dropped() >= 6);
  CHECK(host.reports[6].at_us - host.reports[0].at_us < 80'000);
}

TEST_CASE("what is pulled is what is sent") {
  GoDirectModel::Options options;
  options.automatic = false;
  Host host(options);
  host.start_at(20'000);
  host.model.act({Gesture::load, 150, 0, 0}, host.now);
  host.read_for(2 * kSecond);
  CHECK(host.reports.back().bytes[5] == 0x06);
  CHECK(value_of(host.reports.back().bytes) == Approx(150).margin(0.5));
  host.send({0x19, 0xFF, 0, 0xFF, 0xFF, 0xFF, 0xFF});
  CHECK_FALSE(host.model.is_measuring());
}
