// Several products behind one kind of serial bridge, all plugged in at once: shipped drivers in their
// confined children, real ttys. Each driver finds its own device, whichever port it looks at first, and finds
// it again.
#include "emulated_harness.hpp"
#include "emulator/cadence_board_model.hpp"
#include "emulator/chronojump_model.hpp"
#include "emulator/kettler_model.hpp"
#include "emulator/linescale3_model.hpp"
#include "emulator/openscale_model.hpp"
#include "emulator/tacx_model.hpp"

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

/// As the kiosk binds a driver when so many others could take the same bridges.
DriverLink::Binding shared(int sharers) {
  DriverLink::Binding binding;
  binding.sharers = sharers;
  return binding;
}

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
  const Case pair =
      GENERATE(Case{"kettler", "bike", "chronojump_force", "band"}, Case{"linescale3", "cell", "cadence_board", "crank"});
  INFO(pair.driver << " and " << pair.other_driver);
  Setup setup;
  const Unplugged cleanup{{pair.device, pair.other_device}};
  const auto one = setup.line(pair.driver, shared(1)), other = setup.line(pair.other_driver, shared(1));
  const auto until = [&](const std::function<bool()>& done) { return run_until(done, *one->link, *other->link); };
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
  const auto until = [&](const std::function<bool()>& done) { return run_until(done, *board->link, *trainer->link); };
  for (const char* device : {"board", "trainer"}) REQUIRE(bus().plug(device).ok());
  REQUIRE(until([&] { return board->record.count > 3 && trainer->record.count > 20; }));
  for (const char* device : {"board", "trainer"}) REQUIRE(bus().unplug(device).ok());
  REQUIRE(until([&] { return board->link->state() == LinkState::waiting && trainer->link->state() == LinkState::waiting; }));
  CHECK(board->record.times(LinkState::down) + trainer->record.times(LinkState::down) == 0);
}

// ---- who may ask at a port, and when

namespace {

void set_silent(const char* device, bool silent) {
  REQUIRE(bus().with_serial(device, [&](emulator::SerialModel& model) { model.fault().silent = silent; }));
}

}  // namespace

TEST_CASE("a foreign device with a loose plug is asked again each time, and is no fault of the driver") {
  Setup setup;
  const Unplugged cleanup{{"band", "bike"}};
  const auto line = setup.line("kettler");
  const auto until = [&](const std::function<bool()>& done) { return run_until(done, *line->link); };
  // More often than a plugin may die within a minute.
  for (int round = 0; round < 6; ++round) {
    line->record.port.clear();
    const int waited = line->record.times(LinkState::waiting);
    REQUIRE(bus().plug("band").ok());
    REQUIRE(until([&] { return !line->record.port.empty(); }));
    REQUIRE(bus().unplug("band").ok());
    REQUIRE(until([&] { return line->record.times(LinkState::waiting) > waited; }));
  }
  INFO(line->record.states.back().second);
  CHECK(line->record.times(LinkState::down) == 0);
  REQUIRE(bus().plug("bike").ok());
  REQUIRE(until([&] { return line->record.count > 3; }));
}

TEST_CASE("a bike that is switched on long after the kiosk is found without a replug, and no driver holds its port meanwhile",
          "[late]") {
  Setup setup;
  const Unplugged cleanup{{"bike"}};
  const auto bike = setup.line("kettler", shared(1)), band = setup.line("chronojump_force", shared(1));
  const auto until = [&](const std::function<bool()>& done) { return run_until(done, *bike->link, *band->link); };
  set_silent("bike", true);
  REQUIRE(bus().plug("bike").ok());
  // Both had the port, one after the other, and both gave it back.
  REQUIRE(until([&] { return !bike->record.port.empty() && !band->record.port.empty(); }));
  bike->record.port.clear();
  band->record.port.clear();
  REQUIRE(until([&] { return !bike->record.port.empty() && !band->record.port.empty(); }));
  set_silent("bike", false);
  REQUIRE(until([&] { return bike->record.count > 3; }));
  CHECK(bike->record.times(LinkState::down) + band->record.times(LinkState::down) == 0);

  // From now on it is the bike's: plugged in again, its driver is the first at it, and the other never is.
  for (int round = 0; round < 3; ++round) {
    const uint64_t before = bike->record.count;
    REQUIRE(bus().unplug("bike").ok());
    REQUIRE(until([&] { return bike->link->state() == LinkState::waiting; }));
    band->record.port.clear();
    REQUIRE(bus().plug("bike").ok());
    REQUIRE(until([&] { return bike->record.count > before + 3; }));
    CHECK(band->record.port.empty());
  }
}
