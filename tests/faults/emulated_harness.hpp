// Links of real drivers to emulated devices: the process's one bus, and confined children that see it.
#pragma once

#include <cstdlib>
#include <memory>
#include <string>

#include "harness.hpp"
#include "mock_bus/mock_bus.hpp"

namespace faults_test {

namespace emulator = patella::emulator;

/// It outlives the tests: a process may have one only.
inline emulator::MockBus& the_bus() {
  static const std::unique_ptr<emulator::MockBus> only = [] {
    auto made = emulator::MockBus::make();
    if (!made) FAIL(made.error().text());
    setenv("LD_PRELOAD", emulator::MockBus::preload_library(), 1);  // for the children
    return std::move(*made);
  }();
  return *only;
}

inline HostOptions emulated() {
  HostOptions options = host_options();
  options.allow_no_device = false;
  options.under_umockdev = true;
  options.heartbeat_timeout_s = 2;  // each ioctl of a driver waits for another process: no hang
  return options;
}

/// A driver that is shipped.
inline PluginInfo real(const std::string& name) {
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

struct EmulatedSetup {
  emulator::MockBus& before_children = the_bus();  // they find its folder in the environment
  HostOptions options = emulated();
  SystemClock clock;
  Log log{LogLevel::warning};
  std::unique_ptr<Line> line(const std::string& driver, DriverLink::Binding binding = {}) {
    auto made = std::make_unique<Line>();
    made->link = DriverLink::make(options, real(driver), std::move(binding), clock, log, made->record);
    return made;
  }
};

}  // namespace faults_test
