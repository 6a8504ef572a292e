// Plugins of SDK 1.0 load, mean the same, run and replay.
#include <cstdlib>
#include <cstring>

#include "base/sentence.hpp"
#include "harness.hpp"

using namespace faults_test;

namespace {

PluginInfo plugin_of_1_0(const std::string& name, Manifest::Kind kind) { return described(name, kind, 0); }

const params::Spec& spec(const PluginInfo& info, const std::string& key) {
  const params::Spec* found = params::find(info.params, key);
  if (!found) FAIL("no parameter " + key);
  return *found;
}

/// 100 Hz: above the target from 1 s on.
std::vector<Record> stream(double seconds) {
  std::vector<Record> records{{1, 0, 0, RecordKind::action, 0, 0, PATELLA_ACTION_START}};
  for (int i = 1; i <= static_cast<int>(seconds * 100); ++i) {
    const int64_t t_us = int64_t{i} * 10'000;
    records.push_back({records.size() + 1, t_us, i < 100 ? 20.0 : 80.0, RecordKind::sample, 0, 0, 0});
    if (i % 5 == 0) records.push_back({records.size() + 1, t_us, 0, RecordKind::tick, 0, 0, 0});
  }
  return records;
}

}  // namespace

TEST_CASE("the tables of 1.0 say what they said: by the spelling of keys") {
  const PluginInfo driver = plugin_of_1_0("driver_1_0", Manifest::Kind::driver);
  CHECK(driver.manifest.abi_minor == 0);
  CHECK(spec(driver, "site_key").secret);
  CHECK(spec(driver, "line_speed").line_speed);
  CHECK(spec(driver, "range_low_n").less_than == "range_high_n");
  REQUIRE(driver.channels.size() == 1);
  CHECK(driver.channels[0].label == "Force");
  CHECK(driver.channels[0].decimals == 1);

  const PluginInfo module = plugin_of_1_0("module_1_0", Manifest::Kind::exercise);
  CHECK(spec(module, "force_low_n").less_than == "force_high_n");
  CHECK_FALSE(spec(module, "goal_s").secret);
  CHECK(std::any_of(module.metrics.begin(), module.metrics.end(),
                    [](const auto& m) { return m.key == "held_s" && m.label == "Time held" && m.for_clients; }));
  CHECK(std::any_of(module.reasons.begin(), module.reasons.end(), [](const auto& r) { return r.id == "ended_early"; }));

  // It could not say yet what the client is to do: its numbers are shown under their labels.
  CHECK(module.describes_dose);
  const auto doses = describe_doses(host_options().host_program, module, {params::defaults(module.params)});
  REQUIRE(doses);
  REQUIRE(doses->front() == std::vector<std::string>{"{\"Force, from\"}: {60 N}", "{\"Time to hold\"}: {3 s}"});
  const Messages shown = read_messages(doses->front()[0]);
  REQUIRE(shown.size() == 1);
  CHECK(english(shown[0]) == "Force, from: 60 N");
}

TEST_CASE("a driver of 1.0 runs: values, notices, commands") {
  const HostOptions options = host_options();
  const PluginInfo plugin = plugin_of_1_0("driver_1_0", Manifest::Kind::driver);
  const SystemClock clock;
  Log log{LogLevel::error};
  DriverRecord record;
  const auto link = DriverLink::make(options, plugin, {{}, params::defaults(plugin.params), {}}, clock, log, record);
  REQUIRE(run_until([&] { return record.count >= 100; }, *link));
  CHECK(record.holes == 0);
  REQUIRE_FALSE(record.notices.empty());
  CHECK(record.notices[0] == "Range to 500 N");
  REQUIRE(link->command("tare", 0));
  CHECK(run_until([&] { return record.commands == std::vector<std::string>{"tare:yes:Tared"}; }, *link));
}

TEST_CASE("a module of 1.0 runs, and replays the same") {
  const PluginInfo plugin = plugin_of_1_0("module_1_0", Manifest::Kind::exercise);
  ModuleLink::Start start;
  start.params = params::defaults(plugin.params);
  start.present = 1;
  const auto records = stream(6);
  const auto first = run_module(host_options(), plugin, start, records);
  REQUIRE(first);
  REQUIRE(first->size() == 4);
  CHECK((*first)[0].key == "held_s");
  CHECK((*first)[0].value >= 3);
  CHECK((*first)[1].event.kind == PATELLA_EVENT_HOLD);
  CHECK((*first)[1].event.counted == 1);
  CHECK((*first)[3].text == "Done");
  const auto again = run_module(host_options(), plugin, start, records);
  REQUIRE(again);
  CHECK(std::equal(first->begin(), first->end(), again->begin(), again->end(), [](const auto& a, const auto& b) {
    return a.kind == b.kind && a.after_seq == b.after_seq && a.value == b.value && a.text == b.text &&
           std::memcmp(&a.event, &b.event, sizeof a.event) == 0;
  }));
}

TEST_CASE("the conformance tool of today passes them") {
  // The driver measures without a device, so that it runs here: what is asked of one that nobody answers is not for it.
  const std::pair<const char*, const char*> plugins[] = {
      {"driver_1_0",
       " --only symbols,abi,manifest,names,parameters,channels,limits,many_lives,matches,life,wrong_order,commands"},
      {"module_1_0", ""}};
  for (const auto& [name, only] : plugins) {
    INFO(name);
    const std::string command =
        std::string(PLUGIN_CHECK " --timeout 60 " PATELLA_BUILD_DIR "/tests/plugins/") + name + "/" + name + ".so" + only;
    CHECK(std::system(command.c_str()) == 0);
  }
}
