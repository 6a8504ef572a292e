#include "emulator/scale_model.hpp"

#include "support/catch.hpp"

using namespace patella::emulator;

namespace {

constexpr int64_t kSecond = 1'000'000;

/// Reads without pause for a while; what came.
std::vector<Bytes> read_for(ScaleModel& scale, int64_t& now, int64_t for_us) {
  std::vector<Bytes> reports;
  uint64_t id = 1;
  scale.submit({id, TransferType::interrupt, ScaleModel::kIn, {}, 64, {}}, now);
  const int64_t end = now + for_us;
  for (;;) {
    for (const Completion& done : scale.take_done()) {
      if (done.id != id || done.status) continue;
      reports.push_back(done.in);
      scale.submit({++id, TransferType::interrupt, ScaleModel::kIn, {}, 64, {}}, now);
    }
    if (scale.deadline_us() > end) break;
    now = std::max(now, scale.deadline_us());
    scale.tick(now);
  }
  scale.cancel(id, -2);
  scale.take_done();
  now = end;
  return reports;
}

int raw(const Bytes& report) { return report[4] | report[5] << 8; }

}  // namespace

TEST_CASE("the scale reports five times a second, at rest a stable zero") {
  ScaleModel scale({});
  int64_t now = 10 * kSecond;
  const auto reports = read_for(scale, now, 4 * kSecond);
  CHECK(reports.size() >= 20);
  CHECK(reports.size() <= 22);
  for (const Bytes& report : reports) CHECK(report == Bytes{3, 2, 2, 0, 0, 0});
}

TEST_CASE("a push: in motion, then stable at the right mass") {
  ScaleModel scale({});
  int64_t now = 0;
  read_for(scale, now, kSecond);
  scale.act({Gesture::load, 8.610, 0, 0}, now);
  const auto reports = read_for(scale, now, 3 * kSecond);
  CHECK(reports.back() == Bytes{3, 4, 2, 0, 0x6E, 0x03});  // 878 g, as a real scale put it
  bool moved = false;
  for (const Bytes& report : reports) moved = moved || report[1] == 3;
  CHECK(moved);
}

TEST_CASE("ounces come in tenths") {
  ScaleModel scale({.unit = ScaleModel::Unit::ounce});
  int64_t now = 0;
  scale.act({Gesture::load, 2.169, 0, 0}, now);
  CHECK(read_for(scale, now, 3 * kSecond).back() == Bytes{3, 4, 11, 0xFF, 0x4E, 0});
}

TEST_CASE("below zero and over the limit are told by the status alone") {
  ScaleModel scale({});
  int64_t now = 0;
  scale.act({Gesture::drift, -0.5, 0, 0}, now);
  const Bytes below = read_for(scale, now, kSecond).back();
  CHECK(below[1] == 5);
  CHECK(raw(below) == Approx(51).margin(2));
  scale.act({Gesture::load, 150, 0, 0}, now);
  CHECK(read_for(scale, now, 2 * kSecond).back()[1] == 6);
}

TEST_CASE("the first report after a pause of the host is an old one") {
  ScaleModel scale({});
  int64_t now = 0;
  read_for(scale, now, kSecond);
  scale.tick(now + 300'000);
  scale.act({Gesture::load, 20, 0, 0}, now + 300'000);
  now += 5 * kSecond;
  scale.tick(now);
  const auto reports = read_for(scale, now, kSecond);
  CHECK(raw(reports.at(0)) == 0);
  CHECK(raw(reports.at(1)) == Approx(2040).margin(3));
}

TEST_CASE("zero by output report") {
  ScaleModel scale({});
  int64_t now = 0;
  scale.act({Gesture::load, 10, 0, 0}, now);
  read_for(scale, now, 2 * kSecond);
  scale.submit({900, TransferType::control, 0, {0x21, 9, 0x0202, 0, 2}, 2, {2, 2}}, now);
  CHECK(scale.take_done().at(0).status == 0);
  CHECK(read_for(scale, now, 2 * kSecond).back()[1] == 2);
}

TEST_CASE("a platform scale carries a person, in steps of a tenth of a kilogram") {
  ScaleModel scale({.size = ScaleModel::Size::platform});
  CHECK(scale.descriptors().product() == 0x8009);
  int64_t now = 0;
  scale.act({Gesture::load, 380, 0, 0}, now);  // 38.75 kg
  CHECK(read_for(scale, now, 3 * kSecond).back() == Bytes{3, 4, 3, 0xFF, 0x83, 0x01});
  scale.act({Gesture::load, 1800, 0, 0}, now);
  CHECK(read_for(scale, now, 2 * kSecond).back()[1] == 6);
}
