#include "driver_kit/tare_gate.hpp"

#include "support/catch.hpp"

using patella::driver_kit::TareGate;

namespace {
constexpr int64_t kS = 1'000'000;

struct Fed {
  TareGate gate;
  int64_t t_us = 0;
  std::string feed(double seconds, double force_n, double shake_n = 0.4, double rate_hz = 88) {
    const auto count = static_cast<int>(seconds * rate_hz);
    for (int i = 0; i < count; ++i) {
      t_us += static_cast<int64_t>(1e6 / rate_hz);
      gate.add(t_us, force_n + (i % 2 == 0 ? shake_n : -shake_n) / 2);
    }
    return gate.refusal(t_us);
  }
};
bool says(const std::string& text, const char* words) { return text.find(words) != std::string::npos; }
}  // namespace

TEST_CASE("unloaded and still for half a second: it may be tared, drifted zero and slow scale too") {
  CHECK(Fed().feed(1, 0) == "");
  CHECK(Fed().feed(1, -4.4) == "");
  CHECK(Fed().feed(1, 19) == "");
  CHECK(Fed().feed(2, 3, 0.1, 2) == "");
}

TEST_CASE("loaded, moving, just let go, silent: refused with the reason") {
  CHECK(says(Fed().feed(1, 52), "is loaded"));
  CHECK(says(Fed().feed(1, -30), "is loaded"));
  CHECK(says(Fed().feed(2, 5, 3), "not still"));
  Fed pulled;
  CHECK(says(pulled.feed(3, 60), "is loaded"));
  CHECK(says(pulled.feed(0.3, 0), "not still"));
  CHECK(pulled.feed(1, 0) == "");
  CHECK(says(pulled.gate.refusal(pulled.t_us + 2 * kS), "no readings"));
  CHECK(says(TareGate().refusal(0), "no readings"));
  pulled.gate.reset();
  CHECK(says(pulled.gate.refusal(pulled.t_us), "no readings"));
  TareGate one;
  one.add(0, 0);
  CHECK(says(one.refusal(1 * kS), "not still"));
}

TEST_CASE("a force that creeps is still at no time") {
  Fed creeping;
  for (int i = 0; i < 40; ++i) {
    const std::string refused = creeping.feed(0.1, i * 0.5, 0.1);
    CHECK(says(refused, "not still"));
  }
}
