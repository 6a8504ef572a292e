// Serial bridges are shared by many products, so a driver meets devices that are not its own. Each shipped
// serial driver against each serial model of another kind: it says "not mine" in bounded time, or, to one that
// says nothing, that nobody answers; and the other device goes on as if nothing had been.
#include <string>
#include <vector>

#include "emulator/catalog.hpp"
#include "emulator/direct_bench.hpp"
#include "emulator/kettler_model.hpp"
#include "emulator/linescale3_model.hpp"
#include "emulator/openscale_model.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::emulator;

namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kBoundUs = 10 * kSecond;

/// Drivers and, by the same names, the models of their devices.
constexpr const char* kSerial[] = {"cadence_board", "chronojump_force", "kettler", "linescale3", "openscale"};

LoadedDriver driver(const std::string& name) {
  auto loaded = load_driver(std::string(PATELLA_BUILD_DIR) + "/plugins/" + name + "/" + name + ".so");
  REQUIRE(loaded);
  return *loaded;
}

std::unique_ptr<SerialModel> model(const std::string& wish) {
  auto made = make_model(*parse_wish(wish), 1);
  REQUIRE(made);
  REQUIRE(made->serial);
  return std::move(made->serial);
}

/// What a stranger's bytes could have done to it.
void check_unharmed(const Model& model) {
  if (const auto* scale = dynamic_cast<const OpenScaleModel*>(&model)) {
    CHECK_FALSE(scale->is_in_menu());
    CHECK(scale->tares() == 0);
  }
  if (const auto* bike = dynamic_cast<const KettlerModel*>(&model)) CHECK(bike->target_w() == 25);
  if (const auto* cell = dynamic_cast<const LineScale3Model*>(&model)) {
    CHECK(cell->is_on());
    CHECK_FALSE(cell->is_relative());
    CHECK(cell->unit() == LineScale3Model::Unit::kilonewton);
  }
}

}  // namespace

TEST_CASE("every serial driver knows its own device, and takes no other for it, which stays unharmed") {
  // The line speeds differ, so in truth most bytes would be garbage; here they arrive as they are, which is
  // harder.
  for (const std::string mine : kSerial)
    for (const std::string other : kSerial) {
      INFO(mine << " meets " << other);
      const LoadedDriver d = driver(mine);
      DirectBench bench(*d.table, model(other), d.defaults);
      const bool own = mine == other;
      const auto settled = [&] {
        if (own) return bench.state() == PATELLA_DEVICE_LIVE;
        return bench.state() == PATELLA_DEVICE_NOT_MINE || bench.state() == PATELLA_DEVICE_SILENT;
      };
      CHECK(bench.run_until(settled, kBoundUs));
      if (!own) bench.run_for_us(60 * kSecond);  // asked again meanwhile
      CHECK(settled());
      CHECK(bench.violations() == std::vector<std::string>{});
      if (own) continue;
      CHECK(bench.samples().empty());
      check_unharmed(bench.model());
    }
}

TEST_CASE("at another line speed a device is noise: given back in bounded time, without a sample") {
  for (const std::string mine : kSerial) {
    INFO(mine);
    const LoadedDriver d = driver(mine);
    auto noise = model("linescale3:streaming=1");
    noise->fault().garbage = true;
    DirectBench bench(*d.table, std::move(noise), d.defaults);
    CHECK(bench.run_until([&] { return bench.state() == PATELLA_DEVICE_NOT_MINE; }, kBoundUs));
    CHECK(bench.samples().empty());
  }
}

TEST_CASE("a device that was left measuring is found by its own driver and given back by the others") {
  for (const std::string mine : kSerial) {
    INFO(mine);
    const LoadedDriver d = driver(mine);
    DirectBench bench(*d.table, model("linescale3:streaming=1"), d.defaults);
    const uint32_t wanted = mine == "linescale3" ? PATELLA_DEVICE_LIVE : PATELLA_DEVICE_NOT_MINE;
    CHECK(bench.run_until([&] { return bench.state() == wanted; }, kBoundUs));
  }
}
