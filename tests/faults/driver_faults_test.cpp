// Each way in which a driver can misbehave: the child is ended and started again, the kiosk and a healthy driver beside
// it notice nothing. PATELLA_ROUNDS sets how often (default 3).
#include <signal.h>

#include "harness.hpp"
#include "plugins/mischief.hpp"

using namespace faults_test;

namespace {

using namespace faults::of_driver;

struct Behaviour {
  const char* name;
  int mischief;
  std::vector<std::string> reasons;  ///< one of these is told
};

const std::vector<std::string> kForbidden = {"forbidden system call"};
const std::vector<std::string> kHangs = {"did not answer"};
const std::vector<std::string> kCorrupt = {"broke a rule"};

const std::vector<Behaviour> kBehaviours = {
    {"segv", faults::kSegv, {"signal 11"}},
    {"abort", faults::kAbort, {"abort"}},
    {"exit 0", faults::kExit, {"exit code 0"}},
    {"hang", faults::kHang, kHangs},
    {"spin", faults::kSpin, kHangs},
    {"stack overflow", faults::kStack, {"signal 11"}},
    {"leak", faults::kLeak, {"abort", "did not answer", "signal 9"}},
    {"garbage over the ring", faults::kGarbage, kCorrupt},
    {"random head", faults::kHead, kCorrupt},
    {"shrink the shared memory", faults::kShrink, kForbidden},
    {"fill the eventfd", faults::kFillEventfd, kHangs},
    {"flood of messages", faults::kFloodControl, {"did not answer", "flood of messages"}},
    {"long message", faults::kLongMessage, {"too long"}},
    {"kill the kiosk", faults::kKillParent, kForbidden},
    {"exec", faults::kExec, kForbidden},
    {"open a file", faults::kOpenFile, {"exit code 6"}},
    {"socket", faults::kSocket, kForbidden},
    {"fork", faults::kFork, kForbidden},
    {"stop itself", faults::kStop, {"did not answer", "forbidden"}},
    {"send descriptors", faults::kSendFd, {"did not answer", "flood of messages"}},
    {"close the control socket", faults::kCloseControl, {"a closed control socket", "exit code 0"}},
    {"beat in the future", faults::kFutureBeat, {"impossible heartbeat"}},
    {"write the kiosk's page", faults::kWriteKioskPage, {"exit code 9"}},
    {"flood of samples", kFlood, {"flood of samples"}},
    {"abort in create", kCreate, {"abort"}},
    {"pretend the device is gone", kFakeGone, {"exit code 70"}},
};

bool one_of(const std::string& text, const std::vector<std::string>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& part) { return crashed_by(text, part); });
}

int open_descriptors() {
  int count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

}  // namespace

TEST_CASE("each misbehaving driver is ended and started again; a healthy one beside it loses nothing") {
  const HostOptions options = host_options();
  const PluginInfo plugin = described("fault_driver", Manifest::Kind::driver);
  const SystemClock clock;
  Log log(LogLevel::error);
  DriverRecord healthy;
  const auto beside = DriverLink::make(options, plugin, {{"", ""}, mischief_params(0), {}}, clock, log, healthy);
  REQUIRE(run_until([&] { return healthy.count > 10; }, *beside));

  for (const Behaviour& behaviour : kBehaviours) {
    for (int round = 0; round < rounds(); ++round) {
      INFO(behaviour.name << ", round " << round);
      const int descriptors = open_descriptors();
      {
        DriverRecord record;
        const auto link =
            DriverLink::make(options, plugin, {{"", ""}, mischief_params(behaviour.mischief), {}}, clock, log, record);
        REQUIRE(run_until([&] { return record.times(LinkState::down) > 0; }, *beside, *link));
        INFO(record.last_text(LinkState::down));
        CHECK(one_of(record.last_text(LinkState::down), behaviour.reasons));
        // What it measured before survives, unless it never began or wrote over it.
        const int spoilt[] = {kCreate, faults::kGarbage, faults::kHead};
        if (std::find(std::begin(spoilt), std::end(spoilt), behaviour.mischief) == std::end(spoilt)) CHECK(record.count >= 20);
        if (round == 0) {
          const int before = record.times(LinkState::waiting);
          CHECK(run_until([&] { return record.times(LinkState::waiting) > before; }, *beside, *link));
        }
      }
      CHECK(open_descriptors() == descriptors);
    }
  }
  CHECK(healthy.holes == 0);
  CHECK(healthy.lost == 0);
  CHECK(healthy.times(LinkState::down) == 0);
}

TEST_CASE("exceptions and samples that break the rules cost the sample, not the driver") {
  const HostOptions options = host_options();
  const PluginInfo plugin = described("fault_driver", Manifest::Kind::driver);
  const SystemClock clock;
  Log log(LogLevel::error);
  for (const int mischief : {int{kThrow}, int{kBadSamples}}) {
    DriverRecord record;
    const auto link = DriverLink::make(options, plugin, {{"", ""}, mischief_params(mischief), {}}, clock, log, record);
    CHECK(run_until([&] { return record.count > 300 || record.times(LinkState::down) > 0; }, *link));
    INFO(mischief);
    CHECK(record.times(LinkState::down) == 0);
    CHECK(record.last < 1e6);
  }
}

TEST_CASE("four deaths within a minute: quarantine with the reason, until staff ask for another try") {
  const HostOptions options = host_options();
  const PluginInfo plugin = described("fault_driver", Manifest::Kind::driver);
  const SystemClock clock;
  Log log(LogLevel::error);
  DriverRecord record;
  const auto link = DriverLink::make(options, plugin, {{"", ""}, mischief_params(faults::kSegv), {}}, clock, log, record);
  REQUIRE(run_until([&] { return link->state() == LinkState::quarantined; }, *link));
  CHECK(record.times(LinkState::down) == 3);
  CHECK(crashed_by(record.last_text(LinkState::quarantined), "signal 11"));
  CHECK(link->child_pid() == 0);
  CHECK(link->deadline_us() == INT64_MAX);
  const uint64_t before = record.count;
  link->retry();
  CHECK(run_until([&] { return record.count > before; }, *link));
}

TEST_CASE("killed from outside: samples flow again") {
  const HostOptions options = host_options();
  const PluginInfo plugin = described("fault_driver", Manifest::Kind::driver);
  const SystemClock clock;
  Log log(LogLevel::error);
  DriverRecord record;
  const auto link = DriverLink::make(options, plugin, {{"", ""}, mischief_params(0), {}}, clock, log, record);
  REQUIRE(run_until([&] { return record.count > 50; }, *link));
  kill(link->child_pid(), SIGKILL);
  REQUIRE(run_until([&] { return record.times(LinkState::down) == 1; }, *link));
  CHECK(record.last_text(LinkState::down).find("was killed") != std::string::npos);
  const uint64_t before = record.count;
  CHECK(run_until([&] { return record.count > before + 50; }, *link));
  CHECK(record.holes == 1);  // it begins at 1 again
}

TEST_CASE("a child that stood still together with the kiosk is not blamed; one that stands still alone is") {
  const HostOptions options = host_options();
  const PluginInfo plugin = described("fault_driver", Manifest::Kind::driver);
  const SystemClock clock;
  Log log(LogLevel::error);
  DriverRecord record;
  const auto link = DriverLink::make(options, plugin, {{"", ""}, mischief_params(0), {}}, clock, log, record);
  REQUIRE(run_until([&] { return record.count > 50; }, *link));
  for (int round = 0; round < rounds(); ++round) {
    kill(link->child_pid(), SIGSTOP);
    poll(nullptr, 0, 600);  // the freeze itself: nobody runs
    kill(link->child_pid(), SIGCONT);
    const uint64_t before = record.count;
    REQUIRE(run_until([&] { return record.count > before + 50 || record.times(LinkState::down) > 0; }, *link));
    CHECK(record.times(LinkState::down) == 0);
  }
  kill(link->child_pid(), SIGSTOP);
  REQUIRE(run_until([&] { return record.times(LinkState::down) == 1; }, *link));
  CHECK(record.last_text(LinkState::down).find("did not answer") != std::string::npos);
}

TEST_CASE("commands are answered exactly once, also when the child dies first") {
  const HostOptions options = host_options();
  const PluginInfo plugin = described("fault_driver", Manifest::Kind::driver);
  const SystemClock clock;
  Log log(LogLevel::error);
  DriverRecord record;
  const auto link = DriverLink::make(options, plugin, {{"", ""}, mischief_params(0), {}}, clock, log, record);
  CHECK(!link->command("tare", 1));
  REQUIRE(run_until([&] { return record.count > 10; }, *link));
  REQUIRE(link->command("tare", 1).ok());
  REQUIRE(link->command("dance", 1).ok());
  REQUIRE(run_until([&] { return record.commands.size() == 2; }, *link));
  CHECK(record.commands[0] == "tare:yes:done");
  CHECK(record.commands[1].substr(0, 8) == "dance:no");

  DriverRecord slow;
  const auto other = DriverLink::make(options, plugin, {{"", ""}, mischief_params(kSlowCommand, 1000000), {}}, clock, log, slow);
  REQUIRE(run_until([&] { return slow.count > 10; }, *other));
  REQUIRE(other->command("tare", 1).ok());
  kill(other->child_pid(), SIGKILL);
  REQUIRE(run_until([&] { return slow.times(LinkState::down) == 1; }, *other));
  REQUIRE(slow.commands.size() == 1);
  CHECK(slow.commands[0].substr(0, 7) == "tare:no");
}

TEST_CASE("a driver that cannot work with its device says so and keeps it") {
  const HostOptions options = host_options();
  const PluginInfo plugin = described("fault_driver", Manifest::Kind::driver);
  const SystemClock clock;
  Log log(LogLevel::error);
  DriverRecord record;
  const auto link = DriverLink::make(options, plugin, {{"", ""}, mischief_params(kFailed), {}}, clock, log, record);
  REQUIRE(run_until([&] { return link->state() == LinkState::quarantined; }, *link));
  CHECK(record.last_text(LinkState::quarantined) == "The firmware is too old; update it");
  CHECK(link->child_pid() != 0);
}

TEST_CASE("a notice is told, and so is that it is over") {
  const HostOptions options = host_options();
  const PluginInfo plugin = described("fault_driver", Manifest::Kind::driver);
  const SystemClock clock;
  Log log(LogLevel::error);
  DriverRecord record;
  const auto link = DriverLink::make(options, plugin, {"", "", mischief_params(kNotice)}, clock, log, record);
  REQUIRE(run_until([&] { return record.times(LinkState::live) == 2; }, *link));
  CHECK(record.notices == std::vector<std::string>{"The battery is low"});
  CHECK(record.states.back().second == "");
}

TEST_CASE("a device that is another's is refused, and the child looks further without counting as dead") {
  const HostOptions options = host_options();
  const PluginInfo plugin = described("fault_driver", Manifest::Kind::driver);
  const SystemClock clock;
  Log log(LogLevel::error);
  DriverRecord record;
  const auto link = DriverLink::make(options, plugin, {{"", ""}, mischief_params(kNotMine), {}}, clock, log, record);
  // There is only one "port" here, so the second refusal of the same one is a fault of the driver.
  REQUIRE(run_until([&] { return record.times(LinkState::down) > 0; }, *link));
  CHECK(record.times(LinkState::waiting) == 2);
  CHECK(record.times(LinkState::live) == 2);
}

TEST_CASE("shutdown: SIGTERM ends a healthy child in good order, a hung one is killed") {
  const HostOptions options = host_options();
  const PluginInfo plugin = described("fault_driver", Manifest::Kind::driver);
  const SystemClock clock;
  Log log(LogLevel::error);
  for (const int mischief : {static_cast<int>(faults::kNone), static_cast<int>(faults::kHang)}) {
    DriverRecord record;
    auto link = DriverLink::make(options, plugin, {{"", ""}, mischief_params(mischief), {}}, clock, log, record);
    REQUIRE(run_until([&] { return record.count >= 20; }, *link));
    const int pid = link->child_pid();
    const int64_t from_us = clock.now_us();
    link.reset();
    CHECK(clock.now_us() - from_us < 5'000'000);
    CHECK((kill(pid, 0) != 0 && errno == ESRCH));
  }
}

TEST_CASE("with confinement every layer that the kernel has is on, and the child says so") {
  const HostOptions options = host_options();
  const PluginInfo plugin = described("fault_driver", Manifest::Kind::driver);
  const SystemClock clock;
  Log log(LogLevel::error);
  DriverRecord record;
  const auto link = DriverLink::make(options, plugin, {{"", ""}, mischief_params(0), {}}, clock, log, record);
  REQUIRE(run_until([&] { return record.count > 0; }, *link));
  const auto find = [&](const std::string& name) {
    for (const ConfinementLayer& layer : link->confinement())
      if (layer.name == name) return layer;
    return ConfinementLayer{};
  };
  for (const char* name : {"session", "nice", "oom_score_adj", "no_core", "rlimits", "no_capabilities", "no_new_privs",
                           "seccomp_loading", "seccomp"}) {
    INFO(name);
    CHECK(find(name).on);
  }
  CHECK((find("landlock").on || !find("landlock").text.empty()));
  const Result<std::vector<ConfinementLayer>> report = confinement_report(options);
  REQUIRE(report.ok());
  CHECK(report->size() >= link->confinement().size());
}

TEST_CASE("without confinement the seal alone protects the shared memory") {
  HostOptions options = host_options();
  options.confine = false;
  const PluginInfo plugin = described("fault_driver", Manifest::Kind::driver);
  const SystemClock clock;
  Log log(LogLevel::error);
  for (const int mischief : {static_cast<int>(faults::kShrink), static_cast<int>(faults::kWriteKioskPage)}) {
    DriverRecord record;
    const auto link = DriverLink::make(options, plugin, {{"", ""}, mischief_params(mischief), {}}, clock, log, record);
    REQUIRE(run_until([&] { return record.times(LinkState::down) > 0; }, *link));
    INFO(record.last_text(LinkState::down));
    CHECK(one_of(record.last_text(LinkState::down), {"exit code 6", "exit code 9"}));
  }
}

TEST_CASE("a driver whose plugin.toml names sensors without the parameter or the channels for them is refused") {
  const auto refused = [](Manifest manifest, std::vector<ManifestSensor> sensors) {
    manifest.sensors = std::move(sensors);
    const auto info = describe(host_options().host_program, manifest);
    return info ? "" : info.error().what;
  };
  const FoundPlugins found = find_plugins({PATELLA_BUILD_DIR "/plugins"});
  const auto ant = std::find_if(found.plugins.begin(), found.plugins.end(), [](const auto& p) { return p.folder == "ant_plus"; });
  REQUIRE(ant != found.plugins.end());
  CHECK(ant->sensors.size() == 5);
  CHECK(refused(*ant, ant->sensors) == "");
  CHECK(refused(*ant, {{121, "speed"}}).find("\"speed\", which is no whole number") != std::string::npos);
  CHECK(refused(*ant, {{120, "heart_rate"}, {121, "wheel_mm"}}).find("\"wheel_mm\"") != std::string::npos);
  const Manifest other = manifest("fault_driver", Manifest::Kind::driver);
  CHECK(refused(other, {}) == "");
  CHECK(refused(other, {{121, "mischief"}}).find("no channel \"sensor_heard\"") != std::string::npos);
}

TEST_CASE("the transport without a device needs the test switch") {
  HostOptions options = host_options();
  options.allow_no_device = false;
  const PluginInfo plugin = described("fault_driver", Manifest::Kind::driver);
  const SystemClock clock;
  Log log(LogLevel::error);
  DriverRecord record;
  const auto link = DriverLink::make(options, plugin, {{"", ""}, mischief_params(0), {}}, clock, log, record);
  REQUIRE(run_until([&] { return record.times(LinkState::down) > 0; }, *link));
  CHECK(record.last_text(LinkState::down).find("for tests only") != std::string::npos);
}
