// Several products behind one kind of serial bridge, all plugged in at once: shipped drivers in their
// confined children, real ttys. Each driver finds its own device, whichever port it looks at first, and finds
// it again.
#include <cstdlib>

#include "emulator/cadence_board_model.hpp"
#include "emulator/chronojump_model.hpp"
#include "emulator/kettler_model.hpp"
#include "emulator/linescale3_model.hpp"
#include "emulator/openscale_model.hpp"
#include "emulator/tacx_model.hpp"
#include "harness.hpp"
#include "mock_bus/mock_bus.hpp"

using namespace faults_test;
namespace emulator = patella::emulator;

namespace {

template <class Model>
void add(emulator::MockBus& bus, const char* name, typename Model::Options options = {}) {
  REQUIRE(bus.add(name, std::make_unique<Model>(options)).ok());
}

/// The bus outlives the tests: a process may have one only.
emulator::MockBus& bus() {
  static const std::unique_ptr<emulator::MockBus> only = [] {
    auto made = emulator::MockBus::make();
    if (!made) FAIL(made.error().text());
    setenv("LD_PRELOAD", emulator::MockBus::preload_library(), 1);  // for the children
    std::unique_ptr<emulator::MockBus> fresh = std::move(*made);
    add<emulator::ChronojumpModel>(*fresh, "band");
    add<emulator::KettlerModel>(*fresh, "bike");
    add<emulator::LineScale3Model>(*fresh, "cell");
    emulator::CadenceBoardModel::Options clone;
    clone.ch340 = true;
    add<emulator::CadenceBoardModel>(*fresh, "crank", clone);
    add<emulator::OpenScaleModel>(*fresh, "board");
    add<emulator::TacxModel>(*fresh, "trainer");
    return fresh;
  }();
  return *only;
}

PluginInfo shipped(const std::string& name) {
  const FoundPlugins found = find_plugins({PATELLA_BUILD_DIR "/plugins"});
  for (const Manifest& candidate : found.plugins) {
    if (candidate.folder != name) continue;
    const Result<PluginInfo> info = describe(host_options().host_program, candidate);
    if (!info) FAIL(info.error().text());
    return *info;
  }
  FAIL("no plugin " << name);
  return {};
}

struct Line {
  DriverRecord record;
  std::unique_ptr<DriverLink> link;
};

struct Setup {
  emulator::MockBus& emulated_bus = bus();  // before any child, which finds its folder in the environment
  SystemClock clock;
  Log log{LogLevel::warning};
  std::unique_ptr<Line> line(const std::string& driver) {
    HostOptions options = host_options();
    options.allow_no_device = false;
    options.under_umockdev = true;
    auto made = std::make_unique<Line>();
    made->link = DriverLink::make(options, shipped(driver), {}, clock, log, made->record);
    return made;
  }
};

struct Unplugged {
  std::vector<const char*> devices;
  ~Unplugged() {
    for (const char* device : devices)
      if (bus().is_plugged(device)) static_cast<void>(bus().unplug(device));
  }
};

}  // namespace

TEST_CASE("two products behind the same bridge: each driver finds its own, loses it, and finds it again") {
  struct Case {
    const char *driver, *device, *other_driver, *other_device;
  };
  const Case pair = GENERATE(Case{"kettler", "bike", "chronojump_force", "band"},
                             Case{"linescale3", "cell", "cadence_board", "crank"});
  INFO(pair.driver << " and " << pair.other_driver);
  Setup setup;
  const Unplugged cleanup{{pair.device, pair.other_device}};
  const auto one = setup.line(pair.driver), other = setup.line(pair.other_driver);
  const auto until = [&](const std::function<bool()>& done) {
    return run_until(done, *one->link, *other->link);
  };
  // The other's device comes first, so that there is a stranger to be asked.
  REQUIRE(bus().plug(pair.other_device).ok());
  REQUIRE(bus().plug(pair.device).ok());
  REQUIRE(until([&] { return one->record.count > 3 && other->record.count > 3; }));
  REQUIRE(bus().unplug(pair.device).ok());
  REQUIRE(until([&] { return one->link->state() == LinkState::waiting; }));
  const uint64_t before = one->record.count, others = other->record.count;
  REQUIRE(bus().plug(pair.device).ok());
  REQUIRE(until([&] { return one->record.count > before + 3; }));
  REQUIRE(until([&] { return other->record.count > others; }));
  CHECK(one->record.times(LinkState::down) + other->record.times(LinkState::down) == 0);
}

TEST_CASE("the scale board and the trainer through a real tty and real libusb") {
  Setup setup;
  const Unplugged cleanup{{"board", "trainer"}};
  const auto board = setup.line("openscale"), trainer = setup.line("tacx_1932");
  const auto until = [&](const std::function<bool()>& done) {
    return run_until(done, *board->link, *trainer->link);
  };
  for (const char* device : {"board", "trainer"}) REQUIRE(bus().plug(device).ok());
  REQUIRE(until([&] { return board->record.count > 3 && trainer->record.count > 20; }));
  for (const char* device : {"board", "trainer"}) REQUIRE(bus().unplug(device).ok());
  REQUIRE(until([&] {
    return board->link->state() == LinkState::waiting && trainer->link->state() == LinkState::waiting;
  }));
  CHECK(board->record.times(LinkState::down) + trainer->record.times(LinkState::down) == 0);
}
