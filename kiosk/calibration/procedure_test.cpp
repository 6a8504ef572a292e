#include "calibration/procedure.hpp"

#include "support/catch.hpp"

using namespace patella::calibration;

namespace {
constexpr SteadyRules kRules{2, 2, 3};

/// Ten readings a second.
struct AtTheSensor {
  Procedure procedure{kRules};
  int64_t now_us = 1'000'000;

  std::optional<patella::Result<Procedure::Taken>> read(double reading, double seconds) {
    for (const int64_t until_us = now_us + static_cast<int64_t>(seconds * 1e6); now_us < until_us;) {
      now_us += 100'000;
      procedure.sample(now_us, reading);
      if (auto answer = procedure.poll(now_us)) return answer;
    }
    return std::nullopt;
  }
  Procedure::Taken take(double known, double reading) {
    procedure.take(known, now_us);
    const auto answer = read(reading, 5);
    REQUIRE(answer);
    REQUIRE(answer->ok());
    return **answer;
  }
};
}  // namespace

TEST_CASE("weights one after the other make a line; one that is taken again replaces its point") {
  AtTheSensor at;
  CHECK_FALSE(at.take(0, 1).instead_of);
  CHECK_FALSE(at.take(100, 50).instead_of);
  const auto again = at.take(100, 101);
  REQUIRE(again.instead_of);
  CHECK(*again.instead_of == Approx(50));
  REQUIRE(at.procedure.points().size() == 2);
  CHECK(at.procedure.has(100));
  CHECK_FALSE(at.procedure.has(50));
  const auto fit = at.procedure.fit();
  REQUIRE(fit.ok());
  CHECK(fit->line.slope == Approx(1));
  CHECK(fit->line.offset == Approx(-1));
  REQUIRE(at.procedure.undo());
  CHECK_FALSE(at.procedure.fit().ok());
  CHECK(at.procedure.undo()->known == 0);
  CHECK_FALSE(at.procedure.undo());
}

TEST_CASE("a device that is opened makes all before it worth nothing; one that goes away keeps the points") {
  AtTheSensor at;
  CHECK_FALSE(at.procedure.opened());
  at.take(0, 0);
  at.procedure.take(100, at.now_us);
  CHECK(at.procedure.gone());
  CHECK_FALSE(at.procedure.taking());
  CHECK_FALSE(at.procedure.gone());
  CHECK_FALSE(at.read(100, 40));  // what was being taken is not answered
  CHECK(at.procedure.points().size() == 1);
  CHECK(at.procedure.opened());
  CHECK(at.procedure.points().empty());
  at.procedure.take(100, at.now_us);
  CHECK(at.procedure.opened());
  at.take(0, 0);
  at.procedure.tared();
  CHECK(at.procedure.points().empty());
}

TEST_CASE("a reading that is never still makes no point; a zero under load is told") {
  AtTheSensor at;
  at.procedure.take(100, at.now_us);
  std::optional<patella::Result<Procedure::Taken>> answer;
  for (int i = 0; i < 400 && !answer; ++i) answer = at.read(i % 2 == 0 ? 90 : 110, 0.1);
  REQUIRE(answer);
  CHECK_FALSE(answer->ok());
  CHECK(at.procedure.points().empty());
  CHECK(at.take(0, kUnloadedN + 1).loaded_zero);
  CHECK(at.take(0, -kUnloadedN - 1).loaded_zero);
  CHECK_FALSE(at.take(0, kUnloadedN - 1).loaded_zero);
  CHECK_FALSE(at.take(50, 50).loaded_zero);
}
