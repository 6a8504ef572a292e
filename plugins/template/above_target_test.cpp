// The module in virtual time: a signal in, time and events out.
#include "above_target.hpp"

#include <cmath>
#include <cstdio>
#include <patella/testing.hpp>

static int failed = 0;
#define CHECK(condition) \
  if (!(condition)) failed = 1, std::printf("line %d: %s\n", __LINE__, #condition)

int main() {
  using patella::testing::preset_values;
  patella::testing::ModuleBench<AboveTarget> bench(preset_values(AboveTarget::kParams, {{"target_n", 50}, {"goal_s", 4}}));
  bench.run(2, [](double) { return 80.0; });
  CHECK(std::fabs(bench.view().timer_s - 4) < 1e-9);  // not started: nothing counts

  bench.action(PATELLA_ACTION_START);
  bench.run(4, [](double t_s) { return t_s < 1 || t_s >= 3 ? 80.0 : 20.0; });  // 2 of 4 s above
  CHECK(std::fabs(bench.view().timer_s - 2) < 0.05);
  bench.gap(0, true);
  bench.now_us += 10'000'000;  // lost time does not count
  bench.gap(0, false);
  bench.run(1, [](double) { return 80.0; });
  CHECK(std::fabs(bench.view().timer_s - 1) < 0.05);
  CHECK(bench.events.empty());

  bench.run(3, [](double) { return 80.0; });
  CHECK(bench.events.size() == 1 && bench.events[0].kind == PATELLA_EVENT_DONE);
  CHECK(std::fabs(bench.metrics["time_above_s"] - 4) < 0.05);
  bench.action(PATELLA_ACTION_END);
  CHECK(bench.events.size() == 1 && bench.view().phase == PATELLA_PHASE_DONE);
  CHECK(bench.violations.empty());  // of the rules in patella/exercise.h and view.h
  return failed;
}
