// Links run in a test: sinks that remember, and a loop that waits for a condition instead of a time.
#pragma once

#include <poll.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "plugin_link/links.hpp"
#include "support/catch.hpp"

namespace faults_test {

using namespace patella;
using namespace patella::plugin_link;

/// A crash as its signal says it; a sanitizer's own handler of signals wants to report first, and may not.
inline bool crashed_by(const std::string& text, const std::string& signal) {
#if defined(__SANITIZE_ADDRESS__)
  if (text.find("forbidden system call") != std::string::npos) return true;
#endif
  return text.find(signal) != std::string::npos;
}

inline int rounds() {
  const char* text = std::getenv("PATELLA_ROUNDS");
  return text ? std::max(1, std::atoi(text)) : 3;
}

inline HostOptions host_options() {
  HostOptions options;
  options.host_program = PATELLA_BUILD_DIR "/bin/patella-plugin-host";
  options.allow_no_device = true;
  return options;
}

inline Manifest manifest(const std::string& name, Manifest::Kind kind, int abi_minor = PATELLA_ABI_MINOR) {
  Manifest m;
  m.folder = name;
  m.library = std::string(PATELLA_BUILD_DIR "/tests/plugins/") + name + "/" + name + ".so";
  m.id = "org.patella.test." + name;
  m.name = name;
  m.version = "1.0.0";
  m.kind = kind;
  m.abi_major = 1;
  m.abi_minor = abi_minor;
  m.transport = kind == Manifest::Kind::driver ? "none" : "";
  return m;
}

inline PluginInfo described(const std::string& name, Manifest::Kind kind, int abi_minor = PATELLA_ABI_MINOR) {
  const Result<PluginInfo> info = describe(host_options().host_program, manifest(name, kind, abi_minor));
  if (!info) FAIL(info.error().text());
  return *info;
}

inline params::Values mischief_params(int mischief, int after = 20) {
  return {{"mischief", -1, static_cast<double>(mischief), {}}, {"after", -1, static_cast<double>(after), {}}};
}

struct DriverRecord final : DriverSink {
  std::vector<std::pair<LinkState, std::string>> states;
  std::vector<std::string> notices, commands;
  std::string serial, port;  ///< of the device that was opened last
  uint64_t count = 0, lost = 0, holes = 0;
  double last = 0;
  int64_t last_us = 0;
  void samples(std::span<const LinkSample> list) override {
    for (const LinkSample& sample : list) {
      if (last != 0 && sample.value != last + 1) ++holes;
      last = sample.value;
      last_us = sample.t_us;
      ++count;
    }
  }
  void state(LinkState state, const Messages& text) override { states.emplace_back(state, english(text)); }
  void notice(const Messages& text) override { notices.push_back(english(text)); }
  void identity(const std::string&, const std::string& number, const std::string& socket) override {
    serial = number;
    port = socket;
  }
  void command_done(const std::string& name, bool ok, const Messages& text) override {
    commands.push_back(name + (ok ? ":yes:" : ":no:") + english(text));
  }
  void lost_samples(uint64_t n) override { lost += n; }
  int times(LinkState wanted) const {
    return static_cast<int>(std::count_if(states.begin(), states.end(), [&](const auto& s) { return s.first == wanted; }));
  }
  std::string last_text(LinkState wanted) const {
    for (auto it = states.rbegin(); it != states.rend(); ++it)
      if (it->first == wanted) return it->second;
    return {};
  }
};

struct ModuleRecord final : ModuleSink {
  std::vector<ModuleOutput> outputs;
  std::vector<std::pair<ModuleOutput, ModuleOutput>> differences;
  std::vector<std::pair<LinkState, std::string>> states;
  void output(const ModuleOutput& output) override { outputs.push_back(output); }
  void differs(const ModuleOutput& before, const ModuleOutput& now) override { differences.emplace_back(before, now); }
  void state(LinkState state, const Messages& text) override { states.emplace_back(state, english(text)); }
};

/// Serves the links until `done` holds; false after 30 s.
template <class... Links>
bool run_until(const std::function<bool()>& done, Links&... links) {
  const SystemClock clock;
  const int64_t until_us = clock.now_us() + 30'000'000;
  while (clock.now_us() < until_us) {
    (links.service(), ...);
    if (done()) return true;
    pollfd fds[] = {{links.wait_fd(), POLLIN, 0}...};
    const int64_t next_us = std::min({until_us, links.deadline_us()...});
    poll(fds, sizeof...(links), static_cast<int>(std::clamp<int64_t>((next_us - clock.now_us()) / 1000 + 1, 0, 1000)));
  }
  return false;
}

}  // namespace faults_test
