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
  bench.receive("0;12.5\n10000;-3\r\nrubbish\n20000;7");
  CHECK(bench.samples.size() == 2 && bench.samples[0].value == 12.5 && bench.samples[1].value == -3);
  CHECK(bench.samples[1].t_us - bench.samples[0].t_us <= 10'000);  // both came at once
  bench.advance_s(0.5);
  bench.receive(".25\n");  // a line cut in two
  CHECK(bench.samples.size() == 3 && bench.samples[2].value == 7.25);
  CHECK(bench.state() == PATELLA_DEVICE_LIVE);

  // A lump of 1 s of samples has the times of the device, 10 ms apart.
  bench.advance_s(1);
  for (int i = 1; i <= 100; ++i) bench.receive(std::to_string(500'000 + i * 10'000) + ";5\n");
  CHECK(bench.samples.size() == 103);
  CHECK(bench.samples[102].t_us - bench.samples[3].t_us > 980'000);

  CHECK(bench.command("tare") && bench.done.size() == 1 && bench.done[0].ok);
  bench.receive("1510000;10\n1520000;nan\n1530000;99999\n");
  CHECK(bench.samples.size() == 104 && bench.samples[103].value == 5);

  for (int i = 0; i < 12; ++i) {
    bench.advance_s(1);
    bench.receive("nan\n");
  }
  CHECK(bench.state() == PATELLA_DEVICE_NOTICE && bench.samples.size() == 104);

  bench.advance_s(3);
  CHECK(bench.state() == PATELLA_DEVICE_SILENT);
  CHECK(!bench.command("tare") && !bench.command("dance"));
  CHECK(bench.violations.empty());  // of the rules in patella/device.h
  return failed;
}
