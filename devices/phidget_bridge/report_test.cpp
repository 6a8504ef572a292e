#include "report.hpp"

#include "support/catch.hpp"

using namespace patella::phidget_bridge;

namespace {
Bytes worked() {
  Bytes bytes = {0x11, 0x00, 0x70, 0x00, 0x00, 0x00, 0x8A, 0x3D, 0x71};
  bytes.resize(64, 0);
  return bytes;
}
}  // namespace

TEST_CASE("the worked sample: 0.625 mV/V at gain 128") {
  const auto report = read_report(worked());
  REQUIRE(report);
  CHECK(report->enabled == 1);
  CHECK(report->fresh == 1);
  CHECK(report->faulty == 0);
  CHECK(report->gain[0] == 7);
  CHECK(report->raw[0] == 0x8A3D71);
  REQUIRE(ratio_mv_v(*report, 0));
  CHECK(*ratio_mv_v(*report, 0) == Approx(0.625).epsilon(1e-5));
  CHECK(*ratio_mv_v(*report, 0) / 2 * 100 * 9.80665 == Approx(306.5).epsilon(1e-3));
}

TEST_CASE("four inputs: flags, gains, big-endian values") {
  Bytes bytes = {0xA5, 0x08, 0x03, 0x45, 0, 0, 0x80, 0, 0, 0x90, 0, 0, 0x70, 0, 0, 1, 2, 3};
  const auto report = read_report(bytes);
  REQUIRE(report);
  CHECK(report->enabled == 5);
  CHECK(report->fresh == 10);
  CHECK(report->faulty == 8);
  CHECK(report->gain == std::array<uint8_t, 4>{0, 3, 4, 5});
  CHECK(report->raw[3] == 0x010203);
  CHECK(*ratio_mv_v(*report, 0) == 0);
  CHECK(*ratio_mv_v(*report, 1) == Approx(1000.0 / 8 / 8));
  CHECK(*ratio_mv_v(*report, 2) == Approx(-1000.0 / 8 / 16));
  CHECK_FALSE(ratio_mv_v(*report, 3));
  bytes.pop_back();
  CHECK_FALSE(read_report(bytes));
}

TEST_CASE("gains, and codes that are none") {
  CHECK(factor(0) == 1);
  CHECK(factor(3) == 8);
  CHECK(factor(4) == 16);
  CHECK(factor(5) == 32);
  CHECK(factor(6) == 64);
  CHECK(factor(7) == 128);
  for (const int code : {1, 2, 8, 15}) CHECK(factor(static_cast<uint8_t>(code)) == 0);
  auto report = *read_report(worked());
  report.gain[0] = 2;
  CHECK_FALSE(ratio_mv_v(report, 0));
}

TEST_CASE("out of range: by flag, beyond 0.995 of the range, and at gain 1 only beyond all of it") {
  auto report = *read_report(worked());
  report.raw[0] = 0x800000 + static_cast<uint32_t>(0.994 * 0x800000);
  CHECK(ratio_mv_v(report, 0));
  report.raw[0] = 0x800000 + static_cast<uint32_t>(0.996 * 0x800000);
  CHECK_FALSE(ratio_mv_v(report, 0));
  report.raw[0] = 0;
  CHECK_FALSE(ratio_mv_v(report, 0));
  report.gain[0] = 0;
  CHECK(*ratio_mv_v(report, 0) == -1000);
  report.faulty = 1;
  CHECK_FALSE(ratio_mv_v(report, 0));
}

TEST_CASE("settings byte for byte") {
  Settings settings{1, {Gain::x128, Gain::x1, Gain::x1, Gain::x1}, 16};
  CHECK(encode(settings, 5) == Bytes{0x01, 0x70, 0x00, 0x02, 0x00});
  CHECK(encode(settings, 8) == Bytes{0x01, 0x70, 0x00, 0x02, 0x00, 0, 0, 0});
  settings = {0x0F, {Gain::x8, Gain::x16, Gain::x32, Gain::x64}, 1000};
  CHECK(encode(settings, 0) == Bytes{0x0F, 0x34, 0x56, 125, 0x00});
  settings.interval_ms = 9;
  CHECK(encode(settings, 0)[3] == 2);
  CHECK(interval_us(9) == 16'000);
  CHECK(interval_us(0) == 8'000);
  CHECK(interval_us(5000) == 1'000'000);
}

TEST_CASE("whether the board follows: inputs, and gains of those that are on") {
  const Settings settings{1, {Gain::x128, Gain::x128, Gain::x128, Gain::x128}, 16};
  auto report = *read_report(worked());
  CHECK(follows(report, settings));
  report.gain[0] = 6;
  CHECK_FALSE(follows(report, settings));
  report = *read_report(worked());
  report.enabled = 3;
  CHECK_FALSE(follows(report, settings));
}

TEST_CASE("length of the output report by the descriptor") {
  CHECK(output_report_bytes(Bytes{0x06, 0x00, 0xFF, 0x09, 0x01, 0xA1, 0x01, 0x75, 0x08, 0x95,
                                  0x40, 0x81, 0x02, 0x95, 0x08, 0x09, 0x03, 0x91, 0x02, 0xC0}) == 8);
  CHECK(output_report_bytes(Bytes{0x75, 0x08, 0x96, 0x40, 0x00, 0x91, 0x02}) == 64);
  CHECK(output_report_bytes(Bytes{0x75, 0x08, 0x95, 0x40, 0x81, 0x02}) == 0);
  CHECK(output_report_bytes(Bytes{0x77, 0xFF, 0xFF, 0xFF, 0xFF, 0x97, 0xFF, 0xFF, 0xFF, 0xFF, 0x91, 0x02}) == 0);
  CHECK(output_report_bytes(Bytes{0x96, 0x40}) == 0);
  CHECK(output_report_bytes({}) == 0);
}
