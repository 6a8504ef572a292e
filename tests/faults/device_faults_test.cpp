// Real drivers in confined children, real libusb and tty, emulated devices: plug, unplug, kill, three at once.
#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "emulated_harness.hpp"
#include "emulator/ant_model.hpp"
#include "emulator/cadence_board_model.hpp"
#include "emulator/chronojump_model.hpp"
#include "emulator/go_direct_model.hpp"
#include "emulator/go_link_model.hpp"
#include "emulator/kettler_model.hpp"
#include "emulator/linescale3_model.hpp"
#include "emulator/openscale_model.hpp"
#include "emulator/phidget_bridge_model.hpp"
#include "emulator/pm5_model.hpp"
#include "emulator/scale_model.hpp"
#include "emulator/tacx_model.hpp"

using namespace faults_test;

namespace {

/// The bus with the devices of this file.
emulator::MockBus& bus() {
  emulator::MockBus& only = the_bus();
  if (only.has("bike")) return only;
  REQUIRE(only.add("bike", std::make_unique<emulator::Pm5Model>()).ok());
  REQUIRE(only.add("scale", std::make_unique<emulator::ScaleModel>(emulator::ScaleModel::Options{})).ok());
  REQUIRE(only.add("force", std::make_unique<emulator::ChronojumpModel>(emulator::ChronojumpModel::Options{})).ok());
  REQUIRE(only.add("ant", std::make_unique<emulator::AntModel>(emulator::AntModel::Options{})).ok());
  REQUIRE(only.add("crank", std::make_unique<emulator::CadenceBoardModel>(emulator::CadenceBoardModel::Options{})).ok());
  REQUIRE(only.add("grip", std::make_unique<emulator::GoDirectModel>(emulator::GoDirectModel::Options{})).ok());
  REQUIRE(only.add("probe", std::make_unique<emulator::GoLinkModel>(emulator::GoLinkModel::Options{})).ok());
  REQUIRE(only.add("ergometer", std::make_unique<emulator::KettlerModel>(emulator::KettlerModel::Options{})).ok());
  REQUIRE(only.add("cell", std::make_unique<emulator::LineScale3Model>(emulator::LineScale3Model::Options{})).ok());
  REQUIRE(only.add("board", std::make_unique<emulator::OpenScaleModel>(emulator::OpenScaleModel::Options{})).ok());
  REQUIRE(only.add("bridge", std::make_unique<emulator::PhidgetBridgeModel>(emulator::PhidgetBridgeModel::Options{})).ok());
  REQUIRE(only.add("trainer", std::make_unique<emulator::TacxModel>(emulator::TacxModel::Options{})).ok());
  return only;
}

struct Setup : EmulatedSetup {
  emulator::MockBus& emulated_bus = bus();
  std::unique_ptr<Line> line(const std::string& driver) {
    DriverLink::Binding binding;
    if (driver == "ant_plus") binding.params = {{"network_key", -1, 0, "0000000000000000"}, {"speed_cadence", -1, 0, {}}};
    return EmulatedSetup::line(driver, std::move(binding));
  }
};

/// Seconds of processor time a process has used.
double cpu_s(int pid) {
  char path[40];
  std::snprintf(path, sizeof path, "/proc/%d/schedstat", pid);
  std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path, "r"), std::fclose);
  unsigned long long ran_ns = 0;
  if (!file || std::fscanf(file.get(), "%llu", &ran_ns) != 1) return -1;
  return static_cast<double>(ran_ns) * 1e-9;
}

std::string layers_of(const DriverLink& link) {
  std::string text;
  for (const ConfinementLayer& layer : link.confinement())
    text += layer.name + (layer.on ? "=on " : "=off (" + layer.text + ") ");
  return text;
}

}  // namespace

// Each driver is a test of its own (CMakeLists.txt): they wait for boards that boot.
TEST_CASE("a driver waits for its device, follows unplug and replug without a death, and is confined", "[follows]") {
  Setup setup;
  const std::vector<std::pair<const char*, const char*>> devices = {
      {"ant_plus", "ant"},    {"cadence_board", "crank"}, {"chronojump_force", "force"}, {"concept2_pm5", "bike"},
      {"go_direct", "grip"},  {"go_link", "probe"},       {"hid_scale", "scale"},        {"kettler", "ergometer"},
      {"linescale3", "cell"}, {"openscale", "board"},     {"phidget_bridge", "bridge"},  {"tacx_1932", "trainer"},
  };
  bool is_listed = false;
  for (const auto& [driver, device] : devices) DYNAMIC_SECTION(driver) {
      is_listed = true;
      const auto line = setup.line(driver);
      DriverRecord& record = line->record;
      REQUIRE(run_until([&] { return line->link->state() == LinkState::waiting && line->link->child_pid() != 0; }, *line->link));
      for (int round = 0; round < 2; ++round) {
        const uint64_t before = record.count;
        REQUIRE(bus().plug(device).ok());
        const bool flows = run_until([&] { return record.count > before + 3 || record.times(LinkState::down) > 0; }, *line->link);
        INFO(record.last_text(LinkState::down));
        REQUIRE(flows);
        const std::string layers = layers_of(*line->link);
        INFO(layers);
        CHECK(layers.find("seccomp=on") != std::string::npos);
        const int pid = line->link->child_pid();
        REQUIRE(bus().unplug(device).ok());
        REQUIRE(
            run_until([&] { return line->link->state() == LinkState::waiting && line->link->child_pid() != pid; }, *line->link));
      }
      CHECK(record.times(LinkState::down) == 0);
      CHECK(record.lost == 0);
    }
  CHECK(is_listed);  // else a driver that is shipped would be passed over
}

TEST_CASE("a serial device is read at the line speed it is set to, and at another one it is told and not read") {
  Setup setup;
  emulator::LineScale3Model::Options fast;
  fast.baud = 460'800;
  REQUIRE(bus().add("fast_cell", std::make_unique<emulator::LineScale3Model>(fast)).ok());
  REQUIRE(bus().plug("fast_cell").ok());
  constexpr double k1280Hz = 3;
  for (const double line_speed : {0.0, 1.0}) {
    DriverLink::Binding binding;
    binding.params = {{"rate", -1, k1280Hz, {}}, {"line_speed", -1, line_speed, {}}};
    const auto line = setup.EmulatedSetup::line("linescale3", std::move(binding));
    DriverRecord& record = line->record;
    const bool wanted = run_until(
        [&] {
          return line_speed > 0 ? record.count > 3000
                                : record.times(LinkState::silent) > 0 || record.times(LinkState::waiting) > 1;
        },
        *line->link);
    INFO("choice " << line_speed << ", " << record.count << " samples, " << record.states.size() << " states");
    CHECK(wanted);
    if (line_speed == 0) CHECK(record.count == 0);
  }
  REQUIRE(bus().unplug("fast_cell").ok());
}

TEST_CASE("a waiting child uses no processor") {
  Setup setup;
  const auto line = setup.line("concept2_pm5");
  bool told = false;
  REQUIRE(run_until([&] { return told = !line->record.states.empty() && line->link->child_pid() != 0; }, *line->link));
  CHECK(told);
  const int64_t from_us = setup.clock.now_us();
  // Long enough for the start to be over, then a second of nothing.
  REQUIRE(run_until([&] { return setup.clock.now_us() - from_us > 1'500'000; }, *line->link));
  const double used_s = cpu_s(line->link->child_pid());
  const int64_t then_us = setup.clock.now_us();
  REQUIRE(run_until([&] { return setup.clock.now_us() - then_us > 1'000'000; }, *line->link));
  CHECK(cpu_s(line->link->child_pid()) - used_s < 0.005);
}

TEST_CASE("three devices at once: each child sees its own, a killed one comes back, the others lose nothing", "[three]") {
  Setup setup;
  const auto bike = setup.line("concept2_pm5"), scale = setup.line("hid_scale"), force = setup.line("chronojump_force");
  const auto all = [&](const std::function<bool()>& done) { return run_until(done, *bike->link, *scale->link, *force->link); };
  REQUIRE(all([&] { return bike->link->child_pid() && scale->link->child_pid() && force->link->child_pid(); }));
  for (const char* device : {"bike", "scale", "force"}) REQUIRE(bus().plug(device).ok());
  REQUIRE(all([&] { return bike->record.count > 5 && scale->record.count > 5 && force->record.count > 5; }));
  for (int round = 0; round < rounds(); ++round) {
    for (Line* line : {bike.get(), scale.get(), force.get()}) {
      const uint64_t before = line->record.count;
      REQUIRE(all([&] { return line->link->child_pid() != 0; }));  // kill(0) would be the end of the test
      kill(line->link->child_pid(), SIGKILL);
      const bool again = all([&] { return line->record.count > before + 3; });
      INFO("state " << static_cast<int>(line->link->state()) << " " << line->record.states.back().second);
      REQUIRE(again);
    }
    if (round == 1) break;  // a third death within a minute waits 4 s
  }
  for (const char* device : {"bike", "scale", "force"}) REQUIRE(bus().unplug(device).ok());
  REQUIRE(all([&] {
    return bike->link->state() == LinkState::waiting && scale->link->state() == LinkState::waiting &&
           force->link->state() == LinkState::waiting;
  }));
  CHECK(bike->record.lost + scale->record.lost + force->record.lost == 0);
}
