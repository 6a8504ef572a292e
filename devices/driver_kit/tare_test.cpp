// Only what rests and is not loaded becomes zero.
#include "driver_kit/tare.hpp"

#include "support/catch.hpp"

using namespace patella;
using driver_kit::Tare;

namespace {
constexpr int64_t kS = 1'000'000;

struct Fed {
  Tare tare;
  int64_t t_us = 0;
  std::string feed(double seconds, double force_n, double shake_n = 0.4, double rate_hz = 88) {
    const auto count = static_cast<int>(seconds * rate_hz);
    for (int i = 0; i < count; ++i) {
      t_us += static_cast<int64_t>(1e6 / rate_hz);
      tare.take(t_us, force_n + (i % 2 == 0 ? shake_n : -shake_n) / 2);
    }
    return tare.refusal(t_us);
  }
};
bool says(const std::string& text, const char* words) { return text.find(words) != std::string::npos; }

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

TEST_CASE("unloaded and still for half a second: it may be tared, drifted zero and slow scale too") {
  CHECK(Fed().feed(1, 0) == "");
  CHECK(Fed().feed(1, -4.4) == "");
  CHECK(Fed().feed(1, 19) == "");
  CHECK(Fed().feed(2, 3, 0.1, 2) == "");
  CHECK(Fed().feed(8, 3, 0.1, 0.5) == "");
}

TEST_CASE("loaded, moving, just let go, silent: refused with the reason") {
  CHECK(says(Fed().feed(1, 52), "is loaded"));
  CHECK(says(Fed().feed(1, 21), "is loaded"));
  CHECK(says(Fed().feed(1, -30), "is loaded"));
  CHECK(says(Fed().feed(2, 5, 3), "not still"));
  Fed pulled;
  CHECK(says(pulled.feed(3, 60), "is loaded"));
  CHECK(says(pulled.feed(0.3, 0), "not still"));
  CHECK(pulled.feed(1, 0) == "");
  CHECK(says(pulled.tare.refusal(pulled.t_us + 3 * kS), "no readings"));
  CHECK(says(Tare().refusal(0), "no readings"));
  pulled.tare.reset();
  CHECK(says(pulled.tare.refusal(pulled.t_us), "no readings"));
  Tare one;
  one.take(0, 0);
  CHECK(says(one.refusal(1 * kS), "not still"));
}

TEST_CASE("a force that creeps is still at no time") {
  Fed creeping;
  for (int i = 0; i < 40; ++i) {
    const std::string refused = creeping.feed(0.1, i * 0.5, 0.1);
    CHECK(says(refused, "not still"));
  }
}

TEST_CASE("a display of coarse steps may change by a step") {
  Fed coarse;
  coarse.tare = Tare(12);
  CHECK(coarse.feed(1, 5, 10) == "");
  CHECK(says(coarse.feed(1, 5, 14), "not still"));
}

TEST_CASE("the zero that is held: the mean of what rested; from there 20 N are unloaded; a refusal moves nothing") {
  Bench bench;
  const sdk::DeviceHost host(&bench.table);
  Fed sensor;
  sensor.feed(1, 15);
  sensor.tare.obey(host, sensor.t_us);
  CHECK(bench.done == 1);
  CHECK(bench.ok);
  CHECK(sensor.tare.zero_n() == Approx(15).margin(0.02));
  sensor.feed(1.5, 30);
  sensor.tare.obey(host, sensor.t_us);
  CHECK(bench.ok);
  CHECK(sensor.tare.zero_n() == Approx(30).margin(0.02));
  sensor.feed(1.5, 60);  // a band that is held still
  sensor.tare.obey(host, sensor.t_us);
  CHECK(bench.done == 3);
  CHECK_FALSE(bench.ok);
  CHECK(says(bench.text, "is loaded"));
  CHECK(sensor.tare.zero_n() == Approx(30).margin(0.02));
  sensor.tare.reset();
  CHECK(sensor.tare.zero_n() == Approx(30).margin(0.02));
}

TEST_CASE("of several inputs all have to rest, those that are not asked for do not matter") {
  Bench bench;
  const sdk::DeviceHost host(&bench.table);
  Tare tare;
  int64_t t_us = 0;
  const auto feed = [&](double third_n, double moves_n) {
    for (int i = 0; i < 120; ++i) {
      t_us += 10'000;
      tare.take(t_us, 3.0, 0);
      tare.take(t_us, i % 30, 1);
      tare.take(t_us, third_n + i % 30 * moves_n, 2);
    }
    tare.obey(host, t_us, 0b101);
  };
  feed(7, 1);
  CHECK_FALSE(bench.ok);
  CHECK(tare.zero_n(0) == 0);
  feed(7, 0);
  CHECK(bench.ok);
  CHECK(tare.zero_n(0) == Approx(3));
  CHECK(tare.zero_n(1) == 0);
  CHECK(tare.zero_n(2) == Approx(7));
  feed(90, 0);
  CHECK_FALSE(bench.ok);
  CHECK(bench.done == 3);
  CHECK(tare.zero_n(2) == Approx(7));
}
