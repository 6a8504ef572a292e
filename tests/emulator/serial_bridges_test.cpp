// Several products behind one kind of serial bridge, all plugged in at once: shipped drivers in their
// confined children, real ttys. Each driver finds its own device, whichever port it looks at first, and finds
// it again.
#include "emulator/cadence_board_model.hpp"
#include "emulator/chronojump_model.hpp"
#include "emulator/kettler_model.hpp"
#include "emulator/linescale3_model.hpp"
#include "emulator/openscale_model.hpp"
#include "emulator/tacx_model.hpp"
#include "emulated_harness.hpp"

using namespace faults_test;

namespace {

template <class Model>
void add(emulator::MockBus& bus, const char* name, typename Model::Options options = {}) {
  REQUIRE(bus.add(name, std::make_unique<Model>(options)).ok());
}

/// The bus with the devices of this file.
emulator::MockBus& bus() {
  emulator::MockBus& only = the_bus();
  if (only.has("band")) return only;
  add<emulator::ChronojumpModel>(only, "band");
  add<emulator::KettlerModel>(only, "bike");
  add<emulator::LineScale3Model>(only, "cell");
  emulator::CadenceBoardModel::Options clone;
  clone.ch340 = true;
  add<emulator::CadenceBoardModel>(only, "crank", clone);
  add<emulator::OpenScaleModel>(only, "board");
  add<emulator::TacxModel>(only, "trainer");
  return only;
}

struct Setup : EmulatedSetup {
  emulator::MockBus& emulated_bus = bus();
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
