#include "emulator/phidget_bridge_model.hpp"

#include <cerrno>

#include "support/catch.hpp"

using namespace patella::emulator;

namespace {

constexpr int64_t kSecond = 1'000'000;

struct Host {
  explicit Host(const PhidgetBridgeModel::Options& options = {}) : model(options) {}
  PhidgetBridgeModel model;
  int64_t now = 10 * kSecond;
  uint64_t id = 1;

  void set(Bytes settings) {
    settings.resize(8, 0);
    model.submit({++id, TransferType::interrupt, PhidgetBridgeModel::kOut, {}, 8, settings}, now);
    model.take_done();
  }
  std::vector<Bytes> read_for(int64_t us) {
    std::vector<Bytes> reports;
    const int64_t end = now + us;
    uint64_t waiting = ++id;
    model.submit({waiting, TransferType::interrupt, PhidgetBridgeModel::kIn, {}, 64, {}}, now);
    for (;;) {
      for (auto done = model.take_done(); !done.empty(); done = model.take_done())
        for (const Completion& one : done) {
          if (one.id != waiting || one.status) continue;
          reports.push_back(one.in);
          waiting = ++id;
          model.submit({waiting, TransferType::interrupt, PhidgetBridgeModel::kIn, {}, 64, {}}, now);
        }
      if (model.deadline_us() > end) break;
      now = std::max(now, model.deadline_us());
      model.tick(now);
    }
    model.cancel(waiting, -2);
    model.take_done();
    now = end;
    return reports;
  }
};

int raw(const Bytes& report, std::size_t input) {
  return report[6 + 3 * input] << 16 | report[7 + 3 * input] << 8 | report[8 + 3 * input];
}

}  // namespace

TEST_CASE("a report each 8 ms, all off until it is told; then it echoes and measures") {
  PhidgetBridgeModel::Options options;
  options.automatic = false;
  Host host(options);
  auto reports = host.read_for(kSecond);
  CHECK(reports.size() == Approx(125).margin(2));
  for (const Bytes& report : reports) CHECK(report[0] == 0);
  host.set({0x01, 0x70, 0x00, 0x02, 0x00});
  host.model.act({Gesture::load, 306.46, 0, 0}, host.now);
  host.read_for(kSecond);
  reports = host.read_for(kSecond);
  int fresh = 0;
  for (const Bytes& report : reports) {
    CHECK((report[0] & 15) == 1);
    CHECK(report[2] == 0x70);
    fresh += report[0] >> 4;
  }
  CHECK(fresh == Approx(62.5).margin(2));
  const double ratio = (raw(reports.back(), 0) - 8388608.0) / 8388608.0 / 128 * 1000;
  CHECK(ratio == Approx(0.675).margin(0.002));
}

TEST_CASE("overload is flagged; the first value after switching on is an old one") {
  PhidgetBridgeModel::Options options;
  options.automatic = false;
  Host host(options);
  host.set({0x01, 0x70, 0x00, 0x01, 0x00});
  const auto reports = host.read_for(kSecond);
  for (const Bytes& report : reports)
    if (report[0] >> 4) {
      CHECK(raw(report, 0) == 0x123456);
      break;
    }
  host.model.act({Gesture::load, 5000, 0, 0}, host.now);
  host.read_for(kSecond);
  CHECK(host.read_for(kSecond / 10).back()[1] == 1);
}

TEST_CASE("without an OUT endpoint the settings come as SET_REPORT of the output report") {
  PhidgetBridgeModel::Options options;
  options.has_out = false;
  Host host(options);
  CHECK(host.model.descriptors().endpoints.size() == 1);
  const auto set = [&](uint16_t value) {
    host.model.submit({++host.id, TransferType::control, 0, {0x21, 9, value, 0, 8}, 8, {1, 0x70, 0, 2, 0, 0, 0, 0}}, host.now);
    return host.model.take_done().at(0).status;
  };
  CHECK(set(0x0100) == -EPIPE);
  CHECK(set(0x0200) == 0);
  CHECK(host.model.enabled() == 1);
}
