#include <vector>

#include "driver.hpp"
#include "fuzz_driver.hpp"

namespace {

using namespace patella::phidget_bridge;

/// Reports that echo the settings, so that the board measures, then the input as flags and values: of each
/// nine bytes the first is the time that passed, with a tare when it is large.
std::vector<uint8_t> measured(std::span<const uint8_t> input) {
  std::vector<uint8_t> records;
  const auto put = [&](uint8_t passed, bool tare, uint8_t flags, uint8_t faulty, std::span<const uint8_t> values) {
    std::vector<uint8_t> report = {flags, faulty, 0x77, 0x77, 0, 0};
    report.insert(report.end(), values.begin(), values.end());
    report.resize(18, 0x80);
    records.insert(records.end(), {passed, static_cast<uint8_t>(report.size() | (tare ? 0x80u : 0u))});
    records.insert(records.end(), report.begin(), report.end());
  };
  put(30, false, 0x00, 0, {});
  for (int i = 0; i < 3; ++i) put(i == 1 ? 20 : 0, false, 0x11, 0, {});
  for (; input.size() >= 9; input = input.subspan(9))
    put(static_cast<uint8_t>(input[0] % 8), input[0] >= 0xF0, input[1] < 0xE0 ? 0x11 : input[1], input[2] < 0xE0 ? 0 : input[2],
        input.subspan(3, 6));
  return records;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::span<const uint8_t> input(data, size);
  if (const auto report = read_report(input))
    for (std::size_t i = 0; i < kInputs; ++i)
      if (const auto ratio = ratio_mv_v(*report, i); ratio && !(std::abs(*ratio) <= 1000)) std::abort();
  if (output_report_bytes(input) > 1024) std::abort();
  if (patella::fuzz::kDecoderOnly) return 0;
  patella::fuzz::Stage stage;
  stage.values = {{"force_per_mv_v_n_0", -1, 490.3, nullptr}};
  patella::fuzz::Feeder<Driver>(stage).run(measured(input));
  return patella::fuzz::Feeder<Driver>().run(input);
}
