#include "emulator/tacx_model.hpp"

#include <algorithm>

#include "support/catch.hpp"

using namespace patella::emulator;

namespace {

constexpr int64_t kSecond = 1'000'000;

struct Host {
  explicit Host(const TacxModel::Options& options) : trainer(options) { trainer.tick(now); }
  Bytes ask(const Bytes& packet) {
    trainer.submit({1, TransferType::bulk, TacxModel::kOut, {}, static_cast<uint32_t>(packet.size()), packet}, now);
    trainer.submit({2, TransferType::bulk, TacxModel::kIn, {}, 64, {}}, now);
    trainer.tick(now += 50'000);
    Bytes reply;
    for (const Completion& done : trainer.take_done())
      if (done.id == 2) reply = done.in;
    return reply;
  }
  TacxModel trainer;
  int64_t now = 50 * kSecond;
};

const Bytes kVersion = {2, 0, 0, 0};
const Bytes kData = {1, 8, 1, 0, 0, 0, 0, 0, 0, 0x52, 0x10, 4};

}  // namespace

TEST_CASE("it answers what it is asked, in the length of its kind") {
  const auto product = GENERATE(uint16_t{0x1932}, uint16_t{0x1942});
  Host host({.automatic = false, .product = product});
  CHECK(host.trainer.descriptors().product() == product);
  const std::size_t length = product == 0x1932 ? 64 : 48;
  const Bytes version = host.ask(kVersion);
  REQUIRE(version.size() == length);
  CHECK(Bytes(version.begin() + 24, version.begin() + 28) == Bytes{3, 0x0C, 0, 0});
  const Bytes data = host.ask(kData);
  REQUIRE(data.size() == length);
  CHECK(Bytes(data.begin() + 24, data.begin() + 28) == Bytes{3, 0x13, 2, 0});
  CHECK(data[44] == 0);
  CHECK(host.ask({9, 9}).empty());
}

TEST_CASE("cadence stays 0 until the version is asked for; then the first is 137; some replies are short") {
  Host host({});
  host.trainer.tick(host.now += 20 * kSecond);
  CHECK(host.ask(kData)[44] == 0);
  host.ask(kVersion);
  CHECK(host.ask(kData)[44] == 137);
  CHECK(host.ask(kData)[44] == Approx(80).margin(6));
  int short_ones = 0;
  for (int i = 0; i < 36; ++i) short_ones += host.ask(kData).size() == 24;
  CHECK(short_ones == 3);
  CHECK_FALSE(host.trainer.was_braked());
  Bytes load = kData;
  load[8] = 2;
  host.ask(load);
  CHECK(host.trainer.was_braked());
}
