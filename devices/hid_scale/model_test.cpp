// The driver against the device model of a letter scale, in virtual time.
#include "driver.hpp"
#include "emulator/direct_bench.hpp"
#include "emulator/scale_model.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::emulator;

TEST_CASE("a load on the modelled scale, in grams and in ounces, and its tare") {
  constexpr int64_t kS = 1'000'000;
  for (const ScaleModel::Unit unit : {ScaleModel::Unit::gram, ScaleModel::Unit::ounce}) {
    ScaleModel::Options options;
    options.unit = unit;
    DirectBench bench(sdk::DeviceGlue<hid_scale::Driver>::kTable, std::make_unique<ScaleModel>(options));
    bench.act({Gesture::automatic, 0, 0, 0});
    bench.act({Gesture::load, 15, 0, 0});
    bench.run_for_us(5 * kS);
    CHECK(bench.state() == PATELLA_DEVICE_LIVE);
    CHECK(bench.samples_of("force").back().value == Approx(15).margin(0.5));
    REQUIRE(bench.command("tare"));
    REQUIRE(bench.run_until([&] { return !bench.commands_done().empty(); }, 4 * kS));
    CHECK(bench.commands_done()[0].ok);
    bench.run_for_us(1 * kS);
    CHECK(bench.samples_of("force").back().value == Approx(0).margin(0.5));
    CHECK(bench.violations() == std::vector<std::string>{});
  }
}
