#include "runtime/assembly.hpp"

#include <filesystem>
#include <fstream>

#include "support/catch.hpp"

using namespace patella;
using namespace patella::runtime;

namespace {
/// Stations bound to bridges: by serial number and socket, as in a station's file; each with a factor of its
/// own.
Assembly bound(std::vector<plugin_link::DriverLink::Which> devices) {
  Assembly made;
  for (const char* folder : {"other", "phidget_bridge"}) {
    made.drivers.emplace_back();
    made.drivers.back().folder = folder;
  }
  made.driver_instances.push_back({0, {{"", ""}, {}, {}}, {}});
  for (const auto& device : devices) {
    const auto number = static_cast<double>(made.driver_instances.size());
    made.driver_instances.push_back({1, {device, {{"factor", -1, number, {}}}, {}}, {}});
  }
  return made;
}

/// Which of the devices, from 1; 0 = none.
int used(const Assembly& assembly, const char* serial, const char* port) {
  const DriverInstance* use = find_instance(assembly, "phidget_bridge", serial, port);
  return use ? static_cast<int>(use->binding.params.front().number) : 0;
}
}  // namespace

TEST_CASE("a configuration that changed on disk is read again for the same plugins") {
  char name[] = "/tmp/patella-assembly-XXXXXX";
  const std::filesystem::path folder = mkdtemp(name);
  std::ofstream(folder / "kiosk.toml") << "[drivers.stick]\nbike = 7\n";
  plugin_link::PluginInfo driver, module;
  driver.folder = "stick";
  driver.params.push_back({1, "bike", "Bike", "", "Its number.", -1, -1, 65535, 1, {}, {}, {}});
  driver.channels.push_back({"cadence", "Cadence", "rpm", 0, 250, 4, 1, false});
  module.folder = "ride";
  module.channels.push_back({"cadence", "Cadence", "rpm", 0, 0, 0, 1, true});
  for (const char* folder_name : {"stations", "exercises", "figures"}) std::filesystem::create_directory(folder / folder_name);
  std::ofstream(folder / "exercises" / "ride.toml")
      << "id = \"ride\"\nname = \"Ride\"\nmodule = \"ride\"\nsteps = [\"Pedal.\"]\n";
  const auto number_of = [&](const char* params) {
    std::ofstream(folder / "stations" / "bike.toml")
        << "id = \"bike\"\ntitle = \"Bike\"\nexercise = \"ride\"\nset_by = \"Physio\"\n[[bind]]\nchannel = "
           "\"cadence\"\ndriver = \"stick\"\n"
        << params;
    const config::Config read = reload_config(folder, {module}, {driver});
    for (const auto& diagnostic : read.diagnostics) UNSCOPED_INFO(diagnostic.text());
    REQUIRE(read.stations.size() == 1);
    return read.stations[0].bindings.at(0).driver_params.at(0).number;
  };
  CHECK(number_of("") == 7);
  CHECK(number_of("params = { bike = 12345 }\n") == 12345);
  std::filesystem::remove_all(folder);
}

TEST_CASE("a device is used as the station that names it has it set, not as the first one of its kind") {
  const Assembly two = bound({{"A", ""}, {"B", ""}});
  CHECK(used(two, "A", "usb:1-1") == 1);
  CHECK(used(two, "B", "usb:1-1") == 2);
  CHECK(used(two, "C", "usb:1-1") == 0);
  CHECK(used(two, "", "") == 1);
  const Assembly any_and_one = bound({{"", ""}, {"B", ""}});
  CHECK(used(any_and_one, "B", "usb:1-1") == 2);
  CHECK(used(any_and_one, "A", "usb:1-1") == 1);
}

TEST_CASE("a device without a serial number is none that a station names by one") {
  const Assembly numbers = bound({{"A", ""}});
  CHECK(find_instance(numbers, "phidget_bridge", "", "usb:1-1"));
  CHECK(instance_of_device(numbers, "phidget_bridge", "A", "usb:1-1"));
  CHECK_FALSE(instance_of_device(numbers, "phidget_bridge", "", "usb:1-1"));
}

TEST_CASE("a socket is named whatever number its tty has today") {
  const Assembly sockets = bound({{"", "tty:ttyUSB0@1-2.3"}, {"", "tty:ttyUSB1@1-2.4"}});
  CHECK(used(sockets, "A", "tty:ttyUSB0@1-2.4") == 2);
  CHECK(used(sockets, "", "tty:ttyUSB5@1-2.3") == 1);
  CHECK(used(sockets, "", "tty:ttyUSB0@1-2.5") == 0);
}

TEST_CASE("twins are told apart by their sockets, and one at a third socket is still known by its number") {
  const Assembly twins = bound({{"A", "usb:1-2"}, {"A", "usb:1-3"}});
  CHECK(used(twins, "A", "usb:1-2") == 1);
  CHECK(used(twins, "A", "usb:1-3") == 2);
  CHECK(used(twins, "A", "usb:1-9") == 1);
  CHECK(used(twins, "B", "usb:1-3") == 0);
}

TEST_CASE("a channel that counts as lost later than the station says is told with both times and the reason") {
  config::Station station;
  station.id = "tke";
  station.rules.lost_after_s = 1;
  session::StationSetup setup;
  setup.channels.push_back({"force", "N", "Slow scale", true, true, 2'000'000, 4'000'000});
  setup.channels.push_back({"cadence", "rpm", "Bike", true, true, 400'000, 1'000'000});
  setup.channels.push_back({"power", "W", "", false, false, 2'000'000, 4'000'000});
  const auto lines = late_losses(station, setup);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0] ==
        "tke: \"force\" counts as lost after 4 s and not after lost_after_s = 1 s: Slow scale may be 2 s between two values");
}
