// Only what rests and is not loaded becomes zero.
#include "tare.hpp"

#include "support/catch.hpp"

using namespace patella;

namespace {

struct Bench {
  int done = 0;
  bool ok = false;
  std::string text;
  patella_device_host table{};
  Bench() {
    table.size = sizeof table;
    table.ctx = this;
    table.command_done = [](void* ctx, const char*, int32_t good, const char* words) {
      auto& bench = *static_cast<Bench*>(ctx);
      ++bench.done;
      bench.ok = good != 0;
      bench.text = words;
    };
  }
};

}  // namespace

TEST_CASE("half a second at rest becomes zero") {
  Bench bench;
  driver_kit::Tare tare(sdk::DeviceHost(&bench.table), 2, 50);
  tare.take(0, 5);
  REQUIRE(tare.begin(0));
  CHECK_FALSE(tare.begin(0));
  for (int i = 0; i < 60; ++i) tare.take(i * 10'000, i % 2 ? 4.0 : 5.0);
  CHECK(bench.done == 1);
  CHECK(bench.ok);
  CHECK(tare.zero_n() == Approx(4.5).margin(0.02));
  CHECK(tare.deadline_us() == sdk::kNever);
}

TEST_CASE("a hand that moves starts the half second again; after 3 s it is refused") {
  Bench bench;
  driver_kit::Tare tare(sdk::DeviceHost(&bench.table), 2, 50);
  tare.begin(0);
  for (int i = 0; i < 200; ++i) tare.take(i * 10'000, i < 100 ? i % 30 : 1.0);
  CHECK(bench.done == 1);
  CHECK(bench.ok);
  CHECK(tare.zero_n() == Approx(1.0));
  tare.begin(0);
  for (int i = 0; i < 300; ++i) tare.take(i * 10'000, i % 30);
  CHECK(bench.done == 1);
  tare.tick(3'000'000);
  CHECK(bench.done == 2);
  CHECK_FALSE(bench.ok);
  CHECK(bench.text.find("rest") != std::string::npos);
  CHECK(tare.zero_n() == Approx(1.0));
}

TEST_CASE("a load is no zero") {
  Bench bench;
  driver_kit::Tare tare(sdk::DeviceHost(&bench.table), 2, 50);
  tare.begin(0);
  for (int i = 0; i < 60; ++i) tare.take(i * 10'000, 51);
  CHECK(bench.done == 1);
  CHECK_FALSE(bench.ok);
  CHECK(bench.text.find("loaded") != std::string::npos);
  CHECK(tare.zero_n() == 0);
  tare.refuse("gone");
  CHECK(bench.done == 1);
}

TEST_CASE("of several inputs all have to rest, those that are not asked for do not matter") {
  Bench bench;
  driver_kit::Tare tare(sdk::DeviceHost(&bench.table), 2, 50);
  CHECK_FALSE(tare.begin(0, 0));
  REQUIRE(tare.begin(0, 0b101));
  for (int i = 0; i < 100; ++i) {
    tare.take(i * 10'000, 3.0, 0);
    tare.take(i * 10'000, i % 30, 1);
    tare.take(i * 10'000, i < 30 ? i : 7.0, 2);
    if (i < 70) CHECK(bench.done == 0);
  }
  CHECK(bench.done == 1);
  CHECK(bench.ok);
  CHECK(tare.zero_n(0) == Approx(3));
  CHECK(tare.zero_n(1) == 0);
  CHECK(tare.zero_n(2) == Approx(7));
  tare.begin(0, 0b101);
  for (int i = 0; i < 60; ++i) {
    tare.take(i * 10'000, 3.0, 0);
    tare.take(i * 10'000, 90.0, 2);
  }
  CHECK(bench.done == 2);
  CHECK_FALSE(bench.ok);
}
