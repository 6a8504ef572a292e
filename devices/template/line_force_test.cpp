// The driver in virtual time: no port, no sensor, no waiting.
#include "line_force.hpp"

#include <cstdio>
#include <patella/testing.hpp>

static int failed = 0;
#define CHECK(condition) \
  if (!(condition)) failed = 1, std::printf("line %d: %s\n", __LINE__, #condition)

int main() {
  patella::testing::DeviceBench<LineForce> bench;
  bench.connect();
  bench.receive("12.5\n-3\r\nrubbish\n7");
  CHECK(bench.samples.size() == 2 && bench.samples[0].value == 12.5 && bench.samples[1].value == -3);
  bench.receive(".25\n");  // a line cut in two
  CHECK(bench.samples.size() == 3 && bench.samples[2].value == 7.25);
  CHECK(bench.states.back().first == PATELLA_DEVICE_LIVE);

  CHECK(bench.command("tare") && bench.done.size() == 1 && bench.done[0] == "tare ok");
  bench.receive("10\nnan\n99999\n");
  CHECK(bench.samples.size() == 4 && bench.samples[3].value == 2.75);

  for (int i = 0; i < 12; ++i) {
    bench.advance_s(1);
    bench.receive("nan\n");
  }
  CHECK(bench.states.back().first == PATELLA_DEVICE_NOTICE && bench.samples.size() == 4);

  bench.advance_s(3);
  CHECK(bench.states.back().first == PATELLA_DEVICE_SILENT);
  CHECK(!bench.command("tare") && !bench.command("dance"));
  return failed;
}
